import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { isAncestor } from "../git/history.ts";
import { commitIndex, dropIndexLock, ownIndexLock } from "../git/indexFile.ts";
import { lsTree } from "../git/lsTree.ts";
import { hashObject, readObject } from "../git/objects.ts";
import { readHead, readRef, removeOwnRefLock } from "../git/refs.ts";
import { bootId } from "../host.ts";
import { applyPlan, obstacleTo } from "./apply.ts";
import { noteCommit } from "./noteCommit.ts";
import { placeFile, stageFiles, syncFolders } from "./place.ts";
import { inRepository, type Plan } from "./plan.ts";
import { dropRecord, type RedoRecord, readRecords, type StoredRecord, writeRecord } from "./redo.ts";
import { refreshIndex } from "./refresh.ts";
import type { Journal, Store } from "./store.ts";

/** After this long the kernel has written everything a `settling` record stands for. */
const SETTLED_MS = 90_000;

/**
 * Finishes or forgets what an earlier process left behind (amendment 1), and commits what was deferred. Call it
 * with the store's lock held. Returns the records that still wait for git.
 */
export async function recover(store: Store, journal: Journal): Promise<readonly StoredRecord[]> {
  const records = readRecords(journal.stateDir);
  if (records.length === 0) return [];
  const waiting: StoredRecord[] = [];
  for (const stored of records) {
    if (stored.record.state === "prepared") waiting.push(...(await completeOrForget(store, journal, stored)));
    if (stored.record.state === "settling") await settle(store, journal, stored);
    if (stored.record.state === "deferred") waiting.push(stored);
  }
  return commitDeferred(store, journal, waiting);
}

/** Removes temporary files that no living process can own; needs the lock. */
export function sweepTemporary(stateDir: string): void {
  const folder = path.join(stateDir, "tmp");
  try {
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { force: true });
  } catch {
    // No such folder, nothing to sweep.
  }
}

/** Returns the record where the change is left to be committed. */
async function completeOrForget(
  store: Store,
  journal: Journal,
  { file, record }: StoredRecord,
): Promise<StoredRecord[]> {
  const { repository } = journal;
  const checksum = Buffer.from(record.indexChecksum, "hex");
  removeOwnRefLock(repository, record.ref, record.commit);
  const hasHappened = await happened(journal, record);
  if (hasHappened) {
    await placeAll(store, journal, record, false);
    if (ownIndexLock(repository, checksum)) commitIndex(repository);
    // Hooks come after the record has gone, so they were not fired.
    if (!record.quiet) await noteCommit(store, journal, record.commit);
  } else {
    dropIndexLock(repository, checksum);
  }
  sweepTemporary(journal.stateDir);
  if (!hasHappened && record.boot !== bootId() && isPlaced(store, record)) {
    const deferred = { ...record, state: "deferred", commit: "", indexChecksum: "" } as const;
    return [{ file: writeRecord(journal.stateDir, deferred, store.host.pid, file), record: deferred }];
  }
  dropRecord(file);
  return [];
}

/**
 * Whether a file has the new bytes though the branch has not moved: when the power fails, a file system may keep the
 * one and lose the other.
 */
function isPlaced(store: Store, { paths }: RedoRecord): boolean {
  return Object.entries(paths).some(([file, { before, after }]) => {
    if (before === after) return false;
    try {
      return hashObject("blob", readFileSync(path.join(store.dir, file))) === after;
    } catch {
      return after === null && before !== null;
    }
  });
}

async function happened(journal: Journal, record: RedoRecord): Promise<boolean> {
  const current = readRef(journal.repository, record.ref);
  if (current === undefined || current === record.base) return false;
  return current === record.commit || (await isAncestor(journal.repository, record.commit, current, 1_000));
}

/** Same boot: the page cache had it all. Another boot: whatever is missing or empty is put in place again. */
async function settle(store: Store, journal: Journal, { file, record }: StoredRecord): Promise<void> {
  if (record.boot !== bootId()) await placeAll(store, journal, record, true);
  else if (store.host.now() - record.at < SETTLED_MS) return;
  dropRecord(file);
}

async function placeAll(store: Store, journal: Journal, record: RedoRecord, torn: boolean): Promise<void> {
  const read = async (oid: string): Promise<Buffer> => (await readObject(journal.repository, oid)).bytes;
  const files = new Map<string, Buffer | null>();
  const committed = headBlobs(journal);
  for (const [file, change] of Object.entries(record.paths)) {
    if (torn && !(isGone(path.join(store.dir, file), change) && isCurrent(journal, change, await committed(file))))
      continue;
    files.set(file, change.after === null ? null : await read(change.after));
  }
  for (const staged of stageFiles(files, path.join(journal.stateDir, "tmp"), store.host.pid)) {
    if (torn && isTorn(path.join(store.dir, staged.file))) rmSync(path.join(store.dir, staged.file), { force: true });
    await placeFile(store.dir, staged, torn ? null : (record.paths[staged.file]?.before ?? null), read);
  }
  syncFolders(store.dir, files.keys());
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

function isTorn(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.size === 0;
}

async function commitDeferred(
  store: Store,
  journal: Journal,
  waiting: readonly StoredRecord[],
): Promise<readonly StoredRecord[]> {
  for (const [at, stored] of waiting.entries()) {
    if (obstacleTo(journal) !== undefined) return waiting.slice(at);
    const index = await refreshIndex(store, true);
    const plan = await planOf(journal, stored.record);
    if (plan.files.size > 0) {
      const applied = await applyPlan(store, journal, index, plan);
      if (applied.state !== "committed") return waiting.slice(at);
    }
    dropRecord(stored.file);
  }
  return [];
}

/**
 * What of a deferred change the branch does not have yet. The files are in place, unless `git rebase --abort` and the
 * like have put the old ones back: then these are replaced again.
 */
async function planOf(journal: Journal, record: RedoRecord): Promise<Plan> {
  const committed = headBlobs(journal);
  const files = new Map<string, Buffer | null>();
  const before = new Map<string, string | null>();
  for (const [file, { before: was, after }] of Object.entries(record.paths)) {
    if ((await committed(file)) === after) continue;
    before.set(file, was);
    files.set(file, after === null ? null : (await readObject(journal.repository, after)).bytes);
  }
  const { sentence, actor, quiet = false } = record;
  return { files, before, sentence, actor, mayDefer: true, inPlace: false, quiet };
}

/** What HEAD has at a path of the store; every folder is read once. */
function headBlobs(journal: Journal): (file: string) => Promise<string | null> {
  const head = readHead(journal.repository).oid;
  const folders = new Map<string, ReturnType<typeof lsTree>>();
  return async (file) => {
    if (head === undefined) return null;
    const full = inRepository(journal, file);
    const folder = path.posix.dirname(full);
    const names = folders.get(folder) ?? lsTree(journal.repository, head, { prefix: folder === "." ? "" : folder });
    folders.set(folder, names);
    return (await names).get(path.posix.basename(full))?.oid ?? null;
  };
}
