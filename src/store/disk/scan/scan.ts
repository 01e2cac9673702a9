import { lstatSync, readdirSync, type Stats } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import { lookAt as lookAtStored, Unread } from "../../files/storeFile.ts";
import { type Entry, type Index, isTopTicket, sameStamp, setEntry } from "../../open/entry.ts";
import { type ReadContext, readTicketEntry, sameText } from "../readFile.ts";
import { TableEntries } from "../table/entries.ts";
import type { TicketTable } from "../table/ticketTable.ts";
import { TRAITS } from "../table/traits.ts";

/** What is said of a file that nothing can open by what Node made of its name. */
export const ILL_NAMED = "its name is no UTF-8, so it is never read and never committed: rename it";

/** One object for all calls: there may be ten thousand. */
const QUIET = { throwIfNoEntry: false } as const;

/**
 * Looks at every ticket file, or at those that were `heard` of, and reads those again whose stamp is another than the
 * index has, or may hide a change. Returns their paths.
 */
export async function scanTickets(index: Index, context: ReadContext, heard?: ReadonlySet<string>): Promise<string[]> {
  if (heard !== undefined) return rereadChanged(index, context, [...heard].filter(isListed).sort());
  const files = listTickets(context.dir);
  index.hasOtherNames = false;
  const changed =
    index.entries instanceof TableEntries
      ? againstTable(index.entries, files, (file) => lookAt(index, context.dir, file))
      : files;
  const reread = await rereadChanged(index, context, changed);
  forgetGone(index, files);
  return reread;
}

async function rereadChanged(index: Index, context: ReadContext, changed: readonly string[]): Promise<string[]> {
  const reread: string[] = [];
  for (const file of changed) {
    const stat = lookAt(index, context.dir, file);
    const known = index.entries.get(file);
    const same = stat === undefined || known === undefined ? undefined : unchanged(context, file, known, stat);
    if (same !== undefined && same === known) continue;
    const entry = stat === undefined ? undefined : (same ?? (await readTicketEntry(context, file, stat)));
    if (entry === undefined && known === undefined) {
      noteIllNamed(index, file);
      continue;
    }
    reread.push(file);
    setEntry(index, file, entry);
  }
  return reread;
}

/** What is listed and cannot be found is nothing to remember; a name that Node could only read in part is told. */
function noteIllNamed({ unread }: Index, file: string): void {
  if (file.includes("\uFFFD")) unread.set(file, { path: file, line: 0, code: "bad_name", message: ILL_NAMED });
}

/** Whether a name is looked at as a ticket's. */
function isListed(name: string): boolean {
  return name.endsWith(".md") && !name.startsWith(".");
}

/** The files, of one folder and in the order of their names, that are otherwise than the table says, as far as there is one. */
export function changedAmong({ entries }: Index, dir: string, files: readonly string[]): readonly string[] {
  if (!(entries instanceof TableEntries)) return files;
  const look = (file: string): Stats | undefined => {
    const stat = lookAtStored(`${dir}/${file}`);
    // Why it cannot be looked at is told by whoever looks at what changed.
    return stat instanceof Unread ? undefined : stat;
  };
  return againstTable(entries, files, look);
}

/** The files that are otherwise than the table says; both are in the order of their names. */
function againstTable(
  { table, replaced }: TableEntries,
  files: readonly string[],
  look: (file: string) => Stats | undefined,
): string[] {
  const changed: string[] = [];
  const { count } = table;
  let row = table.rowFrom(files[0] ?? "");
  let name = row < count ? table.name(row) : "";
  for (const file of files) {
    while (row < count && name < file) {
      row++;
      if (row < count) name = table.name(row);
    }
    const isKnown = row < count && name === file && replaced[row] === 0 && !table.has(row, TRAITS.racy);
    if (!isKnown || !isStamped(table, row, look(file))) changed.push(file);
  }
  return changed;
}

function lookAt(index: Index, dir: string, file: string): Stats | undefined {
  const stat = statIn(dir, file);
  if (stat !== undefined && stat.nlink > 1) index.hasOtherNames = true;
  return stat;
}

function isStamped({ stamps }: TicketTable, row: number, stat: Stats | undefined): boolean {
  const at = row * 4;
  return (
    stat !== undefined &&
    stamps[at] === stat.mtimeMs &&
    stamps[at + 1] === stat.ctimeMs &&
    stamps[at + 2] === stat.size &&
    stamps[at + 3] === stat.ino
  );
}

/** The entry of a file whose stamp is the same; undefined where it is not, or an edit may hide behind it. */
function unchanged(context: ReadContext, file: string, entry: Entry, stat: Stats): Entry | undefined {
  if (!sameStamp(entry.stamp, stat)) return undefined;
  return entry.racy ? sameText(context, file, entry) : entry;
}

function forgetGone(index: Index, files: readonly string[]): void {
  const { entries } = index;
  const count = entries instanceof TableEntries ? entries.topFiles() : topFiles(entries.keys());
  if (count === files.length) return;
  const there = new Set(files);
  for (const file of [...entries.keys()]) if (isTopTicket(file) && !there.has(file)) setEntry(index, file, undefined);
}

function topFiles(paths: Iterable<string>): number {
  let count = 0;
  for (const file of paths) if (isTopTicket(file)) count++;
  return count;
}

/** Reads one ticket file now. A file can vanish between two looks at it: then it is not there. */
export async function readNow(context: ReadContext, file: string): Promise<Entry | undefined> {
  const stat = statIn(context.dir, file);
  return stat === undefined ? undefined : readTicketEntry(context, file, stat);
}

/** @throws store_not_writable where the folder may be listed and not be looked into: then there is no store to read */
function statIn(dir: string, name: string): Stats | undefined {
  try {
    return lstatSync(`${dir}/${name}`, QUIET);
  } catch (error) {
    throw mapFsError(error, path.join(dir, name));
  }
}

/** The `*.md` of the folder that are there, in the order of the table. */
function listTickets(dir: string): string[] {
  const files = listFolder(dir).filter(isListed);
  const isSorted = files.every((name, at) => at === 0 || (files[at - 1] as string) < name);
  return isSorted ? files : files.sort((left, right) => (left < right ? -1 : 1));
}

function listFolder(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw mapFsError(error, path.join(dir, "any"));
    throw new AyoError("no_store", `the store ${dir} is gone`, { try: ["ayo", "init"] });
  }
}
