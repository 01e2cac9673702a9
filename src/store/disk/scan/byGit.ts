import { lstatSync, readdirSync, renameSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../../folderOwner.ts";
import { writtenFiles } from "../../../git/binary/writtenFiles.ts";
import { removeFile } from "../../../git/disk/removeFile.ts";
import { type FileStat, statIndex } from "../../../git/index/statIndex.ts";
import type { Index } from "../../open/entry.ts";
import type { Store } from "../../open/store.ts";
import { tells } from "../heard.ts";
import { TableEntries } from "../table/entries.ts";
import { TRAITS } from "../table/traits.ts";

// Of a large store git looks at the files: its own way to see what was written since is a fourth of the price of ours. It
// gets an index of ours that says of each file when it was written as this process saw it. Git compares whole seconds, so
// only files that had been left alone for more than one are told like that; of the others it always speaks.

/** Of fewer files, starting git costs more than it saves. */
const MANY = 3_000;
/** Where git speaks of one file in so many, looking at all is cheaper, and so is a new index for the next time. */
const SHARE = 8;
/** A file that was left alone for so long before it was looked at has another time once it is written to. */
const QUIET_MS = 1_100;
/** The name of an index, and of one that is being written. */
const OURS = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.\d+)?$/;
/** What git orders as we do. */
const PLAIN_NAME = /^[!-~]+$/;

/** The files that are to be looked at, by git; undefined where everything is, by us. */
export function toLookAt(store: Store, index: Index): ReadonlySet<string> | undefined {
  const found = tableOf(store, index);
  if (found === undefined || sizeOf(found.file) === 0) return undefined;
  const names = writtenFiles(store.dir, found.file, store.host.env);
  const { table, changed, replaced } = found.entries;
  if (names === undefined || names.length > table.count / SHARE) {
    askNoMore(found.file);
    return undefined;
  }
  const all = new Set(names);
  for (const name of changed.keys()) all.add(name);
  for (let row = 0; row < table.count; row++)
    if (table.has(row, TRAITS.racy) && replaced[row] === 0) all.add(table.name(row));
  return all;
}

/**
 * After everything was looked at: what git needs to do it the next time. `since`: when the look began, in milliseconds since
 * 1970 by the system's clock. Failing to is no error.
 */
export function noteForGit(store: Store, index: Index, since: number): void {
  const found = tableOf(store, index);
  // Another machine's clock, as a network file system has it, says nothing of how long a file was left alone.
  if (found === undefined || isThere(found.file) || !tells(store.dir)) return;
  const { file, entries } = found;
  const { table } = entries;
  const files = statsOf(entries, Math.floor((since - QUIET_MS) / 1000) * 1000);
  if (files.filter(({ isDoubtful }) => isDoubtful).length > table.count / SHARE / 2) return;
  const folder = path.dirname(file);
  try {
    makeFolders(folder);
    // Whoever may write to a store's git directory must not have us clear another folder.
    if (!lstatSync(folder).isDirectory()) return;
    for (const old of readdirSync(folder)) if (OURS.test(old)) removeFile(path.join(folder, old));
    const temporary = `${file}.${store.host.pid}`;
    writeOwned(temporary, statIndex(files, lstatSync(path.join(store.dir, table.name(0)))));
    renameSync(temporary, file);
  } catch {
    // The next command looks at everything, too.
  }
}

/** The table of a large store, and where git's index for it is to lie. */
function tableOf({ journal, host }: Store, { generation, entries }: Index) {
  if (journal === undefined || generation === "" || host.platform !== "linux") return undefined;
  if (!(entries instanceof TableEntries) || entries.table.count < MANY) return undefined;
  return { entries, file: path.join(journal.stateDir, "stats", generation) };
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Nothing where the folder, or the file, is a link: to what is not ours. */
function sizeOf(file: string): number {
  if (lstatSync(path.dirname(file), { throwIfNoEntry: false })?.isDirectory() !== true) return 0;
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true ? stat.size : 0;
}

/** Where there is no git, or one that compares otherwise, each try would cost more than looking: an empty index stands for that. */
function askNoMore(file: string): void {
  try {
    writeOwned(file, "");
  } catch {
    // The next command tries again.
  }
}

/** When the files were written that are as the table says; those of which git is to speak in any case were written after `quiet`. */
function statsOf({ table, replaced }: TableEntries, quiet: number): FileStat[] {
  const files: FileStat[] = [];
  for (let row = 0; row < table.count; row++) {
    const name = table.name(row);
    // Others git finds, and takes for new ones.
    if (replaced[row] !== 0 || !table.has(row, TRAITS.top) || !PLAIN_NAME.test(name)) continue;
    const [mtimeMs, ctimeMs, size, ino] = table.stamp(row);
    const isDoubtful = table.has(row, TRAITS.racy) || mtimeMs >= quiet || ctimeMs >= quiet;
    files.push({ name, mtimeMs, ctimeMs, size, ino, isDoubtful });
  }
  return files;
}
