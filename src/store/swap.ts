import { lstatSync } from "node:fs";
import path from "node:path";
import type { BuiltCommit } from "../git/commit.ts";
import { type Flush, syncFoldersTogether } from "../git/flush.ts";
import {
  commitIndex,
  dropIndexLock,
  type IndexItem,
  indexChecksum,
  lockIndex,
  readIndexFile,
  showIndex,
  spliceIndex,
} from "../git/indexFile.ts";
import { readObject } from "../git/objects.ts";
import { readHead, swapRef } from "../git/refs.ts";
import { bootId } from "../host.ts";
import { personOf } from "./identity.ts";
import { commitPerson } from "./message.ts";
import { noteCommit } from "./noteCommit.ts";
import { BULK, foldersOf, placeFile, type Staged } from "./place.ts";
import { type Applied, inRepository, type Plan, toldOf } from "./plan.ts";
import { dropRecord, type RedoRecord, stageRecord, writeRecord } from "./redo.ts";
import type { Journal, Store } from "./store.ts";

/** How long a foreign lock is waited for before the commit is deferred (amendment 3). In milliseconds. */
export const FOREIGN_LOCK_MS = 1_000;

/** A commit that was built. */
export type Built = Pick<BuiltCommit, "oid" | "blobs" | "executables">;

/** A commit, and what is to be put in place with it. */
export interface Attempt extends Built {
  readonly base: string | undefined;
  readonly ref: string;
  readonly staged: readonly Staged[];
  /** The commit's time, and the log's: what a lost commit is made again from. */
  readonly now: number;
  /** Everything that was written for this attempt and must be on the disk before the branch moves. */
  readonly flush: Flush;
}

/**
 * Moves the branch to a commit that was built and puts its files in place: redo record, index.lock, branch by
 * compare-and-swap, files, index, record gone. After `moved` and `deferred` nothing was changed.
 * @throws disk_full, store_not_writable
 */
export async function swap(store: Store, journal: Journal, plan: Plan, attempt: Attempt): Promise<Applied> {
  const deadline = Date.now() + FOREIGN_LOCK_MS;
  let prepared = await prepare(store, journal, plan, attempt);
  for (;;) {
    const swapped = trySwap(store, journal, plan, { ...attempt, ...prepared });
    if (swapped === "ok") return finish(store, journal, plan, attempt, prepared.record);
    if (swapped === "moved" || Date.now() > deadline) dropRecord(prepared.record);
    if (swapped === "moved") return { state: "moved" };
    if (Date.now() > deadline) return { state: "deferred", reason: "git is locked by another process" };
    await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 20));
    // Whoever had the lock may have written another index.
    prepared = prepareAgain(store, journal, plan, attempt, prepared.record);
  }
}

/** What the swap needs besides the commit: the record on the disk, the new index and the locks' contents. */
interface Prepared {
  readonly record: string;
  readonly newIndex: Buffer;
  /** The index that it was made from. */
  readonly oldIndex: string;
  /** Synced files that become index.lock and the ref's lock; made again where they are missing. */
  readonly indexFile?: string;
  readonly refFile?: string;
}

/** Puts everything on the disk that must be there before the branch moves, in one go. */
async function prepare(store: Store, journal: Journal, plan: Plan, attempt: Attempt): Promise<Prepared> {
  const { repository, stateDir } = journal;
  const { flush } = attempt;
  const oldIndex = indexChecksum(repository);
  const newIndex = nextIndex(journal, attempt);
  const record = recordOf(plan, attempt, newIndex.subarray(-20), store.host.now());
  const file = stageRecord(stateDir, record, store.host.pid, flush);
  const indexFile = flush.write(repository.gitDir, newIndex, path.join(repository.gitDir, "index.lock"));
  const refFile = flush.write(repository.commonDir, Buffer.from(`${attempt.oid}\n`), attempt.ref);
  await flush.sync();
  return { record: file, newIndex, oldIndex, indexFile, refFile };
}

function prepareAgain(store: Store, journal: Journal, plan: Plan, attempt: Attempt, record: string): Prepared {
  const oldIndex = indexChecksum(journal.repository);
  const newIndex = nextIndex(journal, attempt);
  const content = recordOf(plan, attempt, newIndex.subarray(-20), store.host.now());
  return { record: writeRecord(journal.stateDir, content, store.host.pid, record), newIndex, oldIndex };
}

/** Takes both locks and moves the branch; changes nothing unless it answers `ok`. */
function trySwap(store: Store, { repository }: Journal, plan: Plan, attempt: Attempt & Prepared) {
  const { ref, base, oid, newIndex, oldIndex, indexFile, refFile } = attempt;
  if (!lockIndex(repository, newIndex, indexFile)) return "locked";
  // What somebody staged between our look at the index and our lock must not be lost; and what a checkout wrote
  // meanwhile is no edit by hand.
  const isStale = indexChecksum(repository) !== oldIndex;
  if ((isStale && plan.inPlace) || readHead(repository).ref !== ref) {
    dropIndexLock(repository, newIndex.subarray(-20));
    return "moved";
  }
  const temporary = refFile === undefined ? {} : { temporary: refFile };
  const onMoved = (): void => showIndex(repository);
  const options = { reflog: reflog(store, plan, attempt.now), unsynced: true, onMoved, ...temporary };
  const swapped = isStale ? "locked" : swapRef(repository, ref, base, oid, options);
  if (swapped !== "ok") dropIndexLock(repository, newIndex.subarray(-20));
  return swapped;
}

async function finish(store: Store, journal: Journal, plan: Plan, attempt: Attempt, record: string): Promise<Applied> {
  const { repository } = journal;
  const readBase = async (oid: string): Promise<Buffer> => (await readObject(repository, oid)).bytes;
  const folders = [path.dirname(path.join(repository.commonDir, attempt.ref)), repository.gitDir];
  // No waiting in here: whoever wants git's lock waits for us. The index is the new one already, see showIndex.
  if (!plan.inPlace) {
    for (const staged of attempt.staged) {
      await placeFile(store.dir, staged, plan.before.get(staged.file) ?? null, readBase);
    }
    folders.push(...foldersOf(store.dir, plan.files.keys()));
  }
  commitIndex(repository, { unsynced: true });
  await syncFoldersTogether(folders);
  if (!plan.quiet) await noteCommit(store, journal, attempt.oid);
  if (plan.files.size <= BULK || plan.inPlace) dropRecord(record);
  else
    writeRecord(
      journal.stateDir,
      { ...recordOf(plan, attempt, Buffer.alloc(20), store.host.now()), state: "settling" },
      store.host.pid,
      record,
    );
  return { state: "committed", commit: attempt.oid, blobs: attempt.blobs };
}

function nextIndex(journal: Journal, attempt: Attempt): Buffer {
  const changes = new Map<string, IndexItem | null>();
  for (const { file, temporary } of attempt.staged) {
    const target = inRepository(journal, file);
    const oid = attempt.blobs.get(target) ?? null;
    if (oid === null) changes.set(target, null);
    else {
      const where = temporary ?? `${journal.repository.worktree}/${target}`;
      const mode = attempt.executables.has(target) ? "100755" : "100644";
      changes.set(target, { oid, mode, stat: statOrNothing(where) });
    }
  }
  return spliceIndex(readIndexFile(journal.repository), changes);
}

/** A stat that git finds different only makes it look at the bytes. */
function statOrNothing(file: string) {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat ?? { ctimeMs: 0, mtimeMs: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };
}

function recordOf(plan: Plan, attempt: Attempt, checksum: Buffer, at: number): RedoRecord {
  const { base, oid: commit, ref } = attempt;
  const indexChecksum = checksum.toString("hex");
  const common = { base, commit, ref, indexChecksum, at, boot: bootId() };
  return { ...common, state: "prepared", ...toldOf(plan) };
}

function reflog(store: Store, plan: Plan, now: number) {
  return {
    ...commitPerson(personOf(store), now),
    message: plan.sentence.subject,
  };
}
