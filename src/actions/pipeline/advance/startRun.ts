import { AyoError } from "../../../error.ts";
import type { Draft } from "../../../store/change/draft.ts";
import type { Store } from "../../../store/open/store.ts";
import { begunHere, keepBegun } from "../../../store/pipelines/begun.ts";
import { type Pipeline, pipelinePath, type RunInput, runKey } from "../../../ticket/pipeline/pipeline.ts";
import { columnOf } from "../../../ticket/rules/columns.ts";
import { formatTicket } from "../../../ticket/text/formatTicket.ts";
import { fieldOf } from "../../../ticket/ticket.ts";
import { change } from "../../input/action.ts";
import { actingStore } from "./acting.ts";
import { placeOf } from "./place.ts";

/** What begins a run. */
export interface Cause {
  /** What makes the run the one that it is: no two runs of a pipeline have the same. */
  readonly key: string;
  /** When, as tickets write times: two machines write the same. */
  readonly at: string;
  readonly input: RunInput;
  readonly origin?: string | undefined;
  /** In a few words: `ticket.closed of mya-x7k2`. */
  readonly about: string;
}

/** A run that was begun, or was there. */
export interface Started {
  readonly id: string;
  readonly isNew: boolean;
  readonly notices: readonly string[];
  readonly commit: string | null;
}

/**
 * Begins a run: its parent ticket, in a commit that names what began it. A cause that began one before, on whatever
 * machine, begins no other.
 * @throws pipeline_refused where so many began today already
 */
export async function startRun(store: Store, pipeline: Pipeline, cause: Cause): Promise<Started> {
  const acting = actingStore(store, pipeline.name);
  const { result, written } = await change(acting, {}, async (draft) => {
    const put = await putRun(acting, draft, pipeline, cause);
    if (!put.isNew) return { result: put };
    const { id } = put;
    const sentence = {
      subject: `pipeline ${pipeline.name}: begin ${id}, by ${cause.about}`,
      event: "created",
      tickets: [id],
      pipeline: { step: `${pipeline.name}/${id}/begin`, trigger: cause.key },
    };
    return { result: put, sentence };
  });
  const uncounted = result.isNew ? counted(acting, pipeline.name, cause.at, result.id) : [];
  return { ...result, notices: [...written.notices, ...uncounted], commit: written.commit };
}

/** Counts a run that was begun. Returns what to tell where it cannot. */
function counted(store: Store, name: string, at: string, run: string): string[] {
  try {
    keepBegun(store, name, at.slice(0, 10), run);
    return [];
  } catch (error) {
    return [
      `run ${run} of pipeline ${name} is not counted once it is archived or deleted: ${(error as Error).message}`,
    ];
  }
}

/** Puts the parent ticket of a run, where the same cause has not begun one. @throws pipeline_refused */
export async function putRun(
  store: Store,
  draft: Draft,
  pipeline: Pipeline,
  cause: Cause,
): Promise<Pick<Started, "id" | "isNew">> {
  const once = runKey(pipeline.name, cause.key);
  const { id, state } = await placeOf(store, draft, once);
  if (state !== "free") return { id, isNew: false };
  assertWithin(store, draft, pipeline, cause.at);
  draft.put(`${id}.md`, parentText(draft, pipeline, cause, { id, once }));
  return { id, isNew: true };
}

/** How many runs of a pipeline began on the day of a time; nobody makes them fewer by archiving or deleting. */
function runsOn(store: Store, { view }: Pick<Draft, "view">, name: string, at: string): number {
  const day = at.slice(0, 10);
  const isOfDay = (created = ""): boolean => created.startsWith(day);
  const there = view.tickets.filter((one) => fieldOf(one, "pipeline") === name && isOfDay(fieldOf(one, "created")));
  return new Set([...there.map(({ id }) => id), ...begunHere(store, name, day)]).size;
}

/** @throws pipeline_refused */
function assertWithin(store: Store, draft: Draft, { name, maxRuns }: Pipeline, at: string): void {
  if (runsOn(store, draft, name, at) < maxRuns) return;
  const fact = `pipeline ${name} began ${maxRuns} runs on ${at.slice(0, 10)}, and no more on one day (max-runs)`;
  throw new AyoError("pipeline_refused", fact, { data: { pipeline: name, bound: "max-runs", most: maxRuns } });
}

function parentText(
  { view }: Draft,
  { name, about }: Pipeline,
  { at, input, origin, about: cause }: Cause,
  { id, once }: { readonly id: string; readonly once: string },
): string {
  const { board } = view;
  const ticket = view.byId.get(input.ticket ?? "");
  const of = ticket === undefined ? (input.ticket ?? "") : ticket.title;
  const title = `Run of pipeline ${name}${of === "" ? "" : `: ${of}`}`
    .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, " ")
    .slice(0, 200);
  const fields = {
    id,
    status: columnOf(board, "active").id,
    deps: [],
    links: [],
    created: at,
    type: board.types.includes("task") ? "task" : (board.types[0] as string),
    priority: 2,
    started: at,
    ...(origin === undefined ? {} : { origin }),
    pipeline: name,
    pipelineInput: JSON.stringify(input),
    once,
  };
  const body = [`Begun by ${cause}; its steps are in ${pipelinePath(name)}.`, ...(about === undefined ? [] : [about])];
  return formatTicket({ fields, title, body: body.join("\n\n") });
}
