import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { inflateSync } from "node:zlib";
import { namesIn, type Repository } from "../repository/repository.ts";
import type { GitObject } from "./objects.ts";
import { applyDelta, backwardOffset, entryHead, ID_DELTA, OFFSET_DELTA, PACKED_TYPES } from "./packFormat.ts";

/** Reads objects from the packs of one object folder; for reading many of them at once. */
export interface PackReader {
  /** The object, or undefined where no pack has it whole. */
  read(oid: string): GitObject | undefined;
  close(): void;
}

interface Pack {
  /** `pack-….idx`, version 2 (gitformat-pack(5)). */
  readonly index: Buffer;
  readonly count: number;
  readonly file: string;
  handle: number | undefined;
  /** The piece of the pack that was read last: commits lie together. */
  window: { readonly from: number; readonly bytes: Buffer };
}

const HEADER = 8;
const FANOUT = 1024;
const OIDS = HEADER + FANOUT;
const WINDOW = 128 * 1024;
/** At least the longest head of an entry: its size, and the id or offset of what it is a difference to. */
const HEAD = 40;
/** Git itself makes chains of at most 4095. */
const MAX_CHAIN = 5000;

/** Opens the packs that are there now; indexes that are damaged or of version 1 are passed over. */
export function openPacks({ commonDir }: Pick<Repository, "commonDir">): PackReader {
  const folder = path.join(commonDir, "objects", "pack");
  const packs = namesIn(folder).flatMap((name) => (name.endsWith(".idx") ? openPack(path.join(folder, name)) : []));
  const find = (oid: string): { pack: Pack; offset: number } | undefined => {
    const wanted = Buffer.from(oid, "hex");
    for (const pack of packs) {
      const offset = offsetOf(pack, wanted);
      if (offset !== undefined) return { pack, offset };
    }
    return undefined;
  };
  const read = (oid: string): GitObject | undefined => {
    const place = find(oid);
    try {
      return place === undefined ? undefined : readAt(place.pack, place.offset, read, 0);
    } catch {
      return undefined;
    }
  };
  return {
    read,
    close: () => {
      for (const pack of packs) if (pack.handle !== undefined) closeSync(pack.handle);
    },
  };
}

function openPack(file: string): Pack[] {
  try {
    const index = readFileSync(file);
    const isKnown = index.readUInt32BE(0) === 0xff744f63 && index.readUInt32BE(4) === 2;
    const count = index.readUInt32BE(OIDS - 4);
    if (!isKnown || index.length < OIDS + count * 28 + 40) return [];
    const pack = file.replace(/idx$/, "pack");
    return [{ index, count, file: pack, handle: undefined, window: { from: 0, bytes: Buffer.alloc(0) } }];
  } catch {
    return [];
  }
}

/** Where in the pack an object begins, by a binary search of the sorted ids. */
function offsetOf({ index, count }: Pack, wanted: Buffer): number | undefined {
  const first = wanted[0] as number;
  let low = first === 0 ? 0 : index.readUInt32BE(HEADER + (first - 1) * 4);
  let high = index.readUInt32BE(HEADER + first * 4);
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = OIDS + middle * 20;
    const order = index.compare(wanted, 0, 20, at, at + 20);
    if (order === 0) return offsetAt(index, count, middle);
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

function offsetAt(index: Buffer, count: number, at: number): number {
  const offsets = OIDS + count * 24;
  const offset = index.readUInt32BE(offsets + at * 4);
  if (offset < 0x80000000) return offset;
  return Number(index.readBigUInt64BE(offsets + count * 4 + (offset - 0x80000000) * 8));
}

function readAt(pack: Pack, offset: number, base: (oid: string) => GitObject | undefined, depth: number): GitObject {
  const head = bytesAt(pack, offset, HEAD);
  const { type, size, at } = entryHead(head);
  if (type === OFFSET_DELTA) {
    const { back, next } = backwardOffset(head, at);
    if (depth > MAX_CHAIN || back <= 0) throw new Error("damaged pack");
    return applyDelta(readAt(pack, offset - back, base, depth + 1), inflated(pack, offset + next, size));
  }
  if (type === ID_DELTA) {
    const found = depth > MAX_CHAIN ? undefined : base(head.toString("hex", at, at + 20));
    if (found === undefined) throw new Error("missing base");
    return applyDelta(found, inflated(pack, offset + at + 20, size));
  }
  const name = PACKED_TYPES[type];
  if (name === undefined) throw new Error("damaged pack");
  return { type: name, bytes: inflated(pack, offset + at, size) };
}

function inflated(pack: Pack, at: number, size: number): Buffer {
  // Deflate never makes more of it than five bytes a block, and zlib ends where the stream does.
  const bytes = inflateSync(bytesAt(pack, at, size + (size >> 8) + 64));
  if (bytes.length !== size) throw new Error("damaged pack");
  return bytes;
}

/** At most `length` bytes of the pack from `from`; fewer at its end. */
function bytesAt(pack: Pack, from: number, length: number): Buffer {
  let start = from - pack.window.from;
  if (start < 0 || start + length > pack.window.bytes.length) {
    // Commits lie in the order of a walk (git gc) or against it (git fast-import), so look both ways.
    start = Math.min(from, WINDOW / 2);
    pack.handle ??= openSync(pack.file, "r");
    const bytes = Buffer.allocUnsafe(start + Math.max(length, WINDOW / 2));
    const read = readSync(pack.handle, bytes, 0, bytes.length, from - start);
    pack.window = { from: from - start, bytes: bytes.subarray(0, read) };
  }
  const found = pack.window.bytes.subarray(start, start + length);
  if (found.length === 0) throw new Error("past the end of the pack");
  return found;
}
