import { inflateSync } from "node:zlib";
import {
  applyDelta,
  backwardOffset,
  entryHead,
  ID_DELTA,
  OFFSET_DELTA,
  PACKED_TYPES,
  type PackedObject,
} from "./packFormat.ts";

// How an object is found in a pack and put together, gitformat-pack(5), version 2 of the index. Whoever opens packs
// says how bytes of them are come by: one read for one object, a window for many.

/** A pack that is open, with its index. */
export interface Pack {
  /** Up to so many bytes of the pack; fewer at its end. */
  packBytes(from: number, length: number): Buffer;
  /** Bytes of its index. */
  indexBytes(from: number, length: number): Buffer;
  /** The object at an offset of this pack, where it may be known already. */
  entryAt(offset: number, depth: number): PackedObject;
  /** The object of an id that a difference names. */
  base(oid: string, depth: number): PackedObject | undefined;
}

const HEADER = 8;
const FANOUT = 1024;
/** Header and fan-out of an index. */
export const INDEX_HEAD = HEADER + FANOUT;
/** At least the longest head of an entry: its size, and the id or offset of what it is a difference to. */
const LONGEST_HEAD = 40;
/** Git itself makes chains of at most 4095. */
const MAX_CHAIN = 5000;

/** How many objects an index lists, by its first bytes. @throws Error for another version, and for what is no index */
export function countInIndex(head: Buffer): number {
  const isKnown = head.length >= INDEX_HEAD && head.readUInt32BE(0) === 0xff744f63 && head.readUInt32BE(4) === 2;
  if (!isKnown) throw new Error("another index");
  return head.readUInt32BE(INDEX_HEAD - 4);
}

/** Where in its pack an object begins, by a binary search of the sorted ids; `head` has the first bytes of the index. */
export function offsetOf(pack: Pack, head: Buffer, oid: string): number | undefined {
  const wanted = Buffer.from(oid, "hex");
  const bucket = wanted[0] as number;
  const first = bucket === 0 ? 0 : head.readUInt32BE(HEADER + (bucket - 1) * 4);
  const ids = pack.indexBytes(INDEX_HEAD + first * 20, (head.readUInt32BE(HEADER + bucket * 4) - first) * 20);
  let low = 0;
  let high = ids.length / 20 - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = wanted.compare(ids, middle * 20, middle * 20 + 20);
    if (order === 0) return offsetAt(pack, head.readUInt32BE(INDEX_HEAD - 4), first + middle);
    if (order < 0) high = middle - 1;
    else low = middle + 1;
  }
  return undefined;
}

function offsetAt(pack: Pack, total: number, n: number): number {
  const table = INDEX_HEAD + total * 24;
  const offset = pack.indexBytes(table + n * 4, 4).readUInt32BE(0);
  if (offset < 0x80000000) return offset;
  return Number(pack.indexBytes(table + total * 4 + (offset - 0x80000000) * 8, 8).readBigUInt64BE(0));
}

/**
 * Puts the object at an offset together; `first` bytes are read at once, and more where those are not all of it.
 * @throws Error for a damaged pack, and for a difference to what `base` does not know
 */
export function unpack(pack: Pack, offset: number, { first = LONGEST_HEAD, depth = 0 } = {}): PackedObject {
  const head = pack.packBytes(offset, first);
  const { type, size, at } = entryHead(head);
  if (depth > MAX_CHAIN) throw new Error("a chain of differences without an end");
  if (type === OFFSET_DELTA) {
    const { back, next } = backwardOffset(head, at);
    if (back <= 0) throw new Error("a difference to itself");
    return applyDelta(pack.entryAt(offset - back, depth + 1), inflated(pack, head, offset, next, size));
  }
  if (type === ID_DELTA) {
    const base = pack.base(head.toString("hex", at, at + 20), depth + 1);
    if (base === undefined) throw new Error("a difference to an object elsewhere");
    return applyDelta(base, inflated(pack, head, offset, at + 20, size));
  }
  const name = PACKED_TYPES[type];
  if (name === undefined) throw new Error(`an entry of type ${type}`);
  return { type: name, bytes: inflated(pack, head, offset, at, size) };
}

/** What begins at `at` of the entry at `offset`, whose first bytes are `head`. */
function inflated(pack: Pack, head: Buffer, offset: number, at: number, size: number): Buffer {
  // Deflate never makes more of it than five bytes a block, and zlib ends where the stream does.
  const most = at + size + (size >> 8) + 64;
  const entry = most <= head.length ? head : pack.packBytes(offset, most);
  const bytes = inflateSync(entry.subarray(at));
  if (bytes.length !== size) throw new Error("an entry of another length");
  return bytes;
}
