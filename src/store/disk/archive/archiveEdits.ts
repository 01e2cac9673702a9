import path from "node:path";
import { isLeftOutBy } from "../../../git/index/indexMarks.ts";
import { hashObject } from "../../../git/objects/objects.ts";
import { lsTree, treeAt } from "../../../git/trees/lsTree.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { type Index, NO_STAMP, sameStamp } from "../../open/entry.ts";
import type { Journal, Store } from "../../open/store.ts";
import { inRepository } from "../../open/store.ts";
import { marksNow } from "../gitMarks.ts";
import { parse } from "../readFile.ts";
import { type ArchiveFolders, archiveFolders, isMonthUnread, listArchive, monthStamps } from "./archiveFolders.ts";

/** A change that somebody made to a file without ayo. */
export interface HandEdit {
  readonly file: string;
  readonly before: string | null;
  readonly bytes: Buffer | null;
  readonly oid: string | null;
}

/**
 * Month folders stand for their files: only one whose stamp changed is looked into, and all after a new commit. What
 * cannot be looked at is left as it was committed.
 */
export async function findArchiveEdits(store: Store, journal: Journal, index: Index): Promise<HandEdit[]> {
  const now = store.host.now();
  const folders = archiveFolders(store.dir);
  if (folders.unread.has("archive")) return [];
  const months = monthsToSee(folders, index);
  if (months?.size === 0) return [];
  const tree = index.archiveTree ?? (await archiveTree(journal, index.head));
  const committed = tree === "" ? new Map() : await lsTree(journal.repository, tree, { recursive: true });
  const edits = await compareArchive(store, journal, { folders, months, committed });
  if (edits.length > 0) return edits;
  // The stamps from before the look: what came after it is looked at again.
  index.archive = monthStamps(folders, Object.keys(index.archive), now);
  index.archiveTree = tree;
  return [];
}

/** The months that are not as they were remembered, those that are gone too; undefined: everything. */
function monthsToSee(folders: ArchiveFolders, { archive, archiveTree: tree }: Index): Set<string> | undefined {
  if (tree === undefined) return undefined;
  const { months } = folders;
  const changed = [...months].filter(([name, stat]) => !sameStamp(archive[name], stat)).map(([name]) => name);
  const gone = Object.keys(archive).filter((name) => !months.has(name) && !isMonthUnread(folders, name));
  return new Set([...changed, ...gone]);
}

/** The id of archive/ in a commit, or "" where that has none. */
export async function archiveTree(journal: Journal, commit: string | undefined): Promise<string> {
  if (commit === undefined) return "";
  return (await treeAt(journal.repository, commit, inRepository(journal, "archive"))) ?? "";
}

/**
 * Records that a commit changed `files` of archive/, whose tree there is `tree` now. Their months are looked at again:
 * how they are on disk by now, and who else was at them, is not known.
 */
export function rememberArchive(index: Index, tree: string, files: Iterable<string>): void {
  if (index.archiveTree === undefined) return;
  const names = [...files].filter((file) => file.startsWith("archive/")).map(nameOf);
  const months = names.flatMap((name) => monthOf(name) ?? []);
  index.archive = { ...index.archive, ...Object.fromEntries(months.map((month) => [month, NO_STAMP])) };
  index.archiveTree = tree;
}

interface Comparison {
  readonly folders: ArchiveFolders;
  readonly months: ReadonlySet<string> | undefined;
  readonly committed: ReadonlyMap<string, { readonly oid: string }>;
}

async function compareArchive(
  store: Store,
  journal: Journal,
  { folders, months, committed }: Comparison,
): Promise<HandEdit[]> {
  const listing = listArchive(store.dir, folders, months);
  const edits: HandEdit[] = [];
  for (const file of [DELETED, ...listing.files]) {
    const edit = await editOf(store, file, committed.get(nameOf(file))?.oid ?? null);
    if (edit !== undefined) edits.push(edit);
  }
  const gone = goneFrom({ folders, months, committed }, listing);
  if (gone.length === 0) return edits;
  const marks = marksNow(journal);
  return [...edits, ...gone.filter(({ file }) => !isLeftOutBy(marks, file))];
}

/** The committed files that are not there, where their month could be listed. */
function goneFrom({ months, committed }: Comparison, listing: ReturnType<typeof listArchive>): HandEdit[] {
  const edits: HandEdit[] = [];
  const seen = new Set(listing.files);
  for (const [name, { oid }] of committed) {
    const month = monthOf(name);
    const file = `archive/${name}`;
    if (month === undefined || months?.has(month) === false || seen.has(file)) continue;
    if (!isMonthUnread(listing, month)) edits.push({ file, before: oid, bytes: null, oid: null });
  }
  return edits;
}

/** The month folder of a ticket's path in archive/; undefined for what is none. */
function monthOf(name: string): string | undefined {
  return /^([^/]+)\/[^/.][^/]*\.md$/.exec(name)?.[1];
}

/** The record of deleted ids; see deleted.ts, which needs more than this. */
const DELETED = "archive/deleted";

/** How a file differs from its commit, if it does and can be read as what it should be; one that vanished is gone. */
async function editOf(store: Store, file: string, before: string | null): Promise<HandEdit | undefined> {
  const read = readStoreFile(path.join(store.dir, file));
  if (read instanceof Unread) return undefined;
  if (read === undefined) return before === null ? undefined : { file, before, bytes: null, oid: null };
  const { bytes } = read;
  const oid = hashObject("blob", bytes);
  if (oid === before) return undefined;
  const readable = !file.endsWith(".md") || "id" in (await parse(bytes, file, oid));
  return readable ? { file, before, bytes, oid } : undefined;
}

function nameOf(file: string): string {
  return file.slice("archive/".length);
}
