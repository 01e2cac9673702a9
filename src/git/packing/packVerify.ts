import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { crc32, inflateSync } from "node:zlib";
import { KeptObjects } from "../objects/keptObjects.ts";
import { hashObject, type ObjectType } from "../objects/objects.ts";
import {
  applyDelta,
  backwardOffset,
  entryHead,
  OFFSET_DELTA,
  PACKED_TYPES,
  type PackedObject,
} from "../objects/packFormat.ts";

const HEADER = 8 + 1024;
/** What is kept of the objects that others are differences to, in bytes. */
const MAX_KEPT = 64 * 1024 * 1024;

/** Objects by their place. */
type Kept = KeptObjects<number, PackedObject>;

interface Entry {
  readonly oid: string;
  readonly offset: number;
  readonly crc: number;
}

/**
 * Reads a pack of ours and its index back from the disk, every byte: both checksums, and each object put together and
 * hashed. Returns the ids of all of them.
 * @throws Error for whatever is not as it must be
 */
export function verifyPack(pack: string, index: string): ReadonlySet<string> {
  const handle = openSync(pack, "r");
  try {
    const { size } = fstatSync(handle);
    const checksum = checksumOf(handle, size);
    const entries = entriesOf(readFileSync(index), checksum);
    if (bytesAt(handle, 8, 4).readUInt32BE(0) !== entries.length) throw new Error("another number of objects");
    const ends = new Map(entries.map(({ offset }, at) => [offset, entries[at + 1]?.offset ?? size - 20]));
    const read = (offset: number): Buffer => bytesAt(handle, offset, (ends.get(offset) ?? 0) - offset);
    // Bases lie before what is a difference to them.
    const kept: Kept = new KeptObjects(MAX_KEPT);
    for (const { oid, offset, crc } of entries) {
      if (crc32(read(offset)) !== crc) throw new Error(`damaged entry ${oid}`);
      const object = unpack(offset, kept, read);
      if (hashObject(object.type as ObjectType, object.bytes) !== oid) throw new Error(`not ${oid}`);
      kept.set(offset, object);
    }
    return new Set(entries.map(({ oid }) => oid));
  } finally {
    closeSync(handle);
  }
}

function unpack(offset: number, kept: Kept, read: (offset: number) => Buffer): PackedObject {
  const bytes = read(offset);
  const { type, size: length, at } = entryHead(bytes);
  const inflated = (from: number): Buffer => {
    const content = inflateSync(bytes.subarray(from));
    if (content.length !== length) throw new Error("an entry of another length");
    return content;
  };
  if (type === OFFSET_DELTA) {
    const { back, next } = backwardOffset(bytes, at);
    if (back <= 0 || back > offset) throw new Error("a base outside");
    const from = offset - back;
    return applyDelta(kept.get(from) ?? unpack(from, kept, read), inflated(next));
  }
  const name = PACKED_TYPES[type];
  if (name === undefined) throw new Error(`an entry of type ${type}`);
  return { type: name, bytes: inflated(at) };
}

function checksumOf(handle: number, size: number): Buffer {
  const hash = createHash("sha1");
  for (let at = 0; at < size - 20; ) {
    const bytes = bytesAt(handle, at, Math.min(1 << 20, size - 20 - at));
    hash.update(bytes);
    at += bytes.length;
  }
  const checksum = hash.digest();
  if (!checksum.equals(bytesAt(handle, size - 20, 20))) throw new Error("another checksum");
  return checksum;
}

/** The entries by their place in the pack. */
function entriesOf(index: Buffer, packChecksum: Buffer): Entry[] {
  const seal = createHash("sha1").update(index.subarray(0, -20)).digest();
  if (!seal.equals(index.subarray(-20)) || !packChecksum.equals(index.subarray(-40, -20)))
    throw new Error("a damaged index");
  const count = index.readUInt32BE(HEADER - 4);
  const [crcs, offsets] = [HEADER + count * 20, HEADER + count * 24];
  const entries = Array.from({ length: count }, (_, at) => ({
    oid: index.toString("hex", HEADER + at * 20, HEADER + at * 20 + 20),
    crc: index.readUInt32BE(crcs + at * 4),
    offset: index.readUInt32BE(offsets + at * 4),
  }));
  return entries.sort((left, right) => left.offset - right.offset);
}

function bytesAt(handle: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, length));
  for (let done = 0; done < bytes.length; ) {
    const count = readSync(handle, bytes, done, bytes.length - done, from + done);
    if (count === 0) throw new Error("the pack ends early");
    done += count;
  }
  return bytes;
}
