import type { Board } from "../rules/board.ts";
import { categoryOf } from "../rules/columns.ts";
import { isOpenChild } from "../rules/readiness.ts";
import type { Ticket } from "../ticket.ts";
import type { PipelineStep } from "./pipeline.ts";

/** What a run is at. */
export type Next =
  | { readonly state: "due"; readonly step: PipelineStep }
  /** Tickets of it are not finished. */
  | { readonly state: "waits" }
  /** A step can never be done as things are. */
  | { readonly state: "stuck"; readonly step: PipelineStep; readonly why: string; readonly isLost?: true }
  | { readonly state: "over" };

/** What has become of a run. */
export interface Progress {
  /** The steps that were done. */
  readonly done: readonly string[];
  /** The tickets that each of them made. */
  readonly made: ReadonlyMap<string, readonly Ticket[]>;
  readonly board: Board;
}

const LOST = "its ticket was deleted; unblock has it made anew";

/** Steps that were done and whose ticket somebody deleted; of those with `for` nobody knows how many they made. */
export function lostSteps(steps: readonly PipelineStep[], { done, made }: Omit<Progress, "board">): PipelineStep[] {
  return steps.filter(
    ({ id, does, each }) => done.includes(id) && does.verb === "create" && each === undefined && !made.has(id),
  );
}

/** What is next in a run: the first step whose deps are over, in the order of the file. */
export function nextStep(steps: readonly PipelineStep[], progress: Progress): Next {
  const { done, made, board } = progress;
  const [lost] = lostSteps(steps, progress);
  if (lost !== undefined) return { state: "stuck", step: lost, why: LOST, isLost: true };
  const open = steps.filter(({ id }) => !done.includes(id));
  const isOver = (id: string): boolean => whyNotOver(steps, id, progress) === undefined;
  const due = open.find(({ deps }) => deps.every((dep) => done.includes(dep) && isOver(dep)));
  if (due !== undefined) return { state: "due", step: due };
  if ([...made.values()].flat().some((ticket) => isOpenChild(board, ticket))) return { state: "waits" };
  for (const step of open) {
    const why = step.deps
      .map((dep) => (done.includes(dep) ? whyNotOver(steps, dep, progress) : undefined))
      .find(Boolean);
    if (why !== undefined) return { state: "stuck", step, why };
  }
  return { state: "over" };
}

/** Why what waits for a step that was done waits still. */
function whyNotOver(steps: readonly PipelineStep[], id: string, { made, board }: Progress): string | undefined {
  const step = steps.find((one) => one.id === id);
  if (step?.does.verb !== "create") return undefined;
  const tickets = made.get(id) ?? [];
  const open = tickets.find((ticket) => isOpenChild(board, ticket) || categoryOf(board, ticket.status) !== "done");
  return open === undefined ? undefined : `${open.id} of step ${id} is ${open.status}`;
}
