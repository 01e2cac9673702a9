import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { appendOwned, makeFolders, writeOwned } from "../../folderOwner.ts";
import { removeFile } from "../../git/disk/removeFile.ts";
import { FIELD_KEYS } from "../../ticket/fields.ts";
import { type EntryMap, emptyIndex, type Index, type Stamp } from "../open/entry.ts";
import { entryOf, type Row, rowOf } from "./cacheRow.ts";
import { TableEntries } from "./table/entries.ts";
import { openTable, type TableSize, tableBytes } from "./table/tableFile.ts";

const FILE = "index";
/** A log longer than a share of the base is folded into a new one, within these bounds: every command reads it. */
const MIN_LOG_BYTES = 64 * 1024;
const MAX_LOG_BYTES = 512 * 1024;
/** What is cached are fields as they were read: a build that knows other fields reads the files anew. */
const VERSION = `14 ${FIELD_KEYS}`;

/** Files are named after it: whoever may write to a store's git directory must not have us write elsewhere. */
const GENERATION = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The file begins with a checksum of all that follows, as so many hex digits: one that was damaged is made anew. */
const SUM = 8;
/** The first line of the base: all but the rows. */
interface Header {
  readonly version: string;
  readonly generation: string;
  readonly head?: string;
  readonly table: TableSize;
  readonly uncommitted: Uncommitted;
  readonly rest: Rest;
}

type Uncommitted = readonly (readonly [path: string, oid: string | null])[];
type Rest = Pick<Index, "archive" | "archiveTree" | "config" | "configStamp">;

/** One transaction in the log beside the base. */
interface Line {
  /** The head that the line before left: a line lost to a crash shows as a gap. */
  readonly from?: string;
  readonly head?: string;
  readonly rows: readonly (readonly [Row, Stamp, oid: string])[];
  readonly gone: readonly string[];
  readonly uncommitted: Uncommitted;
  readonly committed: readonly string[];
  readonly rest?: Rest;
}

/**
 * The cached index, or undefined where there is none that can be read. Never trusted unseen: see refresh.ts.
 * The file is a checksum, a JSON line, then the table; see tableFile.ts.
 */
export function loadIndex(stateDir: string): Index | undefined {
  try {
    const bytes = readFileSync(path.join(stateDir, FILE));
    if (bytes.toString("latin1", 0, SUM) !== sumOf(bytes.subarray(SUM))) return undefined;
    const start = bytes.indexOf(10) + 1;
    const header = JSON.parse(bytes.toString("utf8", SUM, start)) as Header;
    if (header.version !== VERSION || !GENERATION.test(header.generation)) return undefined;
    const entries = new TableEntries(openTable(bytes, start, header.table));
    const index: Index = { ...emptyIndex(), ...header.rest, generation: header.generation, entries };
    index.head = index.savedHead = header.head;
    index.savedArchiveTree = index.archiveTree;
    for (const [file, oid] of header.uncommitted) index.uncommitted.set(file, oid);
    replay(index, stateDir);
    return index;
  } catch {
    return undefined;
  }
}

/** A sum that differs for whatever differs in four bytes that stand together: node:zlib, which has better ones, takes as long to load. */
export function sumOf(content: Buffer): string {
  const whole = content.length & ~3;
  const { buffer, byteOffset } = content;
  const words =
    byteOffset % 4 === 0
      ? new Int32Array(buffer, byteOffset, whole / 4)
      : new Int32Array(buffer.slice(byteOffset, byteOffset + whole));
  let sum = content.length;
  // An iterator of cold code takes five times as long.
  for (let at = 0; at < words.length; at++) sum = Math.imul(sum ^ (words[at] as number), 0x01000193);
  for (let at = whole; at < content.length; at++) sum = Math.imul(sum ^ (content[at] as number), 0x01000193);
  return (sum >>> 0).toString(16).padStart(SUM, "0");
}

function replay(index: Index, stateDir: string): void {
  let log: string;
  try {
    log = readFileSync(logPath(stateDir, index.generation), "utf8");
  } catch {
    return;
  }
  for (const text of log.split("\n")) {
    const line = readLine(text);
    if (line !== undefined) replayLine(index, line);
  }
}

function replayLine(index: Index, line: Line): void {
  index.head = line.from === index.savedHead ? line.head : undefined;
  index.savedHead = line.head;
  for (const file of line.gone) index.entries.delete(file);
  for (const [row, stamp, oid] of line.rows) {
    index.entries.set(row[0], entryOf(row, stamp, oid));
  }
  for (const file of line.committed) index.uncommitted.delete(file);
  for (const [file, oid] of line.uncommitted) index.uncommitted.set(file, oid);
  if (line.rest === undefined) return;
  Object.assign(index, line.rest);
  index.savedArchiveTree = index.archiveTree;
}

/** A line that a crash tore is passed over: what it would have said shows in the stamps. */
function readLine(text: string): Line | undefined {
  try {
    return text === "" ? undefined : (JSON.parse(text) as Line);
  } catch {
    return undefined;
  }
}

/** Writes the whole index as a new generation. Failing to is no error: the cache is disposable. */
export function saveIndex(stateDir: string, index: Index): void {
  const generation = randomUUID();
  const { size, parts } = tableBytes(index.entries);
  const header: Header = {
    version: VERSION,
    generation,
    ...(index.head === undefined ? {} : { head: index.head }),
    table: size,
    uncommitted: [...index.uncommitted],
    rest: restOf(index),
  };
  const temporary = path.join(stateDir, `${FILE}.${generation}`);
  try {
    // In a clone that git made nobody has made the folder yet.
    if (index.generation === "") makeFolders(stateDir);
    const content = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...parts]);
    writeOwned(temporary, Buffer.concat([Buffer.from(sumOf(content)), content]));
    renameSync(temporary, path.join(stateDir, FILE));
    index.generation = generation;
    index.entries = savedEntries(index.entries, content, size);
    index.savedHead = index.head;
    index.savedArchiveTree = index.archiveTree;
    removeOldLogs(stateDir, generation);
  } catch {
    removeFile(temporary);
  }
}

/** A process that goes on would look through all that was otherwise than in a former table at every change. */
function savedEntries(entries: EntryMap, content: Buffer, size: TableSize): EntryMap {
  if (entries instanceof TableEntries && entries.changed.size < FEW) return entries;
  return new TableEntries(openTable(content, content.indexOf(10) + 1, size));
}

/** So many changed files are kept beside the table. */
const FEW = 64;

/** Appends what a transaction changed at `paths`; `rest` says that archive or config changed too. */
export function appendIndex(stateDir: string, index: Index, paths: Iterable<string>, rest: boolean): void {
  const log = logPath(stateDir, index.generation);
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (index.generation === "" || size > logLimit(stateDir)) {
    saveIndex(stateDir, index);
    return;
  }
  // What was learned of the archive is written down too: else every change would look through it anew.
  const isNew = index.archiveTree !== undefined && index.archiveTree !== index.savedArchiveTree;
  const line = lineOf(index, [...new Set(paths)], rest || isNew);
  try {
    // A torn last line of a crashed writer must not swallow this one.
    appendOwned(log, `${size > 0 ? "\n" : ""}${JSON.stringify(line)}`);
    index.savedHead = index.head;
    if (line.rest !== undefined) index.savedArchiveTree = index.archiveTree;
  } catch {
    // Stale, not wrong: the stamps tell.
  }
}

function logLimit(stateDir: string): number {
  const base = statSync(path.join(stateDir, FILE), { throwIfNoEntry: false })?.size ?? 0;
  return Math.min(MAX_LOG_BYTES, Math.max(MIN_LOG_BYTES, base / 8));
}

function lineOf(index: Index, paths: readonly string[], rest: boolean): Line {
  return {
    ...(index.savedHead === undefined ? {} : { from: index.savedHead }),
    ...(index.head === undefined ? {} : { head: index.head }),
    rows: paths.flatMap((file) => {
      const entry = index.entries.get(file);
      return entry === undefined ? [] : [[rowOf(file, entry), entry.stamp, entry.oid] as const];
    }),
    gone: paths.filter((file) => !index.entries.has(file)),
    uncommitted: paths.flatMap((file) => {
      const oid = index.uncommitted.get(file);
      return oid === undefined ? [] : [[file, oid] as const];
    }),
    committed: paths.filter((file) => !index.uncommitted.has(file)),
    ...(rest ? { rest: restOf(index) } : {}),
  };
}

function restOf(index: Index): Rest {
  const { archive, archiveTree, config, configStamp } = index;
  return { archive, archiveTree, config, configStamp };
}

function logPath(stateDir: string, generation: string): string {
  return path.join(stateDir, `index-${generation}.log`);
}

function removeOldLogs(stateDir: string, generation: string): void {
  for (const name of readdirSync(stateDir)) {
    if (/^index-.*\.log$/.test(name) && name !== `index-${generation}.log`) {
      removeFile(path.join(stateDir, name));
    }
  }
}
