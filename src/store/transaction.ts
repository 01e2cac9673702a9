import { existsSync } from "node:fs";
import { AyoError } from "../error.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { absorbAll } from "./absorb.ts";
import { applyPlan, deferPlan } from "./apply.ts";
import { createJournal } from "./createJournal.ts";
import { type Draft, openDraft, StaleView } from "./draft.ts";
import type { Index } from "./entry.ts";
import { dropHold, giveHold, type Hold, takeHold } from "./hold.ts";
import { isInHook } from "./hooks/inHook.ts";
import type { Actor } from "./identity.ts";
import { exclusiveIndex } from "./indexTurns.ts";
import type { Sentence } from "./message.ts";
import { afterwards, commitHandEdits, planOf, takeBack, unlessStale } from "./ownCommits.ts";
import { placingOf } from "./placeAll.ts";
import type { Applied, Plan } from "./plan.ts";
import { readOnce } from "./readEdits.ts";
import { recover } from "./recover.ts";
import { hasOtherRecords } from "./redo.ts";
import { refreshIndex } from "./refresh.ts";
import { type Journal, prepareState, type Store } from "./store.ts";
import { type View, viewOf } from "./view.ts";

/** What a change answers: its sentence (none where nothing had to change) and its own result. */
export interface Change<T> {
  readonly sentence?: Sentence;
  readonly result: T;
}

/** How a transaction went besides its result. */
export interface Outcome<T> {
  readonly result: T;
  /** The commit that holds the change; undefined when there was nothing to commit, or it waits. */
  readonly commit?: string;
  /** Why the commit has to wait; the files are in place. */
  readonly deferred?: string;
  /** Subjects of the commits made for hand edits on the way, and what else the user should know. */
  readonly notices: readonly string[];
  /** The store after the change. */
  readonly after: () => Promise<View>;
}

/** Who changes, and under what conditions. */
export interface TransactionOptions {
  readonly actor: Actor;
  /** Runs the change and throws its files away; takes no lock and commits no hand edit. */
  readonly dryRun?: boolean;
  /** Refuse with git_busy rather than put off the commit: claims must never be in doubt. */
  readonly mustCommit?: boolean;
  /** Claims that ran out and are not to be taken back before the change: the caller's own, which it may renew. */
  readonly spares?: () => Promise<(ticket: Ticket, view: View) => boolean>;
  /**
   * Where nobody can wait for hooks: they run in the background, and this gets the notices that would have been the
   * outcome's.
   */
  readonly onPublished?: (notices: readonly string[]) => void;
}

/** `onDone` is called once the change is made, with the store's lock still held: for records that belong to it. */
type Options<T> = TransactionOptions & { readonly onDone?: (result: T) => void };

/** A change that lost this many races in a row has met a bug, not bad luck. */
const MAX_ATTEMPTS = 200;

/**
 * Makes every change on every face (design.md section 5, in the order of amendment 1): lock, recover, refresh,
 * commit hand edits, run `change`, write. `change` may run several times and must have no effect of its own.
 * Callers in one process queue. On a store that is `inside` a larger change (see parts.ts) it becomes a part of that.
 * @throws what `change` throws; store_busy, store_not_writable, disk_full, git_busy, git_unsupported
 */
export function transaction<T>(
  store: Store,
  options: Options<T>,
  change: (draft: Draft) => Promise<Change<T>> | Change<T>,
): Promise<Outcome<T>> {
  if (store.inside !== undefined) return store.inside.make(change);
  store.waiting++;
  const run = () => {
    store.waiting--;
    return options.dryRun ? rehearse(store, options, change) : perform(store, options, change);
  };
  const result = store.queue.then(run, run);
  store.queue = result.catch(() => {});
  return publishAfter(store, result, options.onPublished);
}

/** Publishes what was committed once the next transaction may begin, also where only hand edits were. */
async function publishAfter<T>(
  store: Store,
  result: Promise<Outcome<T>>,
  onPublished: TransactionOptions["onPublished"],
): Promise<Outcome<T>> {
  const told = async (): Promise<readonly string[]> => {
    if (store.owed.length === 0 || store.journal === undefined) return [];
    const { publish, publishAndWait } = await import("./publish.ts");
    if (onPublished === undefined) return publishAndWait(store, store.journal);
    void publish(store, store.journal).then(onPublished);
    return [];
  };
  const toldSafely = (): Promise<readonly string[]> =>
    told().catch((error: Error) => [`hooks did not run: ${error.message}`]);
  try {
    const outcome = await result;
    const notices = await toldSafely();
    return notices.length === 0 ? outcome : { ...outcome, notices: [...outcome.notices, ...notices] };
  } catch (error) {
    await toldSafely();
    throw error;
  }
}

type Run<T> = (draft: Draft) => Promise<Change<T>> | Change<T>;

async function rehearse<T>(store: Store, options: TransactionOptions, change: Run<T>): Promise<Outcome<T>> {
  await dropHold(store);
  const moving = new Set<string>();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    try {
      const view = await currentView(store, moving);
      const { result } = await change(openDraft(store, view, options.actor));
      return { result, notices: [], after: async () => view };
    } catch (error) {
      if (!(error instanceof StaleView)) throw error;
      moving.add(error.file);
    }
  }
  throw unsteady(moving);
}

/** A store that does not exist yet is an empty one. */
async function currentView(store: Store, moving: Iterable<string>): Promise<View> {
  if (!existsSync(store.dir)) {
    const { emptyIndex } = await import("./entry.ts");
    return viewOf(store, emptyIndex());
  }
  const index = await refreshIndex(store, false);
  // What somebody is writing is read once, and that reading is rehearsed on.
  for (const file of moving) await readOnce(store, index, file);
  return viewOf(store, index);
}

/** What to say when a file would not hold still. */
function unsteady(files: Iterable<string>): AyoError {
  const what = [...files].join(", ") || "the branch";
  return new AyoError(
    "git_busy",
    `${what} changed ${MAX_ATTEMPTS} times while the change was made: nothing was changed`,
  );
}

async function perform<T>(store: Store, options: Options<T>, change: Run<T>): Promise<Outcome<T>> {
  // A change that is refused leaves no new store behind.
  if (store.journal === undefined) await rehearse(store, options, change);
  const journal = store.journal ?? (await createJournal(store));
  store.journal = journal;
  prepareState(journal);
  const moving = new Set<string>();
  const saving = { since: Number.POSITIVE_INFINITY };
  let { hold, isFresh } = await takeHold(store, journal);
  let mayGoOn = false;
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (hold.isLost()) {
        // Somebody took it over while this process stood still.
        store.index = undefined;
        await hold.release();
        ({ hold, isFresh } = await takeHold(store, journal));
      }
      const now: Attempt<T> = { store, journal, options, hold, isFresh, moving };
      isFresh = false;
      const made = await unlessSaving(store, saving, () => exclusiveIndex(store, () => attemptAndSettle(now, change)));
      if (made === undefined) continue;
      mayGoOn = made.commit !== undefined && !hold.isLost();
      return made;
    }
  } finally {
    if (store.owed.length > 0) (await import("./publish.ts")).rememberTickets(store);
    await giveHold(store, hold, mayGoOn);
  }
  throw unsteady(moving);
}

/** One try at a change. */
interface Attempt<T> {
  readonly store: Store;
  readonly journal: Journal;
  readonly options: Options<T>;
  readonly hold: Hold;
  /** Nobody else can have written a commit of ours since the index was brought up to date. */
  readonly isFresh: boolean;
  /** Files that somebody changed under an earlier try. */
  readonly moving: Set<string>;
}

/** A change that was made, and what remains to be done about it. */
interface Made<T> extends Outcome<T> {
  readonly index: Index;
  /** Undefined where there was nothing to change. */
  readonly plan?: Plan | undefined;
  readonly applied?: Applied | undefined;
}

/** A change that is refused for the half of a save is tried again. */
async function unlessSaving<T>(
  store: Store,
  saving: { since: number },
  work: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    saving.since = Math.min(saving.since, performance.now());
    const { awaitSave } = await import("./saving.ts");
    if (!(await awaitSave(store, error, saving.since))) throw error;
    return undefined;
  }
}

/** What a try works on. */
interface Looked {
  readonly index: Index;
  readonly view: View;
  /** Records that wait for git. */
  readonly isWaiting: boolean;
}

/**
 * Brings everything up to date before the change: recovery, what was still written to replaced files, hand edits,
 * claims that ran out. Undefined when it has to be looked at again.
 */
async function lookAround<T>(attempt: Attempt<T>, notices: string[]): Promise<Looked | undefined> {
  const { store, journal, options, hold, moving } = attempt;
  const waiting = await recover(store, journal, notices);
  notices.push(...(await absorbAll(placingOf(store, journal, () => !hold.isLost()))));
  const index = await refreshIndex(store, true);
  // Whoever lost his lock may be at a change all the same: then what stands on the disk is half of it, and no edit.
  if (hasOtherRecords(journal.stateDir, waiting)) return undefined;
  for (const file of moving) await readOnce(store, index, file);
  if (waiting.length > 0) return { index, view: await viewOf(store, index), isWaiting: true };
  if (!(await commitHandEdits(store, journal, index, notices))) return undefined;
  const view = await takeBack(store, journal, index, { view: await viewOf(store, index), options, notices });
  return view === undefined ? undefined : { index, view, isWaiting: false };
}

/** As the change before left it. */
async function lookFresh<T>({ store, journal, options }: Attempt<T>, index: Index, notices: string[]) {
  const view = await takeBack(store, journal, index, { view: await viewOf(store, index), options, notices });
  return view === undefined ? undefined : { index, view, isWaiting: false };
}

/** Returns undefined when what it worked on has moved on, and everything has to be looked at again. */
async function attemptOnce<T>(attempt: Attempt<T>, change: Run<T>): Promise<Made<T> | undefined> {
  const { store, journal, options, moving } = attempt;
  const notices: string[] = [];
  const looked =
    attempt.isFresh && store.index !== undefined
      ? await lookFresh(attempt, store.index, notices)
      : await lookAround(attempt, notices);
  if (looked === undefined) return undefined;
  const { index, view, isWaiting } = looked;
  const draft = openDraft(store, view, options.actor);
  const answer = await unlessStale(async () => change(draft), moving);
  if (answer === "stale") return undefined;
  const { sentence, result } = answer;
  if (sentence === undefined || draft.files.size === 0) {
    return { result, notices, index, after: async () => draft.view };
  }
  const plan = planOf(draft, sentence, options, isInHook(store));
  const applied: Applied = isWaiting
    ? { state: "deferred", reason: "earlier changes wait for git" }
    : await applyPlan(store, journal, index, plan);
  if (applied.state === "moved") return undefined;
  const after = (): Promise<View> => viewOf(store, index);
  const common = { result, after, index, plan, applied };
  if (applied.state === "committed") {
    return { ...common, commit: applied.commit, notices: [...notices, ...applied.notices] };
  }
  const told = await defer(store, journal, plan, applied.reason);
  return { ...common, deferred: applied.reason, notices: [...notices, ...told] };
}

/** The same, and what follows once the change is made. */
async function attemptAndSettle<T>(attempt: Attempt<T>, change: Run<T>): Promise<Outcome<T> | undefined> {
  const made = await attemptOnce(attempt, change);
  if (made === undefined) return undefined;
  const { applied, index, plan, notices, ...outcome } = made;
  return { ...outcome, notices: [...notices, ...(await settle(attempt, made))] };
}

/** What follows a change that is made: it can fail, and the change cannot any more. Returns what to tell of that. */
async function settle<T>(
  { store, journal, hold, options }: Attempt<T>,
  { applied, index, plan, result }: Made<T>,
): Promise<readonly string[]> {
  try {
    // A cache that somebody else is at is not ours to write.
    if (hold.isLost()) store.index = undefined;
    else if (plan !== undefined && applied !== undefined) await afterwards(store, journal, index, plan, applied);
    options.onDone?.(result);
    return [];
  } catch (error) {
    store.index = undefined;
    return [`the change is made; what follows it failed: ${(error as Error).message}`];
  }
}

async function defer(store: Store, journal: Journal, plan: Plan, reason: string): Promise<readonly string[]> {
  if (!plan.mayDefer) throw new AyoError("git_busy", `nothing was changed: ${reason}`);
  return deferPlan(store, journal, plan);
}
