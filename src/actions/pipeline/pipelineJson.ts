import { AyoError } from "../../error.ts";
import type { View } from "../../store/disk/view.ts";
import { allowLine, type EffectState, judge } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";
import { pipelineApprovals } from "../../store/pipelines/pipelineEffect.ts";
import { type PipelineFile, pipelineFile, pipelineFiles, understood } from "../../store/pipelines/pipelineFile.ts";
import type { Pipeline, PipelineStep, Trigger } from "../../ticket/pipeline/pipeline.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { fieldOf, type Problem, type Ticket } from "../../ticket/ticket.ts";
import { faultsOf, soundHere } from "./pipelineFaults.ts";

/** A step, as JSON has it. */
export interface StepJson {
  readonly id: string;
  /** Where it stands in the file. */
  readonly line: number;
  readonly does: PipelineStep["does"]["verb"];
  /** Steps that have to be over before. */
  readonly deps: readonly string[];
  /** The path of the list of which it is done once for each item; null: it is done once. */
  readonly for: string | null;
}

/** A pipeline, as JSON has it. */
export interface PipelineJson {
  readonly name: string;
  readonly path: string;
  readonly about: string | null;
  /** Null: it is run by hand alone, or its file makes no sense. */
  readonly on: Trigger | null;
  readonly maxRuns: number | null;
  readonly steps: readonly StepJson[];
  /** Whether it takes effect on this machine. */
  readonly state: EffectState;
  /** The line that allows it; null where nothing is to be allowed. */
  readonly try: readonly string[] | null;
  readonly problems: readonly Problem[];
  /** Its runs: those that are open, and how many began today. */
  readonly runs: { readonly open: number; readonly today: number };
}

/** A file of pipelines/ with what it says. */
export async function pipelineJson(store: Store, view: View, file: PipelineFile): Promise<PipelineJson> {
  const { name, path, bytes } = file;
  const { pipeline } = await understood(file);
  const problems = await faultsOf(store, view, file);
  const state =
    bytes === undefined || problems.length > 0 ? "broken" : judge(pipelineApprovals(store), path, bytes).state;
  const isOpen = state === "new" || state === "changed";
  const runs = runsIn(view, name);
  const today = new Date(view.now).toISOString().slice(0, 10);
  return {
    name,
    path,
    about: pipeline?.about ?? null,
    on: pipeline?.on ?? null,
    maxRuns: pipeline?.maxRuns ?? null,
    steps: (pipeline?.steps ?? []).map(stepJson),
    state,
    try: isOpen ? allowLine(store, `pipeline.${name}`) : null,
    problems,
    runs: {
      open: runs.filter((run) => isOpenRun(view, run)).length,
      today: runs.filter((run) => fieldOf(run, "created")?.startsWith(today)).length,
    },
  };
}

function stepJson({ id, line, deps, each, does }: PipelineStep): StepJson {
  return { id, line, does: does.verb, deps, for: each ?? null };
}

/** The runs of a pipeline that are not archived, the newest first. */
export function runsIn({ tickets }: View, name: string): Ticket[] {
  const runs = tickets.filter((ticket) => fieldOf(ticket, "pipeline") === name);
  return runs.sort((one, other) => ((one.fields.created ?? "") < (other.fields.created ?? "") ? 1 : -1));
}

/** Whether a run is not over yet. */
export function isOpenRun({ board }: View, { status }: Ticket): boolean {
  const category = categoryOf(board, status);
  return category !== "done" && category !== "cancelled" && category !== "failed";
}

/** The file of a pipeline. @throws not_found with those that there are */
export function fileOf({ dir }: Store, wanted: string): PipelineFile {
  const name = wanted
    .trim()
    .replace(/^(?:pipelines\/|pipeline\.)/, "")
    .replace(/\.yml$/, "");
  const found =
    pipelineFile(dir, name) ?? pipelineFiles(dir).find((file) => file.name === name || file.path === wanted);
  if (found !== undefined) return found;
  const known = pipelineFiles(dir).map((file) => file.name);
  const there = known.length === 0 ? "pipelines/ has none" : `there are ${known.join(", ")}`;
  throw new AyoError("not_found", `there is no pipeline '${wanted}'; ${there}`, {
    try: ["ayo", "pipeline", "list"],
    data: { pipeline: wanted, known },
  });
}

/** A pipeline that takes effect here. @throws bad_pipeline, pipeline_refused */
export async function allowedHere(store: Store, file: PipelineFile): Promise<Pipeline> {
  const pipeline = await soundHere(store, file);
  const [why] = whyNotHere(store, file);
  if (why === undefined) return pipeline;
  throw new AyoError("pipeline_refused", `${why}: look at it first`, {
    try: allowLine(store, `pipeline.${file.name}`),
    data: { pipeline: file.name, state: judge(pipelineApprovals(store), file.path, file.bytes as Buffer).state },
  });
}

/** Why a pipeline takes no effect here, in a sentence; none where it does. */
export function whyNotHere(store: Store, { name, path, bytes }: PipelineFile): string[] {
  const state = bytes === undefined ? "new" : judge(pipelineApprovals(store), path, bytes).state;
  if (state === "allowed") return [];
  const why = { new: "is not allowed yet", changed: "was changed since it was allowed", denied: "was denied" }[state];
  return [`pipeline ${name} ${why} on this machine`];
}
