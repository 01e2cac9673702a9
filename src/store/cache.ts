import { randomUUID } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Ticket } from "../ticket/ticket.ts";
import { type Entry, emptyIndex, type Index } from "./entry.ts";

const FILE = "index.json";
/** A log longer than this is folded into a new base. */
const MAX_LOG_BYTES = 512 * 1024;
const VERSION = 1;

/** A ticket carries its own path and version; other files name theirs. */
type Row = readonly [...Entry["stamp"], racy: 0 | 1, Ticket | OtherFile, oid?: string];
type OtherFile = Pick<Entry, "problem" | "oid"> & { readonly file: string };

interface Base {
  readonly version: number;
  readonly generation: string;
  readonly head?: string;
  readonly rows: readonly Row[];
  readonly uncommitted: readonly (readonly [path: string, oid: string | null])[];
  readonly rest: Pick<Index, "archive" | "archiveTree" | "config" | "configStamp">;
}

interface Line {
  /** The head that the line before left: a line lost to a crash shows as a gap. */
  readonly from?: string;
  readonly head?: string;
  readonly rows: readonly Row[];
  readonly gone: readonly string[];
  readonly uncommitted: readonly (readonly [path: string, oid: string | null])[];
  readonly committed: readonly string[];
  readonly rest?: Base["rest"];
}

/** The cached index, or undefined where there is none that can be read. Never trusted unseen: see refresh.ts. */
export function loadIndex(stateDir: string): Index | undefined {
  try {
    const base = JSON.parse(readFileSync(path.join(stateDir, FILE), "utf8")) as Base;
    if (base.version !== VERSION) return undefined;
    const index: Index = { ...emptyIndex(), ...base.rest, generation: base.generation };
    index.head = index.savedHead = base.head;
    for (const row of base.rows) index.entries.set(pathOf(row), entryOf(row));
    for (const [file, oid] of base.uncommitted) index.uncommitted.set(file, oid);
    replay(index, stateDir);
    return index;
  } catch {
    return undefined;
  }
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
  for (const row of line.rows) index.entries.set(pathOf(row), entryOf(row));
  for (const file of line.committed) index.uncommitted.delete(file);
  for (const [file, oid] of line.uncommitted) index.uncommitted.set(file, oid);
  if (line.rest !== undefined) Object.assign(index, line.rest);
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
  const base: Base = {
    version: VERSION,
    generation,
    ...(index.head === undefined ? {} : { head: index.head }),
    rows: [...index.entries].map(([file, entry]) => rowOf(file, entry)),
    uncommitted: [...index.uncommitted],
    rest: restOf(index),
  };
  const temporary = path.join(stateDir, `${FILE}.${generation}`);
  try {
    writeFileSync(temporary, JSON.stringify(base));
    renameSync(temporary, path.join(stateDir, FILE));
    index.generation = generation;
    index.savedHead = index.head;
    removeOldLogs(stateDir, generation);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/** Appends what a transaction changed at `paths`; `rest` says that archive or config changed too. */
export function appendIndex(stateDir: string, index: Index, paths: Iterable<string>, rest: boolean): void {
  const log = logPath(stateDir, index.generation);
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (index.generation === "" || size > MAX_LOG_BYTES) {
    saveIndex(stateDir, index);
    return;
  }
  const all = [...new Set(paths)];
  const line: Line = {
    ...(index.savedHead === undefined ? {} : { from: index.savedHead }),
    ...(index.head === undefined ? {} : { head: index.head }),
    rows: all.flatMap((file) => {
      const entry = index.entries.get(file);
      return entry === undefined ? [] : [rowOf(file, entry)];
    }),
    gone: all.filter((file) => !index.entries.has(file)),
    uncommitted: all.flatMap((file) => {
      const oid = index.uncommitted.get(file);
      return oid === undefined ? [] : [[file, oid] as const];
    }),
    committed: all.filter((file) => !index.uncommitted.has(file)),
    ...(rest ? { rest: restOf(index) } : {}),
  };
  try {
    // A torn last line of a crashed writer must not swallow this one.
    const start = size > 0 && !endsWithNewline(log) ? "\n" : "";
    appendFileSync(log, `${start}${JSON.stringify(line)}\n`);
    index.savedHead = index.head;
  } catch {
    // Stale, not wrong: the stamps tell.
  }
}

function endsWithNewline(file: string): boolean {
  return readFileSync(file).at(-1) === 10;
}

function rowOf(file: string, entry: Entry): Row {
  const { ticket, oid, problem } = entry;
  const racy = entry.racy ? 1 : 0;
  if (ticket === undefined) {
    const other = problem === undefined ? { file, oid } : { file, oid, problem };
    return [...entry.stamp, racy, other];
  }
  return ticket.version === oid ? [...entry.stamp, racy, ticket] : [...entry.stamp, racy, ticket, oid];
}

function pathOf(row: Row): string {
  const [, , , , , what] = row;
  return "file" in what ? what.file : what.path;
}

function entryOf(row: Row): Entry {
  const [mtime, ctime, size, ino, racy, what, oid] = row;
  const common = { stamp: [mtime, ctime, size, ino] as const, racy: racy === 1 };
  if (!("file" in what)) return { ...common, oid: oid ?? what.version, ticket: what };
  return what.problem === undefined
    ? { ...common, oid: what.oid }
    : { ...common, oid: what.oid, problem: what.problem };
}

function restOf(index: Index): Base["rest"] {
  const { archive, archiveTree, config, configStamp } = index;
  return { archive, archiveTree, config, configStamp };
}

function logPath(stateDir: string, generation: string): string {
  return path.join(stateDir, `index-${generation}.log`);
}

function removeOldLogs(stateDir: string, generation: string): void {
  for (const name of readdirSync(stateDir)) {
    if (/^index-.*\.log$/.test(name) && name !== `index-${generation}.log`) {
      rmSync(path.join(stateDir, name), { force: true });
    }
  }
}
