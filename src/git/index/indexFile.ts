import { createHash } from "node:crypto";
import { closeSync, fstatSync, lstatSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { mapFsError } from "../disk/durable.ts";
import type { Repository } from "../repository/repository.ts";
import { forgetPaths } from "./cacheTree.ts";
import {
  assertIndex,
  assertMerged,
  beforeEntries,
  countEntries,
  extensionsAfter,
  INDEX_FIXED,
  INDEX_HEADER,
  type IndexPlace,
  moveToNext,
} from "./indexEntries.ts";
import { compressVersion4, expandVersion4, isVersion4 } from "./indexVersion4.ts";

/** What git remembers of a file to see later that it is unchanged. */
export interface IndexStat {
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly dev: number;
  readonly ino: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

/** An entry to put into the index. */
export interface IndexItem {
  readonly oid: string;
  readonly mode: "100644" | "100755" | "120000" | "160000";
  readonly stat: IndexStat;
}

/** An entry of the index, as read. */
export interface IndexEntry {
  readonly oid: string;
  readonly mode: string;
  /** 0, or in a merge conflict 1 (base), 2 (ours), 3 (theirs). */
  readonly stage: number;
}

/**
 * The bytes of a worktree's index, or undefined where there is none.
 * @throws git_unsupported for damage or a version that is not known, store_not_writable
 */
export function readIndexFile(repository: Repository): Buffer | undefined {
  const file = path.join(repository.gitDir, "index");
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw mapFsError(error, file);
  }
  assertIndex(bytes, file);
  return bytes;
}

/** Path to entry; of a conflicting path the last stage. @throws git_unsupported */
export function parseIndex(bytes: Buffer): Map<string, IndexEntry> {
  if (isVersion4(bytes)) return parseIndex(expandVersion4(bytes));
  const found = new Map<string, IndexEntry>();
  const place = beforeEntries();
  for (let left = countEntries(bytes); left > 0; left--) {
    moveToNext(bytes, place);
    const { at, nameStart, nameEnd } = place;
    found.set(bytes.toString("utf8", nameStart, nameEnd), {
      oid: bytes.toString("hex", at + 40, at + 60),
      mode: bytes.readUInt32BE(at + 24).toString(8),
      stage: (bytes.readUInt16BE(at + 60) >> 12) & 3,
    });
  }
  extensionsAfter(bytes, place);
  return found;
}

/** A worktree's index with `changes` in it, see spliceIndex. @throws git_unsupported, bad_ticket, store_not_writable */
export function nextIndexOf(repository: Repository, changes: ReadonlyMap<string, IndexItem | null>): Buffer {
  // Before the bytes: an older time only makes git look at more files.
  const written = lstatSync(path.join(repository.gitDir, "index"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return spliceIndex(readIndexFile(repository), changes, Math.floor(written / 1000));
}

/**
 * An index in which only `changes` differ (null: removed). Other entries, staged ones too, are copied byte for
 * byte; what cannot stand beside a new path (a file where it needs a folder). `bytes` are used up.
 *
 * An entry whose file was written in the second `written` in which the index was, or later, loses its size: until now
 * git saw from the index's time that it had to look at such a file's bytes, and the new index has another time.
 *
 * Of the extensions git's cache tree stays where it is still right; the others git rebuilds at need.
 * @throws git_unsupported for a damaged, split or sparse index; bad_ticket for a change of an unmerged path
 */
export function spliceIndex(
  bytes: Buffer | undefined,
  changes: ReadonlyMap<string, IndexItem | null>,
  written = Number.POSITIVE_INFINITY,
): Buffer {
  if (bytes !== undefined && isVersion4(bytes))
    return compressVersion4(spliceIndex(expandVersion4(bytes), changes, written));
  const build: Build = { wanted: wantedOf(changes), written, parts: [], next: 0, count: 0 };
  const last = bytes === undefined ? undefined : mergeEntries(bytes, build);
  while (build.next < build.wanted.length) addNext(build);
  const tail = bytes === undefined || last === undefined ? undefined : cacheTree(bytes, last, changes.keys());
  if (tail !== undefined) build.parts.push(tail);
  return sealed(bytes?.readUInt32BE(4) ?? 2, build.count, build.parts);
}

/** What tells one index from another without reading it whole: its checksum, which is its end; "" where there is none. */
export function indexChecksum(repository: Repository): string {
  const file = path.join(repository.gitDir, "index");
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    const end = Buffer.alloc(20);
    readSync(handle, end, 0, 20, Math.max(0, fstatSync(handle).size - 20));
    return end.toString("hex");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw mapFsError(error, file);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Where in an entry lie the second of its file's last change and its size. */
const MTIME = 8;

const SIZE = 36;

interface Wanted {
  readonly name: Buffer;
  readonly item: IndexItem | null;
  /** Whether `name` stands for everything that begins with it. */
  readonly isPrefix: boolean;
}

interface Build {
  readonly wanted: readonly Wanted[];
  readonly written: number;
  readonly parts: Buffer[];
  next: number;
  count: number;
}

/** Copies the entries that stay, with the changes between them, and returns the place of the last entry. */
function mergeEntries(bytes: Buffer, build: Build): IndexPlace {
  const place = beforeEntries();
  let kept = INDEX_HEADER;
  for (let left = countEntries(bytes); left > 0; left--) {
    moveToNext(bytes, place);
    if (bytes.readUInt32BE(place.at + MTIME) >= build.written) bytes.writeUInt32BE(0, place.at + SIZE);
    let order = orderOf(build.wanted[build.next], bytes, place);
    if (order <= 0) {
      build.parts.push(bytes.subarray(kept, place.at));
      kept = place.at;
    }
    for (; order < 0; order = orderOf(build.wanted[build.next], bytes, place)) addNext(build);
    if (order === 0) assertMerged(bytes, place);
    if (order === 0) kept = place.at + place.size;
    else build.count++;
  }
  build.parts.push(bytes.subarray(kept, place.at + place.size));
  return place;
}

function addNext(build: Build): void {
  const { name, item } = build.wanted[build.next++] as Wanted;
  if (item === null) return;
  build.parts.push(entryBytes(name, item));
  build.count++;
}

/** The changes in the index's order, with what a new path drives out: its folders as files, itself as a folder. */
function wantedOf(changes: ReadonlyMap<string, IndexItem | null>): Wanted[] {
  const items = new Map<string, IndexItem | null>(changes);
  const prefixes: string[] = [];
  for (const [name, item] of changes) {
    if (item === null) continue;
    prefixes.push(`${name}/`);
    for (let slash = name.indexOf("/"); slash > 0; slash = name.indexOf("/", slash + 1)) {
      if (!items.has(name.slice(0, slash))) items.set(name.slice(0, slash), null);
    }
  }
  return [
    ...[...items].map(([name, item]) => ({ name: Buffer.from(name), item, isPrefix: false })),
    ...prefixes.map((name) => ({ name: Buffer.from(name), item: null, isPrefix: true })),
  ].sort((left, right) => Buffer.compare(left.name, right.name));
}

/**
 * Negative where a change belongs before the entry at `place`, 0 where it is the entry's; positive without one. By
 * hand, since a native call per entry takes ten times as long.
 */
function orderOf(wanted: Wanted | undefined, bytes: Buffer, { nameStart, nameEnd }: IndexPlace): number {
  if (wanted === undefined) return 1;
  const { name, isPrefix } = wanted;
  const length = nameEnd - nameStart;
  const shared = Math.min(name.length, length);
  for (let at = 0; at < shared; at++) {
    const difference = (name[at] as number) - (bytes[nameStart + at] as number);
    if (difference !== 0) return difference;
  }
  return isPrefix && name.length <= length ? 0 : name.length - length;
}

function entryBytes(name: Buffer, { oid, mode, stat }: IndexItem): Buffer {
  const entry = Buffer.alloc((INDEX_FIXED + name.length + 8) & ~7);
  const times = [stat.ctimeMs, stat.mtimeMs];
  for (const [at, time] of times.entries()) {
    entry.writeUInt32BE(Math.floor(time / 1000) >>> 0, at * 8);
    entry.writeUInt32BE(Math.floor((time % 1000) * 1e6) >>> 0, at * 8 + 4);
  }
  const numbers = [stat.dev, stat.ino, Number.parseInt(mode, 8), stat.uid, stat.gid, stat.size];
  for (const [at, number] of numbers.entries()) entry.writeUInt32BE(number >>> 0, 16 + at * 4);
  entry.write(oid, 40, "hex");
  entry.writeUInt16BE(Math.min(name.length, 0xfff), 60);
  name.copy(entry, INDEX_FIXED);
  return entry;
}

function cacheTree(bytes: Buffer, last: IndexPlace, changed: Iterable<string>): Buffer | undefined {
  const found = extensionsAfter(bytes, last).find(({ signature }) => signature === "TREE");
  if (found === undefined) return undefined;
  const content = forgetPaths(bytes.subarray(found.start, found.end), changed);
  if (content === undefined) return undefined;
  const header = Buffer.from("TREE0000");
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}

function sealed(version: number, count: number, parts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(INDEX_HEADER);
  header.write("DIRC");
  header.writeUInt32BE(version, 4);
  header.writeUInt32BE(count, 8);
  const body = Buffer.concat([header, ...parts]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}
