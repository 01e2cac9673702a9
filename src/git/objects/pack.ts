import { createHash } from "node:crypto";
import path from "node:path";
import { constants, crc32, deflateSync } from "node:zlib";
import { AyoError } from "../../error.ts";
import { ensureDir, writeDurable } from "../disk/durable.ts";
import type { Repository } from "../repository/repository.ts";
import { hashObject, type ObjectType } from "./objects.ts";

/** An object to be packed. */
export interface PackObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

/** Where an object lies in a pack. */
export interface Packed {
  readonly oid: string;
  readonly offset: number;
  readonly crc: number;
}

/** The numbers that a pack has for the kinds of objects. */
export const TYPES: Readonly<Record<ObjectType | "tag", number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/**
 * Stores many objects as one synced pack with its index, so that an import costs two fsyncs and not one an object.
 * `name` is the pack's, without an ending; undefined where there was nothing to store.
 * @throws bad_input for 2 GiB and more, disk_full, store_not_writable
 */
export function writePack(
  repository: Repository,
  objects: Iterable<PackObject>,
): {
  readonly oids: readonly string[];
  readonly name?: string;
} {
  const unique = new Map<string, PackObject>();
  for (const object of objects) unique.set(hashObject(object.type, object.bytes), object);
  if (unique.size === 0) return { oids: [] };
  const { bytes, packed } = packBytes(unique);
  const checksum = bytes.subarray(-20);
  const folder = path.join(repository.commonDir, "objects", "pack");
  ensureDir(folder);
  const name = path.join(folder, `pack-${checksum.toString("hex")}`);
  writeDurable(`${name}.pack`, bytes, { tmpDir: folder, mode: 0o444 });
  writeDurable(`${name}.idx`, indexBytes(packed, checksum), { tmpDir: folder, mode: 0o444 });
  return { oids: [...unique.keys()], name: path.basename(name) };
}

function packBytes(objects: ReadonlyMap<string, PackObject>): { bytes: Buffer; packed: Packed[] } {
  const header = Buffer.alloc(12);
  header.write("PACK");
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(objects.size, 8);
  const parts: Buffer[] = [header];
  const packed: Packed[] = [];
  let offset = header.length;
  for (const [oid, { type, bytes }] of objects) {
    const entry = Buffer.concat([
      entryHeader(TYPES[type], bytes.length),
      deflateSync(bytes, { level: constants.Z_BEST_SPEED }),
    ]);
    packed.push({ oid, offset, crc: crc32(entry) });
    parts.push(entry);
    offset += entry.length;
  }
  if (offset >= 2 ** 31) throw new AyoError("bad_input", "2 GiB are too much for one pack; change less at once");
  const body = Buffer.concat(parts);
  return { bytes: Buffer.concat([body, createHash("sha1").update(body).digest()]), packed };
}

/** Type in three bits, size in four and then seven at a time, the lowest first. */
export function entryHeader(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let first = (type << 4) | (size & 15);
  let rest = Math.floor(size / 16);
  while (rest > 0) {
    bytes.push(first | 0x80);
    first = rest & 0x7f;
    rest = Math.floor(rest / 128);
  }
  bytes.push(first);
  return Buffer.from(bytes);
}

/** A version 2 index: fan-out, ids, checksums, offsets. Packs stay under 2 GiB, so there are no long offsets. */
export function indexBytes(packed: readonly Packed[], packChecksum: Buffer): Buffer {
  const sorted = [...packed].sort((left, right) => (left.oid < right.oid ? -1 : 1));
  const table = Buffer.alloc(8 + 1024 + sorted.length * 28);
  table.writeUInt32BE(0xff744f63, 0);
  table.writeUInt32BE(2, 4);
  let seen = 0;
  for (let first = 0; first < 256; first++) {
    while (seen < sorted.length && Number.parseInt((sorted[seen] as Packed).oid.slice(0, 2), 16) <= first) seen++;
    table.writeUInt32BE(seen, 8 + first * 4);
  }
  const ids = 8 + 1024;
  const crcs = ids + sorted.length * 20;
  const offsets = crcs + sorted.length * 4;
  for (const [at, { oid, crc, offset }] of sorted.entries()) {
    table.write(oid, ids + at * 20, "hex");
    table.writeUInt32BE(crc, crcs + at * 4);
    table.writeUInt32BE(offset, offsets + at * 4);
  }
  const body = Buffer.concat([table, packChecksum]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}
