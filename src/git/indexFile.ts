import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { createExclusive, mapFsError, syncDir } from "./durable.ts";
import { type Repository, unsupported } from "./repository.ts";

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
  readonly mode: "100644" | "100755";
  readonly stat: IndexStat;
}

/** An entry of the index, as read. */
export interface IndexEntry {
  readonly oid: string;
  readonly mode: string;
  readonly stage: number;
}

const HEADER = 12;
const FIXED = 62;
const EXTENDED = 0x4000;

/** The bytes of a worktree's index, or undefined where there is none. */
export function readIndexFile(repository: Repository): Buffer | undefined {
  const file = path.join(repository.gitDir, "index");
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw mapFsError(error, file);
  }
  assertReadable(bytes, file);
  return bytes;
}

/** Path to entry; of a conflicting path the last stage. */
export function parseIndex(bytes: Buffer): Map<string, IndexEntry> {
  const found = new Map<string, IndexEntry>();
  const place: Place = { at: HEADER, nameStart: 0, nameEnd: 0, size: 0 };
  const total = bytes.readUInt32BE(8);
  for (let entry = 0; entry < total; entry++) {
    moveTo(bytes, place, place.at + place.size);
    const { at, nameStart, nameEnd } = place;
    found.set(bytes.toString("utf8", nameStart, nameEnd), {
      oid: bytes.toString("hex", at + 40, at + 60),
      mode: bytes.readUInt32BE(at + 24).toString(8),
      stage: (bytes.readUInt16BE(at + 60) >> 12) & 3,
    });
  }
  assertExtensions(bytes, place.at + place.size);
  return found;
}

/**
 * An index in which only `changes` differ (null: removed). Other entries, staged ones too, are copied byte for
 * byte; extensions, which git rebuilds at need, are dropped.
 */
export function spliceIndex(bytes: Buffer | undefined, changes: ReadonlyMap<string, IndexItem | null>): Buffer {
  const wanted = [...changes]
    .map(([name, item]) => ({ name: Buffer.from(name), item }))
    .sort((left, right) => Buffer.compare(left.name, right.name));
  const parts: Buffer[] = [];
  let count = 0;
  let next = 0;
  const addBefore = (place?: Place): void => {
    const isHere = (name: Buffer): boolean => place === undefined || orderOf(name, bytes as Buffer, place) < 0;
    for (let one = wanted[next]; one !== undefined && isHere(one.name); one = wanted[++next]) {
      if (one.item === null) continue;
      parts.push(entryBytes(one.name, one.item));
      count++;
    }
  };
  let kept = HEADER;
  let lastEnd = HEADER;
  const copyTo = (end: number): void => {
    if (bytes !== undefined && end > kept) parts.push(bytes.subarray(kept, end));
    kept = end;
  };
  const total = bytes?.readUInt32BE(8) ?? 0;
  const place: Place = { at: HEADER, nameStart: 0, nameEnd: 0, size: 0 };
  for (let entry = 0; bytes !== undefined && entry < total; entry++) {
    moveTo(bytes, place, lastEnd);
    if (orderOf(wanted[next]?.name, bytes, place) < 0) {
      copyTo(place.at);
      addBefore(place);
    }
    lastEnd = place.at + place.size;
    if (orderOf(wanted[next]?.name, bytes, place) === 0) {
      copyTo(place.at);
      kept = lastEnd;
    } else count++;
  }
  copyTo(Math.max(kept, lastEnd));
  addBefore();
  if (bytes !== undefined) assertExtensions(bytes, lastEnd);
  return sealed(bytes?.readUInt32BE(4) ?? 2, count, parts);
}

/** Takes index.lock with the complete new index in it; false when somebody has it. */
export function lockIndex(repository: Repository, bytes: Buffer): boolean {
  return createExclusive(path.join(repository.gitDir, "index.lock"), bytes, repository.gitDir);
}

/** Makes the index that index.lock holds the index. */
export function commitIndex(repository: Repository): void {
  const file = path.join(repository.gitDir, "index");
  try {
    renameSync(`${file}.lock`, file);
  } catch (error) {
    throw mapFsError(error, file);
  }
  syncDir(repository.gitDir);
}

/** Whether index.lock is ours: it ends in the checksum of the index that we meant to write. */
export function ownIndexLock(repository: Repository, checksum: Buffer): boolean {
  try {
    return readFileSync(path.join(repository.gitDir, "index.lock")).subarray(-20).equals(checksum);
  } catch {
    return false;
  }
}

/** Removes index.lock if it is ours. */
export function dropIndexLock(repository: Repository, checksum: Buffer): void {
  if (ownIndexLock(repository, checksum)) rmSync(path.join(repository.gitDir, "index.lock"), { force: true });
}

function assertReadable(bytes: Buffer, file: string): void {
  if (bytes.length < HEADER + 20 || bytes.toString("latin1", 0, 4) !== "DIRC")
    throw unsupported(file, "a damaged index");
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw unsupported(file, `index version ${version}`);
}

/** Split and sparse indexes leave out entries; a tree made from one would be corrupt. */
function assertExtensions(bytes: Buffer, start: number): void {
  for (let at = start; at + 8 <= bytes.length - 20; at += 8 + bytes.readUInt32BE(at + 4)) {
    const signature = bytes.toString("latin1", at, at + 4);
    if (signature === "link") throw unsupported("the git index", "a split index");
    if (signature === "sdir") throw unsupported("the git index", "a sparse index");
  }
}

/** Where an entry and its name lie. One object moves over all of them: there may be ten thousand. */
interface Place {
  at: number;
  nameStart: number;
  nameEnd: number;
  size: number;
}

function moveTo(bytes: Buffer, place: Place, at: number): void {
  const flags = at + FIXED <= bytes.length ? bytes.readUInt16BE(at + 60) : 0;
  const length = flags & 0xfff;
  place.at = at;
  place.nameStart = at + FIXED + ((flags & EXTENDED) === 0 ? 0 : 2);
  place.nameEnd = length < 0xfff ? place.nameStart + length : bytes.indexOf(0, place.nameStart);
  place.size = Math.floor((place.nameEnd - at + 8) / 8) * 8;
  if (length === 0 || place.nameEnd < 0 || at + place.size > bytes.length - 20) {
    throw unsupported("the git index", "a damaged entry");
  }
}

/** Negative where a name belongs before the entry at `place`, 0 where it is the entry's; positive without a name. */
function orderOf(name: Buffer | undefined, bytes: Buffer, place: Place): number {
  return name === undefined ? 1 : name.compare(bytes, place.nameStart, place.nameEnd);
}

function entryBytes(name: Buffer, { oid, mode, stat }: IndexItem): Buffer {
  const entry = Buffer.alloc(Math.floor((FIXED + name.length + 8) / 8) * 8);
  const times = [stat.ctimeMs, stat.mtimeMs];
  for (const [at, time] of times.entries()) {
    entry.writeUInt32BE(Math.floor(time / 1000) >>> 0, at * 8);
    entry.writeUInt32BE(Math.floor((time % 1000) * 1e6) >>> 0, at * 8 + 4);
  }
  const numbers = [stat.dev, stat.ino, Number.parseInt(mode, 8), stat.uid, stat.gid, stat.size];
  for (const [at, number] of numbers.entries()) entry.writeUInt32BE(number >>> 0, 16 + at * 4);
  entry.write(oid, 40, "hex");
  entry.writeUInt16BE(Math.min(name.length, 0xfff), 60);
  name.copy(entry, FIXED);
  return entry;
}

function sealed(version: number, count: number, parts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER);
  header.write("DIRC");
  header.writeUInt32BE(version, 4);
  header.writeUInt32BE(count, 8);
  const body = Buffer.concat([header, ...parts]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}
