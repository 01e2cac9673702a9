import { beforeEntries, countEntries, INDEX_FIXED, INDEX_HEADER, moveToNext } from "./indexEntries.ts";

const EXTENDED = 0x4000;

/**
 * The path of every entry of an index of version 2, 3 or 4; a sparse index has folders among them, with a slash at
 * the end. @throws git_unsupported, RangeError for a damaged one
 */
export function* indexNames(bytes: Buffer): Generator<string> {
  if (bytes.readUInt32BE(4) === 4) {
    yield* compressedNames(bytes);
    return;
  }
  const place = beforeEntries();
  for (let left = countEntries(bytes); left > 0; left--) {
    moveToNext(bytes, place);
    yield bytes.toString("utf8", place.nameStart, place.nameEnd);
  }
}

/** Version 4 has of each name how much of the one before to cut off, and what to add. */
function* compressedNames(bytes: Buffer): Generator<string> {
  let name = Buffer.alloc(0);
  let at = INDEX_HEADER;
  for (let left = countEntries(bytes); left > 0; left--) {
    const isExtended = (bytes.readUInt16BE(at + 60) & EXTENDED) !== 0;
    const { cut, next } = readCut(bytes, at + INDEX_FIXED + (isExtended ? 2 : 0));
    const end = bytes.indexOf(0, next);
    if (end < 0 || cut > name.length) throw new RangeError("a damaged index");
    name = Buffer.concat([name.subarray(0, name.length - cut), bytes.subarray(next, end)]);
    yield name.toString("utf8");
    at = end + 1;
  }
}

/** Git's offset encoding: seven bits a byte, the highest first, each further byte adding one. */
function readCut(bytes: Buffer, at: number): { cut: number; next: number } {
  let next = at;
  let byte = bytes.readUInt8(next++);
  let cut = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes.readUInt8(next++);
    cut = ((cut + 1) << 7) | (byte & 0x7f);
  }
  return { cut, next };
}
