import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import path from "node:path";
import type { Problem } from "../../ticket/ticket.ts";

/** What keeps a file or folder from being read. */
type Obstacle = "refused" | "link" | "folder" | "no_folder" | "special" | "too_large";

/**
 * Something of a store that is there, or may be, and could not be looked at. It is unknown and never gone: nothing
 * may take it for deleted.
 */
export class Unread {
  readonly kind: Obstacle;
  /** Why, in plain words and for a person: `a symbolic link to nothing`. */
  readonly message: string;
  /** What to do about it, as far as that is not plain. */
  readonly advice: string;

  constructor(kind: Obstacle, message: string, advice = "") {
    this.kind = kind;
    this.message = message;
    this.advice = advice;
  }

  /** The same as a problem of the file at `path` in the store, with what there is to say beyond it. */
  problem(file: string, more = ""): Problem {
    return { path: file, line: 0, code: "unreadable", message: `${this.message}${this.advice}${more}` };
  }
}

/** A file's bytes, and its stat from the same opening. */
export interface StoreFile {
  readonly bytes: Buffer;
  readonly stat: Stats;
}

/** How a file may be read. */
export interface ReadOptions {
  /** A larger file is not read, in bytes. */
  readonly limit?: number;
  /** Only so much of its beginning is read, in bytes. */
  readonly first?: number;
  /** Reads what a link leads to; whoever says so has looked where that is. */
  readonly follow?: boolean;
}

/** No larger file is read or journalled: git was not made for them, and nothing here needs them. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Without waiting for the other end of a pipe that somebody put there. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
/** Windows has no such flag; there it is looked at first. */
const NO_FOLLOW: number | undefined = constants.O_NOFOLLOW;
/** One object for all calls: there may be ten thousand. */
const QUIET = { throwIfNoEntry: false } as const;
const CHUNK = 64 * 1024;

/**
 * Reads one file of a store: the one way to do so. Undefined when there is no such file, also when it vanished a
 * moment ago; `Unread` for whatever else keeps it from being read. Never throws, never waits, never follows a link.
 */
export function readStoreFile(
  full: string,
  { limit = MAX_FILE_BYTES, follow = false, first }: ReadOptions = {},
): StoreFile | Unread | undefined {
  let handle: number;
  try {
    if (!follow && NO_FOLLOW === undefined && isLink(full)) return linkAt(full);
    handle = openSync(full, follow ? READ : READ | (NO_FOLLOW ?? 0));
  } catch (error) {
    return refusedBy(error, full);
  }
  try {
    return readSettled(handle, limit, first);
  } catch (error) {
    return refusedBy(error, full);
  } finally {
    closeSync(handle);
  }
}

/** The stat of a file or folder, links not followed; undefined when there is none. */
export function lookAt(full: string): Stats | Unread | undefined {
  try {
    return lstatSync(full, QUIET);
  } catch (error) {
    return refusedBy(error, full);
  }
}

/** The names in a folder of a store, sorted; undefined when there is none. A link to a folder is none. */
export function listStoreFolder(full: string): string[] | Unread | undefined {
  const stat = lookAt(full);
  if (stat === undefined || stat instanceof Unread) return stat;
  if (!stat.isDirectory()) return notFolder(stat, full);
  try {
    return readdirSync(full).sort();
  } catch (error) {
    return refusedBy(error, full);
  }
}

/** Why this user may not read a file, or list a folder and look into it; undefined where that can be done. */
export function refusedTo(full: string, isFolder: boolean): Unread | undefined {
  try {
    accessSync(full, isFolder ? constants.R_OK | constants.X_OK : constants.R_OK);
    return undefined;
  } catch (error) {
    return refusedBy(error, full);
  }
}

/** Why what has this stat is no folder of a store. */
export function notFolder(stat: Stats, full: string): Unread {
  return stat.isSymbolicLink() ? linkAt(full) : new Unread("no_folder", "not a folder");
}

/** Why what has this stat is no file to be read; undefined for one that is. */
export function whyUnreadFile(stat: Stats, limit = MAX_FILE_BYTES, full?: string): Unread | undefined {
  if (stat.isSymbolicLink()) return full === undefined ? new Unread("link", "a symbolic link") : linkAt(full);
  if (stat.isDirectory()) return new Unread("folder", "a folder and not a file");
  if (!stat.isFile()) return new Unread("special", "not a file");
  return stat.size > limit ? tooLarge(limit) : undefined;
}

function tooLarge(limit: number): Unread {
  return new Unread("too_large", `larger than ${limit / 1024 / 1024} MiB`);
}

/** Whoever writes a file takes microseconds for it; one that changes for longer is read as it is. */
const MAX_READS = 10;
/** A file that is silent for so long is not being written. In milliseconds. */
const SILENT_MS = 50;

/** Reads a file; one that is written to at this very moment is read again, so that no half of a write is taken for it. */
function readSettled(handle: number, limit: number, first = limit): StoreFile | Unread {
  for (let reads = 1; ; reads++) {
    const stat = fstatSync(handle);
    const read = whyUnreadFile(stat, limit) ?? readAll(handle, stat, limit, first);
    if (read instanceof Unread || reads === MAX_READS || Math.abs(Date.now() - stat.mtimeMs) > SILENT_MS) return read;
    const { size, mtimeMs } = fstatSync(handle);
    if (size === stat.size && mtimeMs === stat.mtimeMs && read.bytes.length === Math.min(size, first)) return read;
  }
}

/** What stat said, or less where the file was cut short; a file system may know no size before the end is reached. */
function readAll(handle: number, stat: Stats, limit: number, first: number): StoreFile | Unread {
  if (stat.size > 0) {
    const bytes = Buffer.allocUnsafe(Math.min(stat.size, first));
    return { bytes: bytes.subarray(0, fill(handle, bytes, 0)), stat };
  }
  const parts: Buffer[] = [];
  for (let size = 0; ; ) {
    const part = Buffer.allocUnsafe(CHUNK);
    const read = fill(handle, part, size);
    size += read;
    if (size > limit) return tooLarge(limit);
    parts.push(part.subarray(0, read));
    if (read < CHUNK) return { bytes: Buffer.concat(parts), stat };
  }
}

function fill(handle: number, bytes: Buffer, from: number): number {
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(handle, bytes, done, bytes.length - done, from + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}

/** What the system's refusal means; undefined where it means that nothing is there. */
function refusedBy(error: unknown, full: string): Unread | undefined {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const stat = quietly(() => lstatSync(full, QUIET));
  if (stat?.isSymbolicLink()) return linkAt(full);
  if (code === "ENOENT") return undefined;
  if (code === "ENOTDIR") return new Unread("no_folder", `${path.basename(path.dirname(full))} is not a folder`);
  if (code === "EACCES" || code === "EPERM") {
    return new Unread("refused", `this user may not read it (${code})`, ": mend its owner or permissions");
  }
  if (stat !== undefined && !stat.isFile() && !stat.isDirectory()) return new Unread("special", "not a file");
  return new Unread("refused", `cannot be read (${code || message})`);
}

function linkAt(full: string): Unread {
  const leads = quietly(() => statSync(full, QUIET)) !== undefined;
  return new Unread("link", leads ? "a symbolic link" : "a symbolic link to nothing");
}

function isLink(full: string): boolean {
  return quietly(() => lstatSync(full, QUIET))?.isSymbolicLink() ?? false;
}

/** For what is only asked to say more about an error that is told anyway. */
function quietly<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
