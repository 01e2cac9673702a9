import type { Stats } from "node:fs";
import type { Problem, Ticket } from "../../ticket/ticket.ts";
import { type Config, DEFAULT_CONFIG } from "./config/config.ts";

/** What must be unchanged for a file to be taken as unchanged: mtime, ctime, size and inode. */
export type Stamp = readonly [mtimeMs: number, ctimeMs: number, size: number, ino: number];

/** More tickets than this gone or set back at once is an accident, not an edit. */
export const MASS = 10;

/** What the index knows of one file of the store. */
export interface Entry {
  readonly stamp: Stamp;
  /** Read so soon after its last change that another edit could hide behind an equal stamp. */
  readonly racy: boolean;
  /** Blob id of what git would store: differs from the ticket's version only under a CRLF conversion. */
  readonly oid: string;
  /** Set for files in the top directory that are tickets. */
  readonly ticket?: Ticket | undefined;
  readonly problem?: Problem | undefined;
  /** What the file of a racy ticket said, where that is short: as long as it says so, nothing hides behind its stamp. */
  readonly text?: string | undefined;
}

/** Entries by path. */
export interface EntryMap extends Iterable<[string, Entry]> {
  readonly size: number;
  get(path: string): Entry | undefined;
  has(path: string): boolean;
  set(path: string, entry: Entry): unknown;
  delete(path: string): boolean;
  keys(): Iterable<string>;
  values(): Iterable<Entry>;
  /** The same entries, to be changed apart; a Map is copied as one. */
  copy?(): EntryMap;
}

/** A store as last read: its `*.md` files and the other journalled files outside archive/. */
export interface Index {
  /** Names the cache on disk that later changes are appended to; "" where nothing was saved yet. */
  generation: string;
  /** The commit that `uncommitted` is relative to. */
  head: string | undefined;
  /** `head` as the cache on disk has it. */
  savedHead: string | undefined;
  /** Another one once they were saved: what stands in the cache is read from there. */
  entries: EntryMap;
  /** The paths whose file differs from `head`: the blob id there, or null where it has no such path. */
  readonly uncommitted: Map<string, string | null>;
  /** Stamps of the month folders under archive/, as of when they were last equal to `archiveTree`. */
  archive: Readonly<Record<string, Stamp>>;
  archiveTree: string | undefined;
  /** What the cache has of `archiveTree`. */
  savedArchiveTree: string | undefined;
  config: Config;
  configStamp: Stamp | undefined;
  /**
   * What besides tickets was there and could not be looked at when the store was last read: files and folders, by
   * path. What lies in such a folder is unknown too. Never cached.
   */
  readonly unread: Map<string, Problem>;
  /** Whether a ticket's file had another name too when it was looked at: what is written by that one nobody hears of. */
  hasOtherNames: boolean;
  /**
   * Files that are copies of other tickets where the archive has the one or the other, with the file that has the id:
   * see archivedCopies.ts. Never cached.
   */
  readonly copies: Map<string, string>;
  /** The bytes of files that the last refresh read anew, as far as they are few: the very ones that its entries are of. */
  readonly kept: Map<string, Buffer>;
}

/** Linux stamps files with a clock that ticks every 4 ms (every 10 at worst); git has the same "racy" entries. */
const TICK_MS = 20;
/** Where stamps are whole seconds: ext4 with small inodes, HFS+, many network file systems; exFAT and FAT have two. */
const COARSE_TICK_MS = 2_100;
/** So many files, and so many bytes in all, are kept of a refresh. */
const KEPT_FILES = 64;
const KEPT_BYTES = 8 * 1024 * 1024;

/** An index that knows nothing. */
export function emptyIndex(): Index {
  return {
    generation: "",
    head: undefined,
    savedHead: undefined,
    entries: new Map(),
    uncommitted: new Map(),
    archive: {},
    archiveTree: undefined,
    savedArchiveTree: undefined,
    config: DEFAULT_CONFIG,
    configStamp: undefined,
    unread: new Map(),
    hasOtherNames: false,
    copies: new Map(),
    kept: new Map(),
  };
}

/** An index that knows the same and can be changed without changing `index`. */
export function copyOfIndex(index: Index): Index {
  const { entries, uncommitted, unread, copies } = index;
  return {
    ...index,
    entries: entries.copy?.() ?? new Map(entries),
    uncommitted: new Map(uncommitted),
    unread: new Map(unread),
    copies: new Map(copies),
    kept: new Map(),
  };
}

/** Takes bytes that were just read into {@link Index.kept}, unless there are many already. */
export function keeperOf({ kept }: Pick<Index, "kept">): (path: string, bytes: Buffer) => void {
  let size = 0;
  return (path, bytes) => {
    if (kept.size >= KEPT_FILES || size + bytes.length > KEPT_BYTES) return;
    size += bytes.length;
    kept.set(path, bytes);
  };
}

/** Blob id of `path` in the index's commit, or undefined where that has no such path. */
export function committedOid(index: Index, path: string): string | undefined {
  const differs = index.uncommitted.get(path);
  if (differs === undefined) return index.entries.get(path)?.oid;
  return differs ?? undefined;
}

/** Records that the commit has `oid` at `path` (undefined: nothing there). */
export function setCommitted(index: Index, path: string, oid: string | undefined): void {
  if (index.entries.get(path)?.oid === oid) {
    index.uncommitted.delete(path);
    // What is committed is a ticket, whatever it was.
    index.copies.delete(path);
  } else index.uncommitted.set(path, oid ?? null);
}

/** Records what stands on disk at `path` (undefined: no file). */
export function setEntry(index: Index, path: string, entry: Entry | undefined): void {
  const committed = committedOid(index, path);
  if (entry === undefined) index.entries.delete(path);
  else index.entries.set(path, entry);
  setCommitted(index, path, committed);
}

/** Whether a path in the store is a ticket file of the top directory. */
export function isTopTicket(file: string): boolean {
  return file.endsWith(".md") && !file.includes("/");
}

/** The stamp of a file or folder. */
export function stampOf(stat: Stats): Stamp {
  return [stat.mtimeMs, stat.ctimeMs, stat.size, stat.ino];
}

/** Whether a stat still shows what `stamp` recorded. */
export function sameStamp(stamp: Stamp | undefined, stat: Stats): boolean {
  return (
    stamp !== undefined &&
    stamp[0] === stat.mtimeMs &&
    stamp[1] === stat.ctimeMs &&
    stamp[2] === stat.size &&
    stamp[3] === stat.ino
  );
}

/** Whether a file stamped so, read at `now`, could change without its stamp changing. */
export function isRacy(stamp: Stamp, now: number): boolean {
  const [changed, touched] = stamp;
  const tick = changed % 1000 === 0 && touched % 1000 === 0 ? COARSE_TICK_MS : TICK_MS;
  return now - changed < tick || now - touched < tick;
}

/** Has the next refresh read a file again whatever its stamp: it turned out to be other than its entry says. */
export function markStale(index: Index, path: string): void {
  const entry = index.entries.get(path);
  if (entry === undefined) return;
  const { stamp, oid, ticket, problem } = entry;
  index.entries.set(path, { stamp, racy: true, oid, ticket, problem });
}

/** A stamp that nothing has. */
export const NO_STAMP: Stamp = [0, 0, 0, 0];
