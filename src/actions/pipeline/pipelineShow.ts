import * as v from "valibot";
import { findTicket } from "../../store/disk/findTicket.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { pipelineFile, understood } from "../../store/pipelines/pipelineFile.ts";
import { nextStep } from "../../ticket/pipeline/nextStep.ts";
import { type PipelineStep, pipelinePath, readRunInput } from "../../ticket/pipeline/pipeline.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { isOpenChild } from "../../ticket/rules/readiness.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "../answers/describe.ts";
import { action, text } from "../input/action.ts";
import { madeSteps } from "./advance/madeSteps.ts";
import { fileOf, type PipelineJson, pipelineJson, runsIn } from "./pipelineJson.ts";

/** How far a step of a run is. */
export interface RunStepJson {
  readonly id: string;
  /**
   * `open`: some of its tickets are; `made`: none is, and not all of them are done; `done`: it is over; `due`, `waiting`;
   * `unknown`: the file has it no more.
   */
  readonly state: "open" | "made" | "done" | "due" | "waiting" | "unknown";
  /** The tickets that it made, as they are now. */
  readonly tickets: readonly TicketJson[];
}

/** A run of a pipeline: its parent ticket, and what its steps made. */
export interface PipelineRunJson {
  readonly ticket: TicketJson;
  readonly pipeline: string;
  /** The ticket that `{{ticket}}` is, and the event that began it. */
  readonly about: string | null;
  readonly event: string | null;
  readonly set: Readonly<Record<string, string>>;
  readonly steps: readonly RunStepJson[];
  /** Why it does not go on; null where it does, or is over. */
  readonly why: string | null;
}

/** What `pipeline show` answers: one of both. */
export interface PipelineShown {
  readonly pipeline: PipelineJson | null;
  /** Of a pipeline its runs, the newest first. */
  readonly runs: readonly TicketJson[];
  readonly run: PipelineRunJson | null;
}

const MOST_RUNS = 20;

/** `ayo pipeline show <pipeline or run>`. */
export const pipelineShow = action({
  name: "pipeline show",
  summary: "Show a pipeline with its runs, or a run with the tickets of each step",
  writes: false,
  input: v.object({ what: text("a pipeline, or the id of a run") }),
  run: async (store, { what }): Promise<PipelineShown> => {
    const view = await readStore(store);
    const run = await runNamed(store, view, what);
    if (run !== undefined) return { pipeline: null, runs: [], run: await runJson(store, view, run) };
    const pipeline = await pipelineJson(store, view, fileOf(store, what));
    const runs = runsIn(view, pipeline.name).slice(0, MOST_RUNS);
    return { pipeline, runs: runs.map((one) => ticketJson(view, one)), run: null };
  },
});

/** The run that an id means; a pipeline of that name goes first. */
async function runNamed(store: Store, view: View, what: string): Promise<Ticket | undefined> {
  if (pipelineFile(store.dir, what) !== undefined) return undefined;
  const found = await findTicket(store, view, what, true).catch(() => undefined);
  return found?.fields.pipeline === undefined ? undefined : found;
}

/** A run as it is now. */
export async function runJson(store: Store, view: View, run: Ticket): Promise<PipelineRunJson> {
  const name = run.fields.pipeline ?? "";
  const file = pipelineFile(store.dir, name);
  const steps = (file === undefined ? undefined : (await understood(file)).pipeline)?.steps ?? [];
  const made = await madeSteps(store, { view }, run.id);
  const done = run.fields.pipelineSteps ?? [];
  const next = nextStep(steps, { done, made, board: view.board });
  const stateOf = (step: PipelineStep): RunStepJson["state"] => {
    const { id } = step;
    if (done.includes(id)) return stateDone(view, step, made.get(id) ?? []);
    return next.state === "due" && next.step.id === id ? "due" : "waiting";
  };
  const known = steps.map(({ id }) => id);
  const gone = [...new Set([...done, ...made.keys()])].filter((id) => !known.includes(id));
  const ticketsOf = (id: string): TicketJson[] => (made.get(id) ?? []).map((one) => ticketJson(view, one));
  const { ticket, event, set = {} } = readRunInput(run.fields.pipelineInput);
  return {
    ticket: ticketJson(view, run),
    pipeline: name,
    about: ticket ?? null,
    event: event ?? null,
    set,
    steps: [
      ...steps.map((step) => ({ id: step.id, state: stateOf(step), tickets: ticketsOf(step.id) })),
      ...gone.map((id) => ({ id, state: "unknown" as const, tickets: ticketsOf(id) })),
    ],
    why: whyItStands(view, run, steps.length),
  };
}

function stateDone({ board }: View, { does, each }: PipelineStep, tickets: readonly Ticket[]): RunStepJson["state"] {
  if (does.verb !== "create") return "done";
  if (tickets.some((ticket) => isOpenChild(board, ticket))) return "open";
  const isGone = tickets.length === 0 && each === undefined;
  return !isGone && tickets.every(({ status }) => categoryOf(board, status) === "done") ? "done" : "made";
}

function whyItStands({ board }: View, { status, fields }: Ticket, steps: number): string | null {
  const category = categoryOf(board, status);
  if (category === "blocked") return fields.blockedReason ?? "it was blocked";
  if (category !== "active") return null;
  return steps === 0 ? `${pipelinePath(fields.pipeline ?? "")} is not there, or makes no sense` : null;
}
