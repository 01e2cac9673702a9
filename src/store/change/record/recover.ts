import { readFileSync, statSync, unlinkSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { isAncestor } from "../../../git/commits/history.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import { removeFile } from "../../../git/disk/removeFile.ts";
import {
  commitIndex,
  dropIndexLock,
  dropLeftIndexLock,
  ownIndexLock,
  showIndex,
} from "../../../git/index/indexLock.ts";
import { hashObject, readObject } from "../../../git/objects/objects.ts";
import { readHead, readRef, removeOwnRefLock } from "../../../git/refs/refs.ts";
import { bootId } from "../../../processes.ts";
import { stageFiles, sweepStaged } from "../../files/stage.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { syncFolders } from "../../files/storePaths.ts";
import { noteCommit } from "../../hooks/noteCommit.ts";
import { placeTogether } from "../../open/indexTurns.ts";
import type { Journal, Store } from "../../open/store.ts";
import { placeAll, placingOf } from "../place/placeAll.ts";
import { boxIn, noteDone } from "../requests/box.ts";
import { lookAt, mendIndex } from "./afterPowerCut.ts";
import { commitDeferred } from "./commitDeferred.ts";
import { committedBlobs } from "./onCommitted.ts";
import {
  dropRecord,
  type RecordedStep,
  type RedoRecord,
  readAllRecords,
  type StoredRecord,
  writeRecord,
} from "./redo.ts";
import { setRecordAside } from "./setRecordAside.ts";
import { tokensOf } from "./tokens.ts";

/** After this long the kernel has written everything a `settling` record stands for. */
const SETTLED_MS = 90_000;

/**
 * Finishes or forgets what an earlier process left behind, also one that stands still and may wake up at
 * any moment, and commits what was deferred. Call it with the store's lock held. A record that cannot be finished is
 * set aside and told, and the store goes on. Returns the records that still wait for git.
 */
export async function recover(store: Store, journal: Journal, notices: string[]): Promise<readonly StoredRecord[]> {
  const { records, bad } = readAllRecords(journal.stateDir);
  for (const file of bad) {
    // The half of a record was never completed, and says nothing.
    if (isTorn(file)) dropRecord(file);
    else notices.push(...setRecordAside(store, journal, file, "it is no record that this version can read"));
  }
  const waiting: StoredRecord[] = [];
  for (const stored of records) {
    const left = await unlessUnfinishable(store, journal, stored, notices, async () => {
      if (stored.record.state === "prepared") return completeOrForget(store, journal, stored, notices);
      if (stored.record.state === "settling") await settle(store, journal, stored);
      return stored.record.state === "deferred" ? [stored] : [];
    });
    waiting.push(...left);
  }
  dropLeftIndexLock(journal.repository);
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
    notices.push(...setRecordAside(store, journal, file, (error as Error).message));
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
  const isCut = record.boot !== bootId();
  if (isCut) await placeTorn(store, journal, { file, record }, () => hasHappened);
  if (hasHappened) {
    notices.push(...(await placeRecorded(store, journal, { file, record })));
    finishIndex(journal, record);
    // Hooks come after the record has gone, so they were not fired.
    for (const step of stepsOf(record)) await noteStep(store, journal, step);
  }
  dropIndexLock(repository, Buffer.from(record.indexChecksum, "hex"));
  if (isCut) await mendIndex(journal, record);
  if (!hasHappened && isCut && isPlaced(store, record)) {
    return deferSteps(store, journal, { file, record });
  }
  dropRecord(file);
  // Only now: whoever stages again sees first whether the record is there.
  sweepStaged(journal.stateDir);
  removeTokens(journal, record);
  return [];
}

/** Notes that a change was made, for whoever asked for it and for hooks. */
async function noteStep(store: Store, journal: Journal, { commit, quiet, request }: RecordedStep): Promise<void> {
  try {
    if (request !== undefined) noteDone(boxIn(journal.stateDir), request, commit);
  } catch (error) {
    throw mapFsError(error, boxIn(journal.stateDir));
  }
  if (!quiet) await noteCommit(store, journal, commit);
}

/**
 * Leaves changes that are in place, and whose commits the branch lost, to be committed one by one. The last takes the
 * place of the record: who dies on the way finds that, and defers them all again.
 */
function deferSteps(store: Store, journal: Journal, { file, record }: StoredRecord): StoredRecord[] {
  return stepsOf(record).map((step, at, { length }) => {
    const { steps: _, ...rest } = record;
    const deferred = { ...rest, ...step, state: "deferred", commit: "", indexChecksum: "" } as const;
    const isLast = at === length - 1;
    const place = isLast ? file : file.replace(/\.json$/, `-${String(at).padStart(3, "0")}.json`);
    return { file: writeRecord(journal.stateDir, deferred, store.host.pid, place), record: deferred };
  });
}

/** The changes of a record: one, or those that were written together. */
function stepsOf({ steps, ...whole }: RedoRecord): readonly RecordedStep[] {
  return steps ?? [whole];
}

/**
 * Takes away what the branch would have been moved with, so that whoever was at it cannot do so any more; false when it
 * is gone already, because the branch has moved or was never to move.
 */
function callOff(journal: Journal, { token }: RedoRecord): boolean {
  if (token === undefined) return true;
  try {
    // Not rmSync, which looks first, and says nothing when the file goes just after that.
    unlinkSync(tokensOf(journal, token).ref);
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
  for (const file of [index, ref]) removeFile(file);
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

/** Same boot: the page cache had it all. Another boot: whatever is missing or torn is put in place again. */
async function settle(store: Store, journal: Journal, { file, record }: StoredRecord): Promise<void> {
  const committed = committedBlobs(journal, readHead(journal.repository).oid);
  // What was changed or deleted since is not for us to restore.
  const isCurrent = async (name: string, after: string): Promise<boolean> => {
    const oid = await committed(name);
    return oid !== null && (journal.mode === "inline" || oid === after);
  };
  if (record.boot !== bootId()) await placeTorn(store, journal, { file, record }, isCurrent);
  else if (store.host.now() - record.at < SETTLED_MS) return;
  dropRecord(file);
}

/** Puts the files of a record in place, as long as it is there: who finished it meanwhile dropped it. */
async function placeRecorded(store: Store, journal: Journal, { file, record }: StoredRecord): Promise<string[]> {
  const files = new Map<string, Buffer | null>();
  for (const [name, { after }] of Object.entries(record.paths)) files.set(name, await blobOf(journal, after));
  return placeFiles(store, journal, { file, record }, files, (name) => record.paths[name]?.before ?? null);
}

/** Puts those files of a record in place again that a power cut tore, and those it took where `mayBeNew`. */
async function placeTorn(
  store: Store,
  journal: Journal,
  { file, record }: StoredRecord,
  mayBeNew: (name: string, after: string) => boolean | Promise<boolean>,
): Promise<void> {
  const files = new Map<string, Buffer | null>();
  for (const [name, { before, after }] of Object.entries(record.paths)) {
    if (after === null) continue;
    const { bytes } = (await readObject(journal.repository, after).catch(() => undefined)) ?? {};
    const target = path.join(store.dir, name);
    const look = bytes === undefined ? "other" : lookAt(target, bytes, before);
    const isTaken = look === "torn" || (look === "gone" && before === null);
    if (bytes === undefined || !isTaken) continue;
    if ((look === "gone" || record.state === "settling") && !(await mayBeNew(name, after))) continue;
    removeFile(target);
    files.set(name, bytes);
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
  const notices = await placeTogether(store, () => placeAll(placing, stageFiles(files, place), beforeOf));
  syncFolders(store.dir, files.keys());
  return notices;
}

async function blobOf({ repository }: Journal, oid: string | null): Promise<Buffer | null> {
  return oid === null ? null : (await readObject(repository, oid)).bytes;
}
