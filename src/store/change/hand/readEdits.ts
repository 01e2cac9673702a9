import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { isLeftOutBy } from "../../../git/index/indexMarks.ts";
import { readObject } from "../../../git/objects/objects.ts";
import { noteCopies, withoutCopies } from "../../disk/archive/archivedCopies.ts";
import { findArchiveEdits, type HandEdit } from "../../disk/archive/archiveEdits.ts";
import { canRecordDeleted } from "../../disk/deleted.ts";
import { marksNow, openPaths } from "../../disk/gitMarks.ts";
import { isUnknown } from "../../disk/otherFiles.ts";
import { rereadPath } from "../../disk/refresh.ts";
import { isCutOff, SAVING_MS } from "../../files/cutOff.ts";
import { type Index, markStale } from "../../open/entry.ts";
import type { Journal, Store } from "../../open/store.ts";
import { obstacleTo } from "../apply.ts";
import { leftAlone } from "../place/leftAlone.ts";

/** A file that is gone for longer was deleted. In milliseconds. */
const GONE_MS = 50;
/** So often is looked at a file that is being saved. In milliseconds. */
const SAVING_STEP_MS = 5;
/** More files than this are not being edited just now: they came with a checkout, or are a store to be taken over. */
const MAX_KEPT = 64;

/**
 * The valid hand edits that wait for a commit; files that cannot be read as tickets stay as they are. Each file is read
 * here, once, and what was read is what the index knows of it and what the commit gets.
 */
export async function readHandEdits(store: Store, journal: Journal, index: Index): Promise<HandEdit[]> {
  const bytes = new Map<string, Buffer | undefined>();
  for (const [file] of [...openPaths(journal, index)]) {
    // Through a link that stands for a folder there is nothing to be read: what it hides is unknown, and not gone.
    if (!isUnknown(index, file)) bytes.set(file, await readSaved(store, journal, index, file));
  }
  // What was read may have another id by now.
  await noteCopies(store, index);
  const edits: HandEdit[] = [];
  for (const [file, before] of openPaths(journal, index)) {
    const entry = index.entries.get(file);
    const read = bytes.get(file);
    if (entry === undefined) edits.push({ file, before, bytes: null, oid: null });
    else if (entry.problem === undefined && read !== undefined)
      edits.push({ file, before, bytes: read, oid: entry.oid });
  }
  if (await isAnyBack(store, edits)) return readHandEdits(store, journal, index);
  const found = [...edits, ...(await findArchived(store, journal, index))];
  // What lacks a change that the branch has is merged with it first.
  const waiting = found.length === 0 ? undefined : leftAlone(journal.stateDir);
  const all = found.filter(({ file }) => waiting?.has(file) !== true);
  // In the midst of a merge or rebase the disk has what others did, and nobody's hand edits; and git is not waited for.
  if (all.length > 0 && obstacleTo(store, journal) !== undefined) return [];
  // A ticket's deletion waits until its id can be recorded.
  const mayGo = all.every((edit) => edit.bytes !== null) || canRecordDeleted(store.dir);
  return mayGo ? all : all.filter((edit) => edit.bytes !== null || !edit.file.endsWith(".md"));
}

/**
 * Reads a file once nobody seems to be in the midst of saving it: half of a save is no edit of anybody's, and what it
 * lacks would come back as one.
 */
async function readSaved(store: Store, journal: Journal, index: Index, file: string): Promise<Buffer | undefined> {
  for (const deadline = performance.now() + SAVING_MS; ; ) {
    const bytes = await readOnce(store, index, file);
    if (bytes === undefined || performance.now() > deadline || !(await isHalf(store, journal, index, file, bytes))) {
      return bytes;
    }
    await new Promise((resolve) => setTimeout(resolve, SAVING_STEP_MS));
  }
}

async function isHalf(
  { dir, host }: Store,
  { repository }: Journal,
  { uncommitted, entries }: Index,
  file: string,
  bytes: Buffer,
): Promise<boolean> {
  const before = uncommitted.get(file);
  const changed = entries.get(file)?.stamp[0] ?? 0;
  if (typeof before !== "string" || Math.abs(host.now() - changed) > SAVING_MS) return false;
  const committed = await readObject(repository, before).catch(() => undefined);
  return isCutOff(path.join(dir, file), bytes, committed?.bytes);
}

async function findArchived(store: Store, journal: Journal, index: Index): Promise<HandEdit[]> {
  const edits = await findArchiveEdits(store, journal, index);
  if (edits.length === 0) return edits;
  const marks = marksNow(journal);
  const open = edits.filter(
    ({ file, bytes }) => !marks.unmerged.has(file) && !(bytes === null && isLeftOutBy(marks, file)),
  );
  return withoutCopies(store, journal, index, open);
}

/** Some editors take a file away for a moment before they save it: whether one of those just gone is back by now. */
async function isAnyBack({ dir, host }: Store, edits: readonly HandEdit[]): Promise<boolean> {
  const gone = edits.filter(({ bytes, before }) => bytes === null && before !== null);
  const folder = gone.length === 0 ? undefined : statSync(dir, { throwIfNoEntry: false });
  if (folder === undefined || Math.abs(host.now() - folder.mtimeMs) > GONE_MS) return false;
  await new Promise((resolve) => setTimeout(resolve, GONE_MS));
  return gone.some(({ file }) => existsSync(path.join(dir, file)));
}

/**
 * Reads a file for the transaction under way, which works on these bytes from now on, however the disk goes on. The
 * next one looks again, whatever the stamp says. Undefined where there is none, or none that can be read.
 */
export async function readOnce(store: Store, index: Index, file: string): Promise<Buffer | undefined> {
  let read: Buffer | undefined;
  await rereadPath(index, store, file, (_, bytes) => {
    read = bytes;
  });
  markStale(index, file);
  index.kept.delete(file);
  if (read !== undefined && index.kept.size < MAX_KEPT) index.kept.set(file, read);
  return read;
}
