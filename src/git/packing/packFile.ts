import { createHash, type Hash } from "node:crypto";
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { giveToFolder } from "../../folderOwner.ts";
import type { GitObject } from "../objects/objects.ts";
import { entryHeader, indexBytes, type Packed, TYPES } from "../objects/pack.ts";
import { OFFSET_DELTA } from "../objects/packFormat.ts";
import { makeDelta } from "./delta.ts";
import type { Planned } from "./packPlan.ts";

/** A pack and its index, complete and synced, under names that only who wrote them knows. */
export interface TemporaryPack {
  readonly pack: string;
  readonly index: string;
}

/** What is called so in `objects/pack` was left by a packer that died, unless one is at work. */
export const TEMPORARY_PACK = /^tmp_(?:pack|idx)_ayo\w+$/;

/** Longer packs would need another index. */
const MAX_BYTES = 2 ** 31;

interface Open {
  readonly handle: number;
  readonly hash: Hash;
  readonly packed: Packed[];
  offset: number;
}

/**
 * Writes objects into a pack, one after the other: there may be gigabytes of them.
 * @throws the system's own errors, and where `read` does; nothing is left then
 */
export function writePackFile(
  folder: string,
  plan: readonly Planned[],
  read: (oid: string) => GitObject,
): TemporaryPack {
  const name = `ayo${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  const pack = path.join(folder, `tmp_pack_${name}`);
  const index = path.join(folder, `tmp_idx_${name}`);
  try {
    const { packed, checksum } = inFile(pack, (handle) => writeEntries(handle, plan, read));
    inFile(index, (handle) => writeAll(handle, indexBytes(packed, checksum)));
    return { pack, index };
  } catch (error) {
    for (const file of [pack, index]) rmSync(file, { force: true });
    throw error;
  }
}

function inFile<T>(file: string, work: (handle: number) => T): T {
  const handle = openSync(file, "wx", 0o444);
  try {
    giveToFolder(handle, file);
    const result = work(handle);
    fsyncSync(handle);
    return result;
  } finally {
    closeSync(handle);
  }
}

function writeEntries(
  handle: number,
  plan: readonly Planned[],
  read: (oid: string) => GitObject,
): { readonly packed: readonly Packed[]; readonly checksum: Buffer } {
  const open: Open = { handle, hash: createHash("sha1"), packed: [], offset: 0 };
  const header = Buffer.alloc(12);
  header.write("PACK");
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(plan.length, 8);
  append(open, header);
  const offsets = new Map<string, number>();
  for (const { oid, type, base } of plan) {
    const { bytes } = read(oid);
    const from = base === undefined ? undefined : offsets.get(base);
    const delta = from === undefined ? undefined : makeDelta(read(base as string).bytes, bytes, type === "tree");
    const head =
      delta === undefined || from === undefined
        ? entryHeader(TYPES[type], bytes.length)
        : Buffer.concat([entryHeader(OFFSET_DELTA, delta.length), backwards(open.offset - from)]);
    const entry = Buffer.concat([head, deflateSync(delta ?? bytes)]);
    offsets.set(oid, open.offset);
    open.packed.push({ oid, offset: open.offset, crc: crc32(entry) });
    append(open, entry);
    if (open.offset >= MAX_BYTES) throw new Error("2 GiB are too much for one pack");
  }
  const checksum = open.hash.digest();
  writeAll(handle, checksum);
  return { packed: open.packed, checksum };
}

function append(open: Open, bytes: Buffer): void {
  writeAll(open.handle, bytes);
  open.hash.update(bytes);
  open.offset += bytes.length;
}

function writeAll(handle: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
}

/** How far back a base lies, as `backwardOffset` reads it. */
function backwards(distance: number): Buffer {
  const bytes = [distance & 127];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift((--rest & 127) | 128);
  return Buffer.from(bytes);
}
