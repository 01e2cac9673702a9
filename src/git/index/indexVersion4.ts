import { createHash } from "node:crypto";
import {
  beforeEntries,
  countEntries,
  damagedIndex,
  EXTENDED,
  INDEX_FIXED,
  INDEX_HEADER,
  moveToNext,
} from "./indexEntries.ts";

const CHECKSUM = 20;
/** The extensions that say where entries lie: git makes them again, and does without them. */
const OFFSETS = ["EOIE", "IEOT"];

/** Whether an index has its names compressed. */
export function isVersion4(bytes: Buffer): boolean {
  return bytes.length >= 8 && bytes.readUInt32BE(4) === 4;
}

/** The same index as version 2, or 3 where an entry has flags that only that knows. @throws git_unsupported for damage */
export function expandVersion4(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let isExtended = false;
  let at = INDEX_HEADER;
  for (const { start, fixed, name, next } of compressedEntries(bytes)) {
    const entry = Buffer.alloc((fixed + name.length + 8) & ~7);
    bytes.copy(entry, 0, start, start + fixed);
    name.copy(entry, fixed);
    parts.push(entry);
    isExtended ||= fixed > INDEX_FIXED;
    at = next;
  }
  return resealed(bytes, isExtended ? 3 : 2, [...parts, ...extensions(bytes, at)]);
}

/** The same index as version 4; what it is given is of version 2 or 3. @throws git_unsupported for damage */
export function compressVersion4(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  const place = beforeEntries();
  let before: Buffer = Buffer.alloc(0);
  for (let left = countEntries(bytes); left > 0; left--) {
    moveToNext(bytes, place);
    const name = bytes.subarray(place.nameStart, place.nameEnd);
    const shared = sharedLength(before, name);
    const cut = cutBytes(before.length - shared);
    parts.push(bytes.subarray(place.at, place.nameStart), cut, name.subarray(shared), Buffer.of(0));
    before = name;
  }
  return resealed(bytes, 4, [...parts, ...extensions(bytes, place.at + place.size)]);
}

/** An entry of an index of version 4. `fixed`: the bytes before what is there of its name. */
interface CompressedEntry {
  readonly start: number;
  readonly fixed: number;
  readonly name: Buffer;
  readonly next: number;
}

/** Version 4 has of each name how much of the one before to cut off, and what to add. @throws git_unsupported */
export function* compressedEntries(bytes: Buffer): Generator<CompressedEntry> {
  let name: Buffer = Buffer.alloc(0);
  let start = INDEX_HEADER;
  for (let left = countEntries(bytes); left > 0; left--) {
    if (start + INDEX_FIXED > bytes.length - CHECKSUM) throw damagedIndex("the git index");
    const fixed = INDEX_FIXED + ((bytes.readUInt16BE(start + 60) & EXTENDED) === 0 ? 0 : 2);
    const { cut, next } = readCut(bytes, start + fixed);
    const end = bytes.indexOf(0, next);
    if (end < 0 || end >= bytes.length - CHECKSUM || cut > name.length) throw damagedIndex("the git index");
    name = Buffer.concat([name.subarray(0, name.length - cut), bytes.subarray(next, end)]);
    yield { start, fixed, name, next: end + 1 };
    start = end + 1;
  }
}

/** Git's offset encoding: seven bits a byte, the highest first, each further byte adding one. */
function readCut(bytes: Buffer, at: number): { cut: number; next: number } {
  let next = at;
  let byte = bytes[next++] ?? 0;
  let cut = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes[next++] ?? 0;
    cut = (cut + 1) * 128 + (byte & 0x7f);
  }
  return { cut, next };
}

function cutBytes(cut: number): Buffer {
  const found = [cut & 0x7f];
  for (let left = cut >> 7; left > 0; left >>= 7) found.unshift(0x80 | (--left & 0x7f));
  return Buffer.from(found);
}

function sharedLength(one: Buffer, other: Buffer): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** What follows the entries, without what is true of one version only. */
function extensions(bytes: Buffer, from: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = from; at + 8 <= bytes.length - CHECKSUM; ) {
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    if (end > bytes.length - CHECKSUM) throw damagedIndex("the git index");
    if (!OFFSETS.includes(bytes.toString("latin1", at, at + 4))) found.push(bytes.subarray(at, end));
    at = end;
  }
  return found;
}

/** A checksum is made anew only where the old one was right: damage must stay damage. Git may leave it out. */
function resealed(bytes: Buffer, version: number, parts: readonly Buffer[]): Buffer {
  const seal = bytes.subarray(-CHECKSUM);
  const isLeftOut = seal.every((byte) => byte === 0);
  if (!isLeftOut && !seal.equals(checksumOf(bytes.subarray(0, -CHECKSUM)))) throw damagedIndex("the git index");
  const header = Buffer.from(bytes.subarray(0, INDEX_HEADER));
  header.writeUInt32BE(version, 4);
  const body = Buffer.concat([header, ...parts]);
  return Buffer.concat([body, isLeftOut ? seal : checksumOf(body)]);
}

function checksumOf(bytes: Buffer): Buffer {
  return createHash("sha1").update(bytes).digest();
}
