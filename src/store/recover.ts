import { readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { isAncestor } from "../git/history.ts";
import { commitIndex, dropIndexLock, ownIndexLock, showIndex } from "../git/indexFile.ts";
import { hashObject, readObject } from "../git/objects.ts";
import { readHead, readRef, removeOwnRefLock } from "../git/refs.ts";
import { bootId } from "../host.ts";
import { commitDeferred } from "./commitDeferred.ts";
import { noteCommit } from "./noteCommit.ts";
import { committedBlobs } from "./onCommitted.ts";
import { placeAll, placingOf } from "./placeAll.ts";
import { badRecordFiles, dropRecord, type RedoRecord, readRecords, type StoredRecord, writeRecord } from "./redo.ts";
import { setRecordAside } from "./setRecordAside.ts";
import { stageFiles, sweepStaged } from "./stage.ts";
import type { Journal, Store } from "./store.ts";
import { readStoreFile, Unread } from "./storeFile.ts";
import { syncFolders } from "./storePaths.ts";
import { tokensOf } from "./swap.ts";

/** After this long the kernel has written everything a `settling` record stands for. */
const SETTLED_MS = 90_000;

/**
 * Finishes or forgets what an earlier process left behind (amendment 1), also one that stands still and may wake up at
 * any moment, and commits what was deferred. Call it with the store's lock held. A record that cannot be finished is
 * set aside and told, and the store goes on. Returns the records that still wait for git.
 */
export async function recover(store: Store, journal: Journal, notices: string[]): Promise<readonly StoredRecord[]> {
  for (const file of badRecordFiles(journal.stateDir)) {
    // The half of a record was never completed, and says nothing.
    if (isTorn(file)) dropRecord(file);
    else notices.push(setRecordAside(store, journal, file, "it is no record that this version can read"));
  }
  const waiting: StoredRecord[] = [];
  for (const stored of readRecords(journal.stateDir)) {
    const left = await unlessUnfinishable(store, journal, stored, notices, async () => {
      if (stored.record.state === "prepared") return completeOrForget(store, journal, stored, notices);
      if (stored.record.state === "settling") await settle(store, journal, stored);
      return stored.record.state === "deferred" ? [stored] : [];
    });
    waiting.push(...left);
  }
  return waiting.length === 0 ? [] : commitDeferred(store, journal, waiting, notices);
}

function isTorn(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return false;
  } catch (error) {
    return error instanceof SyntaxError;
  }
}

/** A record whose objects are gone, say, must not close the store. */
async function unlessUnfinishable(
  store: Store,
  journal: Journal,
  { file }: StoredRecord,
  notices: string[],
  work: () => Promise<StoredRecord[]>,
): Promise<StoredRecord[]> {
  try {
    return await work();
  } catch (error) {
    // A full disk and a closed folder are no fault of the record.
    if (error instanceof AyoError && (error.code === "disk_full" || error.code === "store_not_writable")) throw error;
    notices.push(setRecordAside(store, journal, file, (error as Error).message));
    return [];
  }
}

/** Returns the record where the change is left to be committed. */
async function completeOrForget(
  store: Store,
  journal: Journal,
  { file, record }: StoredRecord,
  notices: string[],
): Promise<StoredRecord[]> {
  const { repository } = journal;
  const hasHappened =
    (await happened(journal, record)) || (!callOff(journal, record) && (await happened(journal, record)));
  removeOwnRefLock(repository, record.ref, record.commit);
  if (hasHappened) {
    notices.push(...(await placeRecorded(store, journal, { file, record })));
    finishIndex(journal, record);
    // Hooks come after the record has gone, so they were not fired.
    if (!record.quiet) await noteCommit(store, journal, record.commit);
  }
  dropIndexLock(repository, Buffer.from(record.indexChecksum, "hex"));
  if (!hasHappened && record.boot !== bootId() && isPlaced(store, record)) {
    const deferred = { ...record, state: "deferred", commit: "", indexChecksum: "" } as const;
    return [{ file: writeRecord(journal.stateDir, deferred, store.host.pid, file), record: deferred }];
  }
  dropRecord(file);
  // Only now: whoever stages again sees first whether the record is there.
  sweepStaged(journal.stateDir);
  removeTokens(journal, record);
  return [];
}

/**
 * Takes away what the branch would have been moved with, so that whoever was at it cannot do so any more; false when it
 * is gone already, because the branch has moved or was never to move.
 */
function callOff(journal: Journal, { token }: RedoRecord): boolean {
  if (token === undefined) return true;
  try {
    rmSync(tokensOf(journal, token).ref);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return false;
  }
}

/** Makes the index that goes with a commit the index, as long as nobody else can have written another. */
function finishIndex(journal: Journal, { token, indexChecksum }: RedoRecord): void {
  const { repository } = journal;
  if (!ownIndexLock(repository, Buffer.from(indexChecksum, "hex"))) return;
  if (token === undefined) commitIndex(repository);
  else showIndex(repository, tokensOf(journal, token).index);
}

function removeTokens(journal: Journal, { token }: RedoRecord): void {
  if (token === undefined) return;
  const { index, ref } = tokensOf(journal, token);
  for (const file of [index, ref]) rmSync(file, { force: true });
}

/**
 * Whether a file has the new bytes though the branch has not moved: when the power fails, a file system may keep the
 * one and lose the other.
 */
function isPlaced(store: Store, { paths }: RedoRecord): boolean {
  return Object.entries(paths).some(([file, { before, after }]) => {
    if (before === after) return false;
    const disk = readStoreFile(path.join(store.dir, file));
    if (disk === undefined || disk instanceof Unread) return disk === undefined && after === null && before !== null;
    return hashObject("blob", disk.bytes) === after;
  });
}

async function happened(journal: Journal, record: RedoRecord): Promise<boolean> {
  const current = readRef(journal.repository, record.ref);
  if (current === undefined || current === record.base) return false;
  return isAncestor(journal.repository, record.commit, current);
}

/** Same boot: the page cache had it all. Another boot: whatever is missing or empty is put in place again. */
async function settle(store: Store, journal: Journal, { file, record }: StoredRecord): Promise<void> {
  if (record.boot !== bootId()) await placeTorn(store, journal, { file, record });
  else if (store.host.now() - record.at < SETTLED_MS) return;
  dropRecord(file);
}

/** Puts the files of a record in place, as long as it is there: who finished it meanwhile dropped it. */
async function placeRecorded(store: Store, journal: Journal, { file, record }: StoredRecord): Promise<string[]> {
  const files = new Map<string, Buffer | null>();
  for (const [name, { after }] of Object.entries(record.paths)) files.set(name, await blobOf(journal, after));
  return placeFiles(store, journal, { file, record }, files, (name) => record.paths[name]?.before ?? null);
}

/** Puts those files of a record in place again that a power cut took. */
async function placeTorn(store: Store, journal: Journal, { file, record }: StoredRecord): Promise<void> {
  const files = new Map<string, Buffer | null>();
  const committed = committedBlobs(journal, readHead(journal.repository).oid);
  for (const [name, change] of Object.entries(record.paths)) {
    const target = path.join(store.dir, name);
    if (!isGone(target, change) || !isCurrent(journal, change, await committed(name))) continue;
    if (statSync(target, { throwIfNoEntry: false })?.size === 0) rmSync(target, { force: true });
    files.set(name, await blobOf(journal, change.after));
  }
  await placeFiles(store, journal, { file, record }, files, () => null);
}

async function placeFiles(
  store: Store,
  journal: Journal,
  { file }: StoredRecord,
  files: ReadonlyMap<string, Buffer | null>,
  beforeOf: (name: string) => string | null,
): Promise<string[]> {
  const place = { dir: store.dir, tmpDir: path.join(journal.stateDir, "tmp"), pid: store.host.pid };
  const placing = placingOf(store, journal, () => statSync(file, { throwIfNoEntry: false }) !== undefined);
  const notices = await placeAll(placing, stageFiles(files, place), beforeOf);
  syncFolders(store.dir, files.keys());
  return notices;
}

async function blobOf({ repository }: Journal, oid: string | null): Promise<Buffer | null> {
  return oid === null ? null : (await readObject(repository, oid)).bytes;
}

type Change = RedoRecord["paths"][string];

/** Whether a power cut can have taken a file: a new one may be gone, any may be empty. */
function isGone(file: string, { before }: Change): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? before === null : stat.size === 0;
}

/** Whether the branch still has what a change led to: what was changed or deleted since is not for us to restore. */
function isCurrent({ mode }: Journal, { after }: Change, committed: string | null): boolean {
  return committed !== null && (mode === "inline" || committed === after);
}
