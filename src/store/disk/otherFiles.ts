import type { Stats } from "node:fs";
import path from "node:path";
import { listStoreFolder, lookAt, notFolder, refusedTo, Unread, whyUnreadFile } from "../files/storeFile.ts";
import { TOP_FILES } from "../open/config/values.ts";
import { type Index, isTopTicket, NO_STAMP, sameStamp, setEntry } from "../open/entry.ts";
import { limitOf, type ReadContext, readOtherEntry } from "./readFile.ts";
import { changedAmong } from "./scan/scan.ts";
import { TableEntries } from "./table/entries.ts";

/** The permission to read, of owner, group and others. */
const EVERYBODY = 0o444;

/** Journalled folders besides the top directory and archive/. */
export const FOLDERS = ["projects", "hooks", "templates", "schemas", "pipelines", "outputs", "attachments", "sync"];
/** Folders with a file for each of many tickets: who only reads tickets does not look at them all. */
const MANY = ["outputs", "attachments", "sync"];

/**
 * Notes in `index.unread` which folders, and which files in them, could not be read, without reading any: what a
 * command tells that only reads tickets.
 */
export function glanceAtOthers(index: Index, dir: string): void {
  const few = FOLDERS.filter((folder) => !MANY.includes(folder));
  for (const [file, { mode = EVERYBODY } = {}] of findOthers(index, dir, few)) {
    // Most files may be read by everybody: no need to ask.
    if ((mode & EVERYBODY) !== EVERYBODY) note(index, file, refusedTo(path.join(dir, file), false));
  }
}

/** Brings the entries of all files that are no tickets up to date; what cannot be read is noted as unknown. */
export function scanOthers(index: Index, context: ReadContext): void {
  const seen = findOthers(index, context.dir, FOLDERS, true);
  for (const file of TOP_FILES) {
    const found = look(path.join(context.dir, file));
    if (found instanceof Unread) note(index, file, found);
    else if (found !== undefined) seen.set(file, found);
  }
  for (const [file, stat] of seen) if (stat !== undefined) bringEntry(index, context, file, stat);
  for (const file of othersIn(index)) {
    if (!seen.has(file) && !isUnknown(index, file)) setEntry(index, file, undefined);
  }
}

function bringEntry(index: Index, context: ReadContext, file: string, stat: Stats): void {
  const known = index.entries.get(file);
  if (known !== undefined && !known.racy && sameStamp(known.stamp, stat)) return;
  const entry = readOtherEntry(context, file, stat);
  if (entry?.problem !== undefined) index.unread.set(file, entry.problem);
  setEntry(index, file, entry);
}

/** The files that are known and no tickets; of ten thousand tickets each write passes a column, and no names. */
function othersIn({ entries }: Index): string[] {
  return entries instanceof TableEntries ? entries.others() : [...entries.keys()].filter((file) => !isTopTicket(file));
}

/** Has what is unknown be neither an edit nor a deletion, whatever the commit has there. */
export function markUnknown(index: Index): void {
  if (index.unread.size === 0) return;
  for (const file of [...index.entries.keys(), ...index.uncommitted.keys()]) {
    if (isTopTicket(file) || !isUnknown(index, file)) continue;
    if (index.entries.get(file)?.problem !== undefined) continue;
    const problem = new Unread("refused", "could not be looked at").problem(file);
    setEntry(index, file, { stamp: NO_STAMP, racy: true, oid: "", problem });
  }
}

/** Whether a path, or a folder that it lies in, could not be looked at. */
export function isUnknown({ unread }: Index, file: string): boolean {
  for (let at = file.length; at > 0; at = file.lastIndexOf("/", at - 1)) {
    if (unread.has(file.slice(0, at))) return true;
  }
  return false;
}

/** Files with their stats; undefined where it is the one that is known. */
type Found = Map<string, Stats | undefined>;

/** The plain files of the journalled folders; `mayBeKnown` where those that are as they were need no more than that. */
function findOthers(index: Index, dir: string, folders: readonly string[], mayBeKnown = false): Found {
  const found: Found = new Map();
  for (const folder of folders) collect(index, dir, folder, { found, mayBeKnown: mayBeKnown && MANY.includes(folder) });
  note(index, "archive", folderTrouble(path.join(dir, "archive")));
  return found;
}

interface Collecting {
  readonly found: Found;
  /** Its files may be many: those that are as the table says are not looked at one by one. */
  readonly mayBeKnown: boolean;
}

function collect(index: Index, dir: string, folder: string, into: Collecting): void {
  const names = listStoreFolder(path.join(dir, folder));
  if (names === undefined) return;
  if (names instanceof Unread) {
    // A link to a folder, or a file of that name, is nobody's loss unless it stands where files were committed.
    if (names.kind === "refused" || hasBelow(index, folder)) note(index, folder, names);
    return;
  }
  const files = names.filter((one) => !one.startsWith(".") && !one.endsWith("~")).map((name) => `${folder}/${name}`);
  for (const file of into.mayBeKnown ? passKnown(index, dir, files, into.found) : files) {
    const found = look(path.join(dir, file), limitOf(file));
    if (found instanceof Unread && found.kind === "folder" && !isKnown(index, file)) collect(index, dir, file, into);
    else if (found instanceof Unread) noteIfLost(index, file, found);
    else if (found !== undefined) into.found.set(file, found);
  }
}

/** Adds the files that are as they were; returns the others. */
function passKnown(index: Index, dir: string, files: readonly string[], found: Found): readonly string[] {
  const changed = changedAmong(index, dir, files);
  if (changed.length === files.length) return files;
  for (const file of files) found.set(file, undefined);
  for (const file of changed) found.delete(file);
  return changed;
}

/** A link or a pipe is no file of the journal, and nobody's loss unless it stands where one, or a folder, was committed. */
function noteIfLost(index: Index, file: string, unread: Unread): void {
  const isOdd = ["refused", "too_large"].includes(unread.kind);
  if (isOdd || isKnown(index, file) || hasBelow(index, file)) note(index, file, unread);
}

/** The stat of a plain file, or why it is none. */
function look(full: string, limit?: number): Stats | Unread | undefined {
  const stat = lookAt(full);
  if (stat === undefined || stat instanceof Unread) return stat;
  return whyUnreadFile(stat, limit, full) ?? stat;
}

/** What keeps a folder from being looked into; undefined where there is none at all. */
function folderTrouble(full: string): Unread | undefined {
  const stat = lookAt(full);
  if (stat === undefined || stat instanceof Unread) return stat;
  return stat.isDirectory() ? refusedTo(full, true) : notFolder(stat, full);
}

function isKnown({ entries, uncommitted }: Index, file: string): boolean {
  return entries.has(file) || typeof uncommitted.get(file) === "string";
}

function hasBelow({ entries, uncommitted }: Index, folder: string): boolean {
  for (const file of entries.keys()) if (file.startsWith(`${folder}/`)) return true;
  for (const [file, oid] of uncommitted) if (oid !== null && file.startsWith(`${folder}/`)) return true;
  return false;
}

function note(index: Index, file: string, unread: Unread | undefined): void {
  if (unread !== undefined) index.unread.set(file, unread.problem(file));
}
