import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { readArchived } from "../../store/disk/archive/archive.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import { archiveOf, readFresh, readStore, type View } from "../../store/disk/view.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { occurrenceWithId } from "../../store/pipelines/news.ts";
import { type Pipeline, pipelinePath } from "../../ticket/pipeline/pipeline.ts";
import { formatTime } from "../../ticket/time.ts";
import { action, optionalText, text, type Written, writeOptions } from "../input/action.ts";
import { checkWord } from "../input/checkInput.ts";
import { advance } from "./advance/advance.ts";
import { advanceRun } from "./advance/advanceRun.ts";
import { type Cause, startRun } from "./advance/startRun.ts";
import { chainAfter, runsAbove, triggered } from "./advance/triggered.ts";
import { soundHere } from "./pipelineFaults.ts";
import { allowedHere, fileOf, whyNotHere } from "./pipelineJson.ts";
import { type PipelineRunJson, runJson } from "./pipelineShow.ts";
import type { Rehearsed } from "./rehearse.ts";

/** What `pipeline run` answers. */
export interface PipelineRan extends Written {
  readonly pipeline: string;
  /** The run; null in a dry run, and where the event begins none. */
  readonly run: PipelineRunJson | null;
  /** False where the same key, or event, began it before. */
  readonly isNew: boolean;
  /** What was done, or would be, in the words of the commits. */
  readonly did: readonly string[];
  /** In a dry run: the steps that would wait for tickets of others. */
  readonly later: readonly string[];
  /** Why the event begins no run; null where it does. */
  readonly why: string | null;
}

const KEYS = 'takes keys with texts: {"what": "logs"}';

const input = v.object({
  pipeline: text("the pipeline"),
  ticket: optionalText("what {{ticket}} is in its texts"),
  set: v.optional(
    v.pipe(
      // The keys of a list are numbers.
      v.record(v.pipe(v.string(), v.regex(/^(?!\d+$)/, KEYS)), v.string(), KEYS),
      v.description("values of {{set.KEY}}"),
    ),
  ),
  once: optionalText("a key of your own: the same key begins no second run, on any machine"),
  event: optionalText("as after this event, by the id that 'ayo watch --json' gives it"),
  as: writeOptions.as,
  dryRun: writeOptions.dryRun,
});

type Input = v.InferOutput<typeof input>;

/** `ayo pipeline run <pipeline>`: by hand, or by cron. */
export const pipelineRun = action({
  name: "pipeline run",
  summary: "Begin a run of a pipeline by hand",
  writes: true,
  input,
  run: async (store, input): Promise<PipelineRan> => {
    const file = fileOf(store, input.pipeline);
    const pipeline = input.dryRun ? await soundHere(store, file) : await allowedHere(store, file);
    const common = {
      pipeline: pipeline.name,
      isNew: false,
      did: [],
      later: [],
      notices: [],
      run: null,
      why: null,
      commit: null,
    };
    const cause = await causeOf(store, pipeline, input);
    if ("why" in cause)
      return { ...common, why: cause.why, ...(input.dryRun ? { dryRun: true as const, wouldChange: false } : {}) };
    if (input.dryRun) return { ...(await dryRun(store, pipeline, cause)), notices: whyNotHere(store, file) };
    const { id, isNew, notices, commit } = await startRun(store, pipeline, cause);
    const did = await advanceRun(store, id, async (name) => (name === pipeline.name ? pipeline : undefined));
    const told = await advance(store);
    const shown = await shownRun(store, id);
    return { ...common, commit, run: shown, isNew, did, notices: [...new Set([...notices, ...told])] };
  },
});

/** A run as it is now, archived ones too; null where it was deleted. */
async function shownRun(store: Store, id: string): Promise<PipelineRunJson | null> {
  const view = await readFresh(store);
  const archived = (await archiveOf(store, view)).find(id);
  const run = view.byId.get(id) ?? (archived && (await readArchived(store, archived.path)));
  return run === undefined ? null : runJson(store, view, run);
}

async function dryRun(store: Store, pipeline: Pipeline, cause: Cause): Promise<PipelineRan> {
  const { rehearse } = await import("./rehearse.ts");
  const { id, did, later } = await rehearse(store, pipeline, cause);
  const why = id === null ? `${cause.about} began a run of ${pipeline.name} already` : null;
  return {
    pipeline: pipeline.name,
    run: null,
    isNew: id !== null,
    did: linesOf(did),
    later,
    why,
    notices: [],
    commit: null,
    dryRun: true,
    wouldChange: id !== null,
  };
}

function linesOf(did: Rehearsed["did"]): string[] {
  return did.flatMap(({ step, did: lines }) =>
    lines.length === 0 ? [`${step}: nothing to do`] : lines.map((line) => `${step}: ${line}`),
  );
}

/** What begins the run; or why the event that was named does not. @throws bad_usage, bad_input, not_found, pipeline_refused */
async function causeOf(store: Store, pipeline: Pipeline, given: Input): Promise<Cause | { readonly why: string }> {
  const view = await readStore(store);
  if (given.event !== undefined) {
    const odd = (["ticket", "set", "once"] as const).find((key) => given[key] !== undefined);
    if (odd !== undefined)
      throw new AyoError("bad_usage", `--event and --${odd} exclude each other: an event says what a run is about`);
    return causeOfEvent(store, view, pipeline, given.event);
  }
  const actor = actorOf(given.as, store);
  const ticket = given.ticket === undefined ? undefined : await findTicket(store, view, given.ticket, false);
  const row = actor.agent ? runsAbove(view, ticket?.fields.pipelineRun) : [];
  const chain = chainAfter(row);
  const origin = ticket?.fields.origin;
  if (actor.agent && origin !== undefined && pipeline.on?.foreign !== true)
    throw new AyoError("needs_person", `${ticket?.id} came from ${origin}: only a person can run a pipeline on it`);
  const set = given.set ?? {};
  const once = given.once === undefined ? `hand/${randomUUID()}` : `once/${checkWord("once", given.once)}`;
  const words = [...(ticket === undefined ? [] : [`of ${ticket.id}`]), `by ${actor.name}`].join(" ");
  return {
    key: once,
    at: formatTime(store.host.now()),
    origin,
    about: `a run ${words}`,
    input: {
      ...(ticket === undefined ? {} : { ticket: ticket.id }),
      actor: actor.name,
      ...(actor.borrowedBy === undefined ? {} : { by: actor.borrowedBy }),
      ...(Object.keys(set).length === 0 ? {} : { set }),
      chain,
    },
  };
}

async function causeOfEvent(
  store: Store,
  view: View,
  pipeline: Pipeline,
  id: string,
): Promise<Cause | { readonly why: string }> {
  if (store.journal === undefined) throw new AyoError("not_found", "the store has no history yet");
  const occurrence = await occurrenceWithId(store, store.journal, id);
  const answer = await triggered(store, view, pipeline, occurrence);
  if ("cause" in answer) return answer.cause;
  if ("refused" in answer)
    throw new AyoError("pipeline_refused", answer.refused, { data: { pipeline: pipeline.name, bound: answer.bound } });
  return { why: `${pipelinePath(pipeline.name)}: ${answer.no}` };
}
