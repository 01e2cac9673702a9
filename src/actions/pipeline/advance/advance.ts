import { AyoError } from "../../../error.ts";
import { readFresh } from "../../../store/disk/view.ts";
import { keep, kept, runtimeKey } from "../../../store/open/runtime.ts";
import type { Journal, Store } from "../../../store/open/store.ts";
import { forgetMissed, keepMissed, missedOf } from "../../../store/pipelines/missed.ts";
import { isUpToDate, type News, newsSince, occurrenceWithId } from "../../../store/pipelines/news.ts";
import type { Occurrence } from "../../../store/pipelines/occurrences.ts";
import { standingPipelines } from "../../../store/pipelines/standing.ts";
import { keepTrouble } from "../../../store/pipelines/troubles.ts";
import { type Pipeline, pipelinePath } from "../../../ticket/pipeline/pipeline.ts";
import { type AllowedPipeline, allowedPipeline, allowedPipelines, stillPipelines } from "./allowedPipelines.ts";
import { isTransient } from "./transient.ts";

/** What pipelines do is looked at again, as what others do; more rounds than chains are long have met a bug. */
const MAX_ROUNDS = 200;

const ADVANCING = runtimeKey<Promise<unknown>>("advancing pipelines", () => Promise.resolve());

/**
 * Acts on everything that happened since this machine last did: begins runs, and goes on with those whose tickets were
 * touched. It may end anywhere and begin again: each run and each ticket is made once, whoever makes it. Calls of one
 * process queue. Returns what to tell, and never throws: the change before it is made.
 */
export function advance(store: Store): Promise<readonly string[]> {
  const result = kept(store, ADVANCING).then(() => advanceSafely(store));
  keep(store, ADVANCING, result);
  return result;
}

async function advanceSafely(store: Store): Promise<readonly string[]> {
  const told = new Set<string>();
  try {
    if (store.journal !== undefined) await advanceAll(store, store.journal, told);
  } catch (error) {
    told.add(`pipelines did not go on, and the next command tries again: ${(error as Error).message}`);
  }
  return [...told];
}

async function advanceAll(store: Store, journal: Journal, told: Set<string>): Promise<void> {
  if (missedOf(store).length > 0) await catchUp(store, journal, told);
  for (let round = 0; round < MAX_ROUNDS && !isUpToDate(journal); round++) {
    const pipelines = [...allowedPipelines(store), ...stillPipelines(store)];
    const [first] = pipelines.map(({ since }) => since).sort();
    // What happens before one is allowed is not acted on: 'allow' says from where.
    if (first === undefined) return;
    const news = await newsSince(store, journal, first, (names) => pipelines.some(({ mayHear }) => mayHear(names)));
    const begun = await beginAll(store, pipelines, news, told);
    const isAll = await goOnWith(store, new Set([...news.touched, ...begun]), told);
    // What did not go on is looked at again by the next command.
    if (!isAll) return;
    news.settle();
  }
}

/** Goes on with runs, each for itself; answers whether all that can be done now was done. */
async function goOnWith(store: Store, runs: ReadonlySet<string>, told: Set<string>): Promise<boolean> {
  // Most changes are about no run: what goes on with one is not loaded for them.
  if (runs.size === 0) return true;
  const { advanceRun } = await import("./advanceRun.ts");
  let isAll = true;
  for (const id of runs) {
    try {
      for (const line of await advanceRun(store, id, (name) => findFor(store, id, name))) told.add(line);
    } catch (error) {
      const text = `run ${id} of a pipeline did not go on: ${(error as Error).message}`;
      if (isTransient(error)) {
        isAll = false;
        told.add(`${text}; the next command tries again`);
      } else tell(store, told, { key: `run ${id}`, pipeline: id, text });
    }
  }
  return isAll;
}

/** The pipeline of a run; of one that stands still the run is kept for when it does not. */
async function findFor(store: Store, run: string, name: string): Promise<Pipeline | undefined> {
  const found = allowedPipeline(store, name);
  if (found === undefined && standingPipelines(store).some((one) => one.name === name))
    keepMissed(store, { pipeline: name, event: `${RUN}${run}` });
  return found?.read();
}

/** Pipelines whose files are again as they were allowed act on what they missed, and go on with their runs. */
async function catchUp(store: Store, journal: Journal, told: Set<string>): Promise<void> {
  for (const allowed of allowedPipelines(store)) {
    const missed = missedOf(store).filter(({ pipeline }) => pipeline === allowed.name);
    if (missed.length === 0) continue;
    const runs = missed.flatMap(({ event }) => (event.startsWith(RUN) ? [event.slice(RUN.length)] : []));
    for (const { event } of missed) {
      const one = event.startsWith(RUN) ? undefined : await occurrenceOr(store, journal, event, told);
      if (one !== undefined && one.event.at >= allowed.since) await begin(store, allowed, one, told);
    }
    if (await goOnWith(store, new Set(runs), told)) forgetMissed(store, allowed.name);
  }
}

const RUN = "run:";

/** An event that was missed; undefined where the branch was written anew and does not have it any more. */
async function occurrenceOr(
  store: Store,
  journal: Journal,
  id: string,
  told: Set<string>,
): Promise<Occurrence | undefined> {
  try {
    return await occurrenceWithId(store, journal, id);
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "not_found") throw error;
    told.add(`what a pipeline missed is gone: ${error.message}`);
    return undefined;
  }
}

/** Begins what the news begin; answers with the ids of the runs. */
async function beginAll(
  store: Store,
  pipelines: readonly AllowedPipeline[],
  { occurrences, isActedOn }: News,
  told: Set<string>,
): Promise<string[]> {
  const runs: string[] = [];
  for (const one of occurrences) {
    for (const allowed of pipelines) {
      const isOld = one.event.at < allowed.since || isActedOn(allowed.name, one.key);
      const run = isOld ? undefined : await begin(store, allowed, one, told);
      if (run !== undefined) runs.push(run);
    }
  }
  return runs;
}

/** Begins the run that something begins; answers with its id. */
async function begin(
  store: Store,
  { name, mayHear, read, still }: AllowedPipeline,
  one: Occurrence,
  told: Set<string>,
): Promise<string | undefined> {
  try {
    const pipeline = mayHear(one.names) ? await read() : undefined;
    if (pipeline?.on?.events.some((event) => one.names.includes(event)) !== true) return undefined;
    const [{ triggered }, { startRun }] = await Promise.all([import("./triggered.ts"), import("./startRun.ts")]);
    const answer = await triggered(store, await readFresh(store), pipeline, one);
    if ("refused" in answer) tell(store, told, { key: `${name} ${one.key}`, pipeline: name, text: answer.refused });
    if (!("cause" in answer)) return undefined;
    if (still !== undefined) return miss(store, told, { pipeline: name, still }, one);
    const { id, isNew, notices } = await startRun(store, pipeline, answer.cause);
    if (isNew) told.add(`pipeline ${name}: begin ${id}, by ${answer.cause.about}`);
    for (const notice of notices) told.add(notice);
    return id;
  } catch (error) {
    if (isTransient(error)) throw error;
    tell(store, told, troubleOf(error as Error, name, one));
    return undefined;
  }
}

/** What a pipeline does not act on because its file is another is told once a day, and kept for when it is as it was. */
function miss(
  store: Store,
  told: Set<string>,
  { pipeline, still }: { readonly pipeline: string; readonly still: string },
  { event }: Occurrence,
): undefined {
  const isKept = keepMissed(store, { pipeline, event: event.id });
  const then = isKept
    ? "it acts on what it misses once the file is again as it was allowed"
    : "and it misses so much that this is not kept: ayo pipeline run --event has it act on it";
  const text = `${still}: ${event.event} of ${event.ticket.id} began no run; ${then}`;
  tell(store, told, { key: `${pipeline} ${event.at.slice(0, 10)} still ${isKept}`, pipeline, text });
}

interface Told {
  readonly key: string;
  readonly pipeline: string;
  readonly text: string;
  /** It is counted. */
  readonly more?: number;
}

/** A bound is told once a day. */
function troubleOf(error: Error, pipeline: string, { event, key }: Occurrence): Told {
  const { message } = error;
  if (!(error instanceof AyoError) || error.code !== "pipeline_refused") {
    return { key: `${pipeline} ${key}`, pipeline, text: `${pipelinePath(pipeline)}: ${message}` };
  }
  const text = `${message}: ${event.event} of ${event.ticket.id} began none`;
  return { key: `${pipeline} ${event.at.slice(0, 10)}`, pipeline, text, more: 0 };
}

/** Tells it now and in inboxes, once. */
function tell(store: Store, told: Set<string>, trouble: Told): void {
  try {
    if (keepTrouble(store, { ...trouble, at: store.host.now() })) told.add(trouble.text);
  } catch (error) {
    told.add(`${trouble.text}; inboxes will not say so: ${(error as Error).message}`);
  }
}
