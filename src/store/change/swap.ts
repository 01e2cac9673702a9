import { existsSync } from "node:fs";
import path from "node:path";
import { syncFoldersTogether } from "../../git/disk/flush.ts";
import { indexChecksum } from "../../git/index/indexFile.ts";
import { dropIndexLock, lockIndex, showIndex } from "../../git/index/indexLock.ts";
import { readHead, swapRef } from "../../git/refs/refs.ts";
import { BULK } from "../files/stage.ts";
import { foldersOf } from "../files/storePaths.ts";
import { noteCommit } from "../hooks/noteCommit.ts";
import { placeTogether } from "../open/indexTurns.ts";
import { inRepository, type Journal, type Store } from "../open/store.ts";
import { placeAll, placingOf } from "./place/placeAll.ts";
import { rememberIndex } from "./place/staleIndex.ts";
import type { Applied, Plan, Step } from "./plan.ts";
import { type Attempt, type Prepared, prepare, prepareAgain, recordOf } from "./prepareSwap.ts";
import { dropRecord, writeRecord } from "./record/redo.ts";
import { tokensOf } from "./record/tokens.ts";
import { boxIn, noteDone } from "./requests/box.ts";
import { StartOver } from "./startOver.ts";

/** How long a foreign lock is waited for before the commit is deferred. In milliseconds. */
export const FOREIGN_LOCK_MS = 1_000;
/** No look at the lock takes longer: the rest of the time this process stood still. In milliseconds. */
const LOOK_MS = 100;

/**
 * Moves the branch to a commit that was built and puts its files in place: redo record, index.lock, branch by
 * compare-and-swap, files, index, record gone. After `deferred` and StartOver nothing was changed; once the branch
 * has moved nothing is refused any more, and what could not be finished is left to the record.
 *
 * A process may be stopped between any two of its steps, and another may take its lock over and finish or forget its
 * change (recover.ts). So each step that shows is a rename of a file that only this change has: whoever forgets the
 * change removes the ref's new value first, whoever finishes it takes the index and removes what is staged, and then
 * there is nothing left to rename.
 * @throws StartOver, disk_full, store_not_writable
 */
export async function swap(store: Store, journal: Journal, plan: Plan, attempt: Attempt): Promise<Applied> {
  let prepared = await prepare(store, journal, plan, attempt);
  for (let waited = 0; ; ) {
    // Whoever takes his request back does so first, and looks for records then.
    if (attempt.steps.some((step) => step.store.host.request?.isWanted() === false)) {
      dropRecord(prepared.record);
      throw new StartOver("a request was taken back");
    }
    const swapped = trySwap(journal, plan, { ...attempt, ...prepared });
    if (swapped === "ok") return finish(store, journal, plan, { ...attempt, ...prepared });
    if (swapped === "moved" || waited > FOREIGN_LOCK_MS) return giveUp(prepared, swapped);
    waited += await waitForLock();
    // Whoever had the lock may have written another index, or forgotten our change.
    if (!existsSync(prepared.record)) throw new StartOver("others took the store's lock over");
    prepared = await prepareAgain(store, journal, plan, attempt, prepared);
  }
}

/** Leaves no record. An index that others have written meanwhile, however often, is no lock of theirs. @throws StartOver */
function giveUp({ record }: Prepared, why: "moved" | "locked" | "stale"): Applied {
  dropRecord(record);
  if (why !== "locked") throw new StartOver("the branch or git's index moved on");
  return { state: "deferred", reason: "git is locked by another process" };
}

/** Returns how long it was. What goes by while this process stands still is no waiting: the lock may be free since. */
async function waitForLock(): Promise<number> {
  const since = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 20));
  return Math.min(performance.now() - since, LOOK_MS);
}

/** Takes both locks and moves the branch; changes nothing unless it answers `ok`. `stale`: the index is another one. */
function trySwap(journal: Journal, plan: Plan, attempt: Attempt & Prepared): "ok" | "moved" | "locked" | "stale" {
  const { repository } = journal;
  const { ref, base, oid, newIndex, oldIndex, token } = attempt;
  const tokens = tokensOf(journal, token);
  if (!lockIndex(repository, newIndex, tokens.index)) return "locked";
  // What somebody staged between our look at the index and our lock must not be lost; and what a checkout wrote
  // meanwhile is no edit by hand.
  const isStale = indexChecksum(repository) !== oldIndex;
  if ((isStale && plan.inPlace) || readHead(repository).ref !== ref) {
    dropIndexLock(repository, newIndex.subarray(-20));
    return "moved";
  }
  // What goes wrong with the index once the branch has moved is seen to when the change is finished.
  const onMoved = (): void => void attemptTo(() => showIndex(repository, tokens.index));
  const logged = ({ committer, plan }: Step) => ({ ...committer, message: plan.sentence.subject });
  const through = attempt.steps.slice(0, -1).map((step) => ({ to: step.commit, reflog: logged(step) }));
  const last = logged(attempt.steps.at(-1) as Step);
  const options = { reflog: last, through, unsynced: true, onMoved, temporary: tokens.ref };
  const swapped = isStale ? "stale" : swapRef(repository, ref, base, oid, options);
  if (swapped !== "ok") dropIndexLock(repository, newIndex.subarray(-20));
  return swapped;
}

/** The branch has moved: what follows is finished by the record if not by us, and is no failure of the change. */
async function finish(store: Store, journal: Journal, plan: Plan, attempt: Attempt & Prepared): Promise<Applied> {
  const notices: string[] = [];
  try {
    notices.push(...(await finishNow(store, journal, plan, attempt)));
  } catch (error) {
    notices.push(`the change is made, and the next command finishes it: ${(error as Error).message}`);
  }
  const commits = attempt.steps.map(({ commit }) => commit);
  return { state: "committed", commit: attempt.oid, commits, blobs: attempt.blobs, notices };
}

async function finishNow(
  store: Store,
  journal: Journal,
  plan: Plan,
  attempt: Attempt & Prepared,
): Promise<readonly string[]> {
  const { repository } = journal;
  const { record, token, newIndex } = attempt;
  const folders = [path.dirname(path.join(repository.commonDir, attempt.ref)), repository.gitDir];
  const notices: string[] = [];
  // No waiting in here: whoever wants git's lock waits for us.
  if (!plan.inPlace) {
    const placing = placingOf(store, journal, () => existsSync(record), {
      bases: plan.bases,
      committed: new Set(plan.before.values()),
    });
    const before = (file: string): string | null => plan.before.get(file) ?? null;
    notices.push(...(await placeTogether(store, () => placeAll(placing, attempt.staged, before))));
    folders.push(...foldersOf(store.dir, plan.files.keys()));
  }
  showIndex(repository, tokensOf(journal, token).index);
  await syncFoldersTogether(folders);
  // Not sooner: a `git commit` that has read the index from before our change takes the lock a moment after that, and
  // would write that index, so that the commit after it takes our change back. While we have the lock git refuses.
  dropIndexLock(repository, newIndex.subarray(-20));
  const checksum = newIndex.subarray(-20).toString("hex");
  rememberIndex(journal, checksum, changedBlobs(journal, plan, attempt), store.host.now());
  for (const step of attempt.steps) {
    const { request } = step.store.host;
    // Whoever has finished this by its record has noted it too, and whoever asked may have read and forgotten that.
    if (request !== undefined && existsSync(record)) noteDone(boxIn(journal.stateDir), request.name, step.commit);
  }
  for (const step of attempt.steps) if (!step.plan.quiet) await noteCommit(step.store, journal, step.commit);
  if (plan.files.size <= BULK || plan.inPlace) dropRecord(record);
  else if (existsSync(record)) {
    const settling = recordOf(plan, attempt, { newIndex, token }, store.host.now());
    writeRecord(journal.stateDir, { ...settling, state: "settling" }, store.host.pid, record);
  }
  return notices;
}

/** What a change does to the index of an own repository, where versions are what git has. */
function changedBlobs(journal: Journal, plan: Plan, { blobs }: Attempt) {
  const paths: Record<string, readonly [string | null, string | null]> = {};
  for (const file of plan.files.keys()) {
    const full = inRepository(journal, file);
    paths[full] = [plan.before.get(file) ?? null, blobs.get(full) ?? null];
  }
  return paths;
}

function attemptTo(work: () => void): void {
  try {
    work();
  } catch {
    // It is tried again where its failure can be told.
  }
}
