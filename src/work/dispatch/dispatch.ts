import { foldersOf } from "../../actions/lifecycle/claims/wait.ts";
import { AyoError } from "../../error.ts";
import { watchFolders } from "../../store/disk/folderWatcher.ts";
import type { View } from "../../store/disk/view.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import { type Actor, actorOf, isInRun } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { claimSurely } from "../../store/open/syncFolder.ts";
import { doubtsIn } from "../../store/verify/doubts.ts";
import type { Control } from "../../store/watch/control.ts";
import { adoptRuns } from "../run/adoptRuns.ts";
import type { LiveRun } from "../run/liveRun.ts";
import { tellNotes } from "../run/talk.ts";
import type { Work, WorkNews } from "../work.ts";
import { adoptTries } from "./adoptTries.ts";
import { clockSetSince } from "./clockSet.ts";
import { giveBackOthers } from "./giveBack.ts";
import { branchFolders, landingWatch } from "./landing.ts";
import { isHopeless, judgeTicket, lookAfter } from "./lookAfter.ts";
import { agentsNow } from "./readiness.ts";
import { keeper, reader } from "./reading.ts";
import { type Round, startAll } from "./startAll.ts";
import { Starts } from "./starts.ts";
import { tidier } from "./tidy.ts";
import { Tries } from "./tries.ts";

/** How a dispatcher works. */
export interface DispatchOptions {
  /** Only this agent's. */
  readonly agent?: string | undefined;
  /** How many runs at once, of all agents. */
  readonly most: number;
  /** One round: starts what can be started, and waits for it. */
  readonly once: boolean;
  /** Claims count though no other machine has heard of them. */
  readonly offline: boolean;
  readonly ayo: readonly string[];
}

/** What came of it. */
export interface Dispatched {
  readonly started: number;
  readonly failed: number;
  /** Runs whose programs go on without a dispatcher. */
  readonly left: number;
}

/** How often programs' output is looked at, while there are any. In milliseconds, like all here. */
const TICK_MS = 250;
/** A burst of changes is looked at once. */
const CALM_MS = 20;
/** How often everything is looked at though nothing was told. */
const LOOK_MS = 60_000;
/** A store that cannot be read is read again after so long. */
const AGAIN_MS = 2_000;

/**
 * Starts agents' programs for the tickets that are theirs, and looks after them, until it is stopped: then the programs
 * go on, and the next dispatcher takes them over.
 * @throws needs_person inside a run and for agents, bad_config, store_not_writable
 */
export async function dispatch(
  store: Store,
  options: DispatchOptions,
  control: Control,
  tell: (news: WorkNews) => void,
): Promise<Dispatched> {
  const person = personAtWork(store);
  if (!options.offline) claimSurely(store);
  const stop = new AbortController();
  const work: Work = {
    store,
    stopping: stop.signal,
    person,
    ayo: options.ayo,
    runs: new Set(),
    tell: (news) => tell({ at: new Date(store.host.now()).toISOString(), ...news }),
    wake: control.wake,
  };
  const changes = new Changes();
  const onChange = (): void => {
    changes.note();
    control.wake();
  };
  const watcher = await watchFolders([...foldersOf(store), ...branchFolders(store)], { onChange, onFailure: () => {} });
  try {
    return await loop(work, options, control, changes);
  } finally {
    stop.abort();
    await watcher.close();
  }
}

/** @throws needs_person: what an agent starts would spend without end */
export function personAtWork(store: Store): Actor {
  const actor = actorOf(undefined, store);
  if (isInRun(store.host)) throw new AyoError("needs_person", "inside a run of an agent no other agents are started");
  if (actor.agent) throw new AyoError("needs_person", `you are ${actor.name}: only a person starts agents`);
  return actor;
}

/** What has a dispatcher look at the store, and not at its runs alone. */
class Changes {
  #isDirty = true;
  #lookAt = 0;

  /** Something of the store has changed. */
  readonly note = (): void => {
    this.#isDirty = true;
  };

  /** When to look, though nothing was told. */
  get nextAt(): number {
    return this.#lookAt;
  }

  /** Looks again after a while, whatever happens. */
  again(afterMs: number): void {
    this.#lookAt = Math.min(this.#lookAt, performance.now() + afterMs);
  }

  /** Whether to look now; whoever asks does. */
  take(): boolean {
    const isDue = this.#isDirty || performance.now() >= this.#lookAt;
    if (isDue) this.#lookAt = performance.now() + LOOK_MS;
    this.#isDirty = false;
    return isDue;
  }
}

async function loop(work: Work, options: DispatchOptions, control: Control, changes: Changes): Promise<Dispatched> {
  const tries = new Tries(Number(work.store.host.env.AYO_RETRY_MS) || undefined);
  // A place that is free again is a change too.
  const starts = new Starts(work, changes.note);
  const look = looker(work, { options, tries, starts }, changes);
  const isClockSet = clockSetSince(work.store.host);
  let failed = 0;
  while (!control.stopped) {
    // By the new time the claims may have run out.
    if (isClockSet()) for (const run of work.runs) run.renewedAt = Number.NEGATIVE_INFINITY;
    for (const run of work.runs) lookAfter(work, run);
    const ended = finishEnded(work, tries);
    failed += ended.failed;
    if (changes.take() || ended.count > 0 || tries.isDue) await look();
    if (options.once && isQuiet(work, starts, tries)) break;
    await rest(work, control, Math.min(changes.nextAt, tries.nextAt));
  }
  await starts.settled();
  return {
    started: starts.count,
    failed: failed + hopeless(work) + starts.refused + starts.unready.size + (await brokenIn(work)),
    left: work.runs.size,
  };
}

/** Whether agents.yml is such that nobody at all is started, which no ticket needs to tell. */
async function brokenIn({ store }: Work): Promise<number> {
  return (await readAgents(store)).problems.length > 0 ? 1 : 0;
}

/** How many runs there are whose end cannot be written down. */
function hopeless({ runs }: Work): number {
  return [...runs].filter(isHopeless).length;
}

/** Looks at the store: at the tickets of its runs, and at what can be started; now and then at what others left. */
function looker(work: Work, round: Omit<Round, "onlyAgain" | "doubts">, changes: Changes): () => Promise<void> {
  const { once } = round.options;
  const tidy = tidier(work);
  const readOnce = reader(work);
  const hasLanded = landingWatch(work);
  const read = async (orThrow: boolean): Promise<View | undefined> => {
    const view = await readOnce(orThrow);
    return view !== undefined && (await hasLanded(view)) ? readOnce(orThrow) : view;
  };
  const keep = keeper(work);
  let [adoptAt, isFirst] = [0, true];
  return async () => {
    const agents = await agentsNow(work.store);
    keep(agents);
    const isDue = performance.now() >= adoptAt;
    if (isDue) await adoptRuns(work, agents.config);
    const view = await read(once || isFirst);
    if (view === undefined) return changes.again(AGAIN_MS);
    if (isDue) {
      adoptTries(work, view, round.tries);
      await tidy(view, agents.config);
      adoptAt = performance.now() + LOOK_MS;
    }
    for (const run of work.runs) {
      judgeTicket(view, run);
      tellNotes(work, view, run);
    }
    await giveBackOthers(work, view, round.tries);
    if ([...work.runs].some(({ goneSince }) => goneSince !== undefined)) changes.again(AGAIN_MS / 2);
    const doubts = await doubtsIn(work.store, view);
    startAll(work, view, agents, { ...round, doubts, onlyAgain: once && !isFirst });
    isFirst = false;
  };
}

function isQuiet({ runs }: Work, starts: Starts, tries: Tries): boolean {
  return [...runs].every(isHopeless) && starts.pending === 0 && !tries.isWaiting;
}

/** Forgets the runs that are over, and has those tried again that are worth it. */
function finishEnded({ runs }: Work, tries: Tries): { readonly count: number; readonly failed: number } {
  let [count, failed] = [0, 0];
  for (const run of runs) {
    if (run.record.state !== "ended") continue;
    runs.delete(run);
    count++;
    if (run.record.isTriedAgain) tries.add(run.record);
    else if (run.record.outcome === "failed" || run.record.outcome === "lost") failed++;
  }
  return { count, failed };
}

/** Waits until something happens: a change of the store, the end of a program, or time to look at what they print. */
async function rest({ runs, wake }: Work, control: Control, until: number): Promise<void> {
  for (const run of runs) wakeAtEnd(run, wake);
  const limit = runs.size === 0 ? until - performance.now() : TICK_MS;
  await control.wait(Math.max(1, limit));
  await new Promise((resolve) => setTimeout(resolve, CALM_MS));
}

const heard = new WeakSet<LiveRun>();

function wakeAtEnd(run: LiveRun, wake: () => void): void {
  if (run.ending !== undefined) void run.ending.then(wake, wake);
  if (heard.has(run)) return;
  heard.add(run);
  run.child?.once("exit", wake);
}
