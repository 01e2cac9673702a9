import { AyoError } from "../../error.ts";
import { configNotices } from "../disk/configFile.ts";
import { refreshIndex } from "../disk/refresh.ts";
import { type View, viewOf } from "../disk/view.ts";
import { isInHook } from "../hooks/inHook.ts";
import type { Index } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import { applyPlan, deferPlan } from "./apply.ts";
import type { Options, Outcome, Run } from "./changing.ts";
import { openDraft } from "./draft.ts";
import { commitHandEdits } from "./hand/handCommits.ts";
import { readOnce } from "./hand/readEdits.ts";
import type { HeldLock } from "./lock/lockHandover.ts";
import { planOf, releaseLapsedClaims, updateIndexAfter } from "./ownCommits.ts";
import { mergeLateWrites } from "./place/lateWrites.ts";
import { placingOf } from "./place/placeAll.ts";
import type { Applied, Plan } from "./plan.ts";
import { recover } from "./record/recover.ts";
import { hasOtherRecords } from "./record/redo.ts";
import { StartOver } from "./startOver.ts";

/** One try at a change. */
export interface Attempt<T> {
  readonly store: Store;
  readonly journal: Journal;
  readonly options: Options<T>;
  readonly heldLock: HeldLock;
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

/** A change that is refused for the half of a save is tried again. @throws StartOver */
export async function unlessSaving<T>(store: Store, saving: { since: number }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StartOver) throw error;
    saving.since = Math.min(saving.since, performance.now());
    const { awaitSave } = await import("../disk/saving.ts");
    if (!(await awaitSave(store, error, saving.since))) throw error;
    throw new StartOver("a file was being saved");
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
 * claims that ran out.
 */
async function lookAround<T>(attempt: Attempt<T>, notices: string[]): Promise<Looked> {
  const { store, journal, options, heldLock, moving } = attempt;
  const waiting = await recover(store, journal, notices);
  notices.push(...(await mergeLateWrites(placingOf(store, journal, () => !heldLock.isLost()))));
  const index = await refreshIndex(store, true);
  // Whoever lost his lock may be at a change all the same: then what stands on the disk is half of it, and no edit.
  if (hasOtherRecords(journal.stateDir, waiting)) throw new StartOver("others are at a change");
  for (const file of moving) await readOnce(store, index, file);
  if (waiting.length > 0) return { index, view: await viewOf(store, index), isWaiting: true };
  await commitHandEdits(store, journal, index, { caller: options.actor, notices });
  return lookFresh(attempt, index, notices);
}

/** As the change before left it. */
async function lookFresh<T>({ store, journal, options }: Attempt<T>, index: Index, notices: string[]): Promise<Looked> {
  const view = await releaseLapsedClaims(store, journal, index, { view: await viewOf(store, index), options, notices });
  return { index, view, isWaiting: false };
}

/** @throws StartOver when what it worked on has moved on, and everything has to be looked at again */
async function attemptOnce<T>(attempt: Attempt<T>, change: Run<T>): Promise<Made<T>> {
  const { store, journal, options } = attempt;
  const notices: string[] = [];
  const looked =
    attempt.isFresh && store.index !== undefined
      ? await lookFresh(attempt, store.index, notices)
      : await lookAround(attempt, notices);
  const { index, view, isWaiting } = looked;
  notices.push(...configNotices(index));
  const draft = openDraft(store, view, options.actor);
  const { sentence, result } = await change(draft);
  if (sentence === undefined || draft.files.size === 0) {
    return { result, notices, index, after: async () => draft.view };
  }
  const plan = planOf(draft, sentence, options, isInHook(store));
  const applied: Applied = isWaiting
    ? { state: "deferred", reason: "earlier changes wait for git" }
    : await applyPlan(store, journal, index, plan);
  const after = (): Promise<View> => viewOf(store, index);
  const common = { result, after, index, plan, applied };
  if (applied.state === "committed") {
    return { ...common, commit: applied.commit, notices: [...notices, ...applied.notices] };
  }
  const told = await defer(attempt, plan, applied.reason);
  return { ...common, deferred: applied.reason, notices: [...notices, ...told] };
}

/** The same, and what follows once the change is made. */
export async function attemptAndSettle<T>(attempt: Attempt<T>, change: Run<T>): Promise<Outcome<T>> {
  const made = await attemptOnce(attempt, change);
  const { applied, index, plan, notices, ...outcome } = made;
  const told = [...notices, ...(await settle(attempt, made))];
  const { store } = attempt;
  if (store.index !== undefined) return { ...outcome, notices: told };
  // Whoever lost the lock has not brought the index up to date, and looks again.
  return { ...outcome, after: async () => viewOf(store, await refreshIndex(store, false)), notices: told };
}

/** What follows a change that is made: it can fail, and the change cannot any more. Returns what to tell of that. */
async function settle<T>(
  { store, journal, heldLock, options }: Attempt<T>,
  { applied, index, plan, result }: Made<T>,
): Promise<readonly string[]> {
  try {
    // A cache that somebody else is at is not ours to write.
    if (heldLock.isLost()) store.index = undefined;
    else if (plan !== undefined && applied !== undefined) await updateIndexAfter(store, journal, index, plan, applied);
    options.onDone?.(result);
    return [];
  } catch (error) {
    store.index = undefined;
    return [`the change is made; what follows it failed: ${(error as Error).message}`];
  }
}

async function defer<T>(
  { store, journal, heldLock }: Attempt<T>,
  plan: Plan,
  reason: string,
): Promise<readonly string[]> {
  if (!plan.mayDefer) throw new AyoError("git_busy", `nothing was changed: ${reason}`);
  return deferPlan(store, journal, plan, () => heldLock.isLost());
}
