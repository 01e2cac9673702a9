import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import path from "node:path";
import type { Repository } from "../repository/repository.ts";
import { forgetPaths } from "./cacheTree.ts";
import {
  assertMerged,
  beforeEntries,
  CHECKSUM,
  extensionsAfter,
  findEntries,
  INDEX_FIXED,
  INDEX_HEADER,
  type IndexPlace,
  moveToNext,
} from "./indexEntries.ts";
import { type IndexItem, readIndexFile } from "./indexFile.ts";
import { compressVersion4, expandVersion4, isVersion4 } from "./indexVersion4.ts";

/** A worktree's index with `changes` in it, see spliceIndex. @throws git_unsupported, bad_ticket, store_not_writable */
export function nextIndexOf(repository: Repository, changes: ReadonlyMap<string, IndexItem | null>): Buffer {
  // Before the bytes: an older time only makes git look at more files.
  const written = lstatSync(path.join(repository.gitDir, "index"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return spliceIndex(readIndexFile(repository, ROOM), changes, Math.floor(written / 1000), ROOM);
}

/** What a few new entries take. */
const ROOM = 4096;

/**
 * An index in which only `changes` differ (null: removed). Other entries, staged ones too, are copied byte for
 * byte; what cannot stand beside a new path (a file where it needs a folder) goes. `bytes` are used up, and `room` bytes behind
 * them.
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
  room = 0,
): Buffer {
  if (bytes !== undefined && isVersion4(bytes))
    return compressVersion4(spliceIndex(expandVersion4(bytes), changes, written));
  const wanted = wantedOf(changes);
  if (bytes === undefined) {
    const entries = wanted.flatMap(({ name, item }) => (item === null ? [] : [entryBytes(name, item)]));
    return sealed(headed(2, entries), entries.length);
  }
  const { starts, isNameless } = findEntries(bytes, written);
  const build: Build = { bytes, starts, parts: [], next: 0, count: 0 };
  for (const one of wanted) place(build, one);
  copyTo(build, starts.length - 1);
  const tail = cacheTree(bytes, starts.at(-1) as number, isNameless, changes.keys());
  if (tail !== undefined) build.parts.push(tail);
  return sealed(inPlace(bytes, room, build.parts) ?? headed(bytes.readUInt32BE(4), build.parts), build.count);
}

interface Wanted {
  readonly name: Buffer;
  readonly item: IndexItem | null;
  /** Whether `name` stands for everything that begins with it. */
  readonly isPrefix: boolean;
}

interface Build {
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  readonly parts: Buffer[];
  /** The first entry that is not decided about yet; those before it are in `parts` or left out. */
  next: number;
  count: number;
}

/** Puts a change in its place, and copies the entries before it. */
function place(build: Build, { name, item, isPrefix }: Wanted): void {
  const at = lowerBound(build, name);
  copyTo(build, at);
  if (item !== null) {
    build.parts.push(entryBytes(name, item));
    build.count++;
  }
  while (build.next < build.starts.length - 1 && isMeant(build, name, isPrefix)) {
    assertMerged(build.bytes, placeOf(build, build.next));
    build.next++;
  }
}

/** Whether the next entry is the one of that name, or one that begins with it. */
function isMeant(build: Build, name: Buffer, isPrefix: boolean): boolean {
  const { nameStart, nameEnd } = placeOf(build, build.next);
  const end = isPrefix ? Math.min(nameEnd, nameStart + name.length) : nameEnd;
  return build.bytes.compare(name, 0, name.length, nameStart, end) === 0;
}

function copyTo(build: Build, entry: number): void {
  const { bytes, starts, parts, next } = build;
  if (entry <= next) return;
  parts.push(bytes.subarray(starts[next], starts[entry]));
  build.count += entry - next;
  build.next = entry;
}

/** The first entry whose name is not before `name`. */
function lowerBound(build: Build, name: Buffer): number {
  let [low, high] = [build.next, build.starts.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { nameStart, nameEnd } = placeOf(build, middle);
    if (build.bytes.compare(name, 0, name.length, nameStart, nameEnd) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placeOf({ bytes, starts }: Build, entry: number): IndexPlace {
  const found = { ...beforeEntries(), at: starts[entry] as number };
  moveToNext(bytes, found);
  return found;
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

function cacheTree(bytes: Buffer, from: number, isNameless: boolean, changed: Iterable<string>): Buffer | undefined {
  const found = extensionsAfter(bytes, from, isNameless).find(({ signature }) => signature === "TREE");
  if (found === undefined) return undefined;
  const content = forgetPaths(bytes.subarray(found.start, found.end), changed);
  if (content === undefined) return undefined;
  const header = Buffer.from("TREE0000");
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}

/**
 * Puts the new parts between those that stay, which stay where they are or move on by a few bytes: a copy of all that
 * costs more than finding them. Undefined where one would have to move back, or there is no room.
 */
function inPlace(bytes: Buffer, room: number, parts: readonly Buffer[]): Buffer | undefined {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length + room);
  let end = INDEX_HEADER;
  const placed = parts.map((part) => {
    const from = offsetIn(bytes, part);
    const to = end;
    end += part.length;
    return { part, from, to };
  });
  if (end + CHECKSUM > whole.length || placed.some(({ from = 0, to }) => from > to)) return undefined;
  // The last one first: none is written over before it has moved.
  for (const { part, from, to } of placed.toReversed())
    if (from !== undefined && from !== to) whole.copyWithin(to, from, from + part.length);
  for (const { part, from, to } of placed) if (from === undefined) part.copy(whole, to);
  return whole.subarray(0, end + CHECKSUM);
}

/** Where a part lies in these bytes, if it is one of them: small buffers share their memory with others. */
function offsetIn(bytes: Buffer, part: Buffer): number | undefined {
  const from = part.byteOffset - bytes.byteOffset;
  return part.buffer === bytes.buffer && from >= 0 && from < bytes.length ? from : undefined;
}

function headed(version: number, parts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(INDEX_HEADER);
  header.write("DIRC");
  header.writeUInt32BE(version, 4);
  return Buffer.concat([header, ...parts, Buffer.alloc(CHECKSUM)]);
}

function sealed(bytes: Buffer, count: number): Buffer {
  bytes.writeUInt32BE(count, 8);
  createHash("sha1")
    .update(bytes.subarray(0, -CHECKSUM))
    .digest()
    .copy(bytes, bytes.length - CHECKSUM);
  return bytes;
}
