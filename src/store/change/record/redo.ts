import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { writeDurable } from "../../../git/disk/durable.ts";
import type { Flush } from "../../../git/disk/flush.ts";
import { removeFile } from "../../../git/disk/removeFile.ts";
import type { Actor } from "../../open/identity/identity.ts";
import type { Sentence } from "../message.ts";
import { isRecord } from "./recordShape.ts";

/** What a record says of one change. */
export interface Recorded {
  /** Path in the store to the blobs before and after; null: no such file. */
  readonly paths: Readonly<Record<string, { readonly before: string | null; readonly after: string | null }>>;
  readonly actor: Actor;
  readonly sentence: Sentence;
  /** Set for what a hook changed: it fires no hooks. */
  readonly quiet?: true;
  /** Set for what another process asked for: the name of its request. */
  readonly request?: string;
}

/** One of the changes that were written together, and its commit. */
export interface RecordedStep extends Recorded {
  readonly commit: string;
}

/**
 * What is written and synced before anything visible changes, so that recovery can finish or
 * forget the change and commit it in the right name.
 * - `prepared`: the branch may or may not have moved to `commit`; recovery looks.
 * - `deferred`: git could not be moved; the files are in place and wait for their commit.
 * - `settling`: all is done but the files of a large change were not synced one by one; kept for a minute in
 *   case the machine loses power.
 */
export interface RedoRecord extends Recorded {
  readonly state: "prepared" | "deferred" | "settling";
  readonly base: string | undefined;
  /** The new commit; "" while deferred. */
  readonly commit: string;
  readonly ref: string;
  /** Where several changes were written together: each, in their order, with its commit. */
  readonly steps?: readonly RecordedStep[];
  /** Checksum (hex) of the git index that goes with the commit, to recognise our own index.lock. */
  readonly indexChecksum: string;
  /** What the files are called that only this change has; see swap.ts. Records of older versions have none. */
  readonly token?: string;
  /** Milliseconds since 1970, and the boot that it was written in. */
  readonly at: number;
  readonly boot: string;
}

/** A record and the file that holds it. */
export interface StoredRecord {
  readonly file: string;
  readonly record: RedoRecord;
}

/** Writes a record durably and returns its file; records sort by the order they were written in. */
export function writeRecord(stateDir: string, record: RedoRecord, pid: number, replace?: string): string {
  const file = replace ?? newRecordFile(stateDir, record, pid);
  writeDurable(file, Buffer.from(JSON.stringify(record)), { tmpDir: path.join(stateDir, "tmp") });
  return file;
}

/** The same as part of a flush: the record is there and safe when that is done. */
export function stageRecord(stateDir: string, record: RedoRecord, pid: number, flush: Flush): string {
  const file = newRecordFile(stateDir, record, pid);
  flush.rename(flush.write(path.join(stateDir, "tmp"), Buffer.from(JSON.stringify(record)), file), file);
  return file;
}

function newRecordFile(stateDir: string, record: RedoRecord, pid: number): string {
  const order = String(orderOf(stateDir, record)).padStart(15, "0");
  return path.join(stateDir, "redo", `${order}-${String(counter++).padStart(6, "0")}-${pid}.json`);
}

let counter = 0;

/** Deferred changes are committed in the order they were made in, also where the clock was set back between them. */
function orderOf(stateDir: string, { state, at }: RedoRecord): number {
  const last = state === "deferred" ? listNames(path.join(stateDir, "redo")).at(-1) : undefined;
  return last === undefined ? at : Math.max(at, Number.parseInt(last, 10) + 1);
}

/** Every record on disk, oldest first; what is none is left out, see badRecordFiles. */
export function readRecords(stateDir: string): StoredRecord[] {
  return readAllRecords(stateDir).records;
}

/** The same, and the files that hold none; listed once. */
export function readAllRecords(stateDir: string): { readonly records: StoredRecord[]; readonly bad: string[] } {
  const files = recordFiles(stateDir).map((file) => ({ file, record: readRecord(file) }));
  return {
    records: files.flatMap(({ file, record }) => (record === undefined ? [] : [{ file, record }])),
    // Whoever finishes a change just now takes its record away.
    bad: files.flatMap(({ file, record }) => (record === undefined && existsSync(file) ? [file] : [])),
  };
}

/** Whether a record is there that is none of `known`: somebody is at a change, or died at it, or has put it off. */
export function hasOtherRecords(stateDir: string, known: readonly StoredRecord[]): boolean {
  const names = new Set(known.map(({ file }) => file));
  const isOpen = (record: RedoRecord | undefined): boolean => record !== undefined && record.state !== "settling";
  return recordFiles(stateDir).some((file) => !names.has(file) && isOpen(readRecord(file)));
}

/** Files among the records that hold none: damaged, or of a version that nobody knows. */
export function badRecordFiles(stateDir: string): string[] {
  return readAllRecords(stateDir).bad;
}

/** So many records of large changes are remembered at most. */
const MAX_REMEMBERED = 4;
/** Records of large changes, which stay for a minute: every change looks at them several times. By their files. */
const settling = new Map<string, { readonly stamp: string; readonly record: RedoRecord }>();

/** A record with all that recovery needs of it. */
function readRecord(file: string): RedoRecord | undefined {
  try {
    // A file is replaced whole: what is read has this stamp, or a later one.
    const stamp = stampOf(file);
    const known = settling.get(file);
    if (known?.stamp === stamp) return known.record;
    const record: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (!isRecord(record)) return undefined;
    if (record.state === "settling") remember(file, stamp, record);
    return record;
  } catch {
    return undefined;
  }
}

function stampOf(file: string): string {
  const { ino, size, mtimeMs, ctimeMs } = statSync(file);
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}

function remember(file: string, stamp: string, record: RedoRecord): void {
  if (settling.size >= MAX_REMEMBERED) settling.clear();
  settling.set(file, { stamp, record });
}

/** Forgets a record whose change is complete or never happened. */
export function dropRecord(file: string): void {
  settling.delete(file);
  removeFile(file);
}

function recordFiles(stateDir: string): string[] {
  const folder = path.join(stateDir, "redo");
  return listNames(folder).map((name) => path.join(folder, name));
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch {
    return [];
  }
}
