import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { inflateSync } from "node:zlib";
import { namesIn } from "../repository/repository.ts";
import { KeptObjects } from "./keptObjects.ts";
import {
  applyDelta,
  backwardOffset,
  entryHead,
  ID_DELTA,
  OFFSET_DELTA,
  PACKED_TYPES,
  type PackedObject,
} from "./packFormat.ts";

const HEADER = 8;
const FANOUT = 1024;
/** At least the longest head of an entry: its size, and the id or offset of what it is a difference to. */
const FIRST_READ = 1024;
/** What is kept of objects that others are differences to: neighbours in a history share them. In bytes. */
const MAX_KEPT = 48 * 1024 * 1024;

/** What makes this reader give up; the caller then asks one that knows more. */
class Unsure extends Error {}

/**
 * Reads an object from the packs by looking only at its own bytes: `absent` where no pack lists it, `unsure` for a
 * pack of an old format, a damaged one, or one that vanished. The object's id is for the caller to verify.
 */
export function readFromPacks(commonDir: string, oid: string): PackedObject | "absent" | "unsure" {
  let isSure = true;
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch {
      isSure = false;
      return undefined;
    }
  };
  const find = (): PackedObject | undefined => {
    const open = attempt(() => packsOf(commonDir));
    if (open?.isWhole !== true) isSure = false;
    for (const pack of open?.packs ?? []) {
      const object = attempt(() => {
        const offset = findOffset(pack, oid);
        return offset === undefined ? undefined : readEntry(pack, offset);
      });
      if (object !== undefined) return object;
    }
    return undefined;
  };
  const found = find();
  if (found !== undefined || areListed(commonDir)) return found ?? (isSure ? "absent" : "unsure");
  // A pack that came within the same tick of the clock as those that are open.
  closePacks(path.join(commonDir, "objects", "pack"));
  isSure = true;
  return find() ?? (isSure ? "absent" : "unsure");
}

/** Whether the packs that are open are those that there are. */
function areListed(commonDir: string): boolean {
  const folder = path.join(commonDir, "objects", "pack");
  const open = (folders.get(folder)?.packs ?? []).map(({ name }) => `${path.basename(name)}.idx`);
  const there = namesIn(folder).filter(isIndex);
  return there.length === open.length && there.every((name) => open.includes(name));
}

function isIndex(name: string): boolean {
  return /^pack-.*\.idx$/.test(name);
}

interface OpenPack {
  readonly name: string;
  readonly pack: number;
  readonly packSize: number;
  readonly idx: number;
  /** Header and fan-out of the index. */
  readonly head: Buffer;
}

interface OpenFolder {
  readonly mtimeMs: number;
  readonly packs: readonly OpenPack[];
  /** Whether all that are listed could be opened. */
  isWhole: boolean;
}

/** Packs stay open while their folder is as it was; a few folders, since a process may see many stores. */
const folders = new Map<string, OpenFolder>();
const MAX_FOLDERS = 8;

function packsOf(commonDir: string): OpenFolder {
  const folder = path.join(commonDir, "objects", "pack");
  const mtimeMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const known = folders.get(folder);
  if (known?.mtimeMs === mtimeMs) return known;
  closePacks(folder);
  for (const oldest of folders.keys()) if (folders.size >= MAX_FOLDERS) closePacks(oldest);
  const names = namesIn(folder).filter(isIndex);
  const packs: OpenPack[] = [];
  // Registered first: what is open when one of them cannot be opened has to be closed some time.
  const opened: OpenFolder = { mtimeMs, packs, isWhole: true };
  folders.set(folder, opened);
  for (const name of names) {
    try {
      packs.push(openPack(path.join(folder, name.slice(0, -4))));
    } catch {
      // One whose pack is not there yet, or no more, keeps nobody from the others.
      opened.isWhole = false;
    }
  }
  return opened;
}

function closePacks(folder: string): void {
  for (const { pack, idx } of folders.get(folder)?.packs ?? []) {
    closeSync(pack);
    closeSync(idx);
  }
  folders.delete(folder);
}

function openPack(name: string): OpenPack {
  const idx = openSync(`${name}.idx`, "r");
  try {
    const head = read(idx, 0, HEADER + FANOUT);
    if (head.length < HEADER + FANOUT || head.readUInt32BE(0) !== 0xff744f63 || head.readUInt32BE(4) !== 2)
      throw new Unsure("another index");
    const pack = openSync(`${name}.pack`, "r");
    return { name, pack, packSize: fstatSync(pack).size, idx, head };
  } catch (error) {
    closeSync(idx);
    throw error;
  }
}

const kept = new KeptObjects<string, PackedObject>(MAX_KEPT);

function readEntry(pack: OpenPack, offset: number): PackedObject {
  const key = `${pack.name}:${pack.packSize}:${offset}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const object = unpackEntry(pack, offset);
  if (object.bytes.length <= MAX_KEPT / 8) kept.set(key, object);
  return object;
}

function unpackEntry(pack: OpenPack, offset: number): PackedObject {
  // Most entries are short: their first bytes are often all of them.
  const head = read(pack.pack, offset, Math.min(FIRST_READ, pack.packSize - offset));
  const { type, size, at } = entryHead(head);
  if (type === OFFSET_DELTA) {
    const { back, next } = backwardOffset(head, at);
    return applyDelta(readEntry(pack, offset - back), inflate(pack, head, offset, next, size));
  }
  if (type === ID_DELTA) {
    const base = findOffset(pack, head.toString("hex", at, at + 20));
    if (base === undefined) throw new Unsure("a difference to an object elsewhere");
    return applyDelta(readEntry(pack, base), inflate(pack, head, offset, at + 20, size));
  }
  const name = PACKED_TYPES[type];
  if (name === undefined) throw new Unsure(`entry of type ${type}`);
  return { type: name, bytes: inflate(pack, head, offset, at, size) };
}

/** The bytes that begin at `at` of an entry, whose first bytes are `head`. */
function inflate({ pack, packSize }: OpenPack, head: Buffer, offset: number, at: number, size: number): Buffer {
  // Deflate never makes more of its input than this.
  const most = Math.min(at + size + Math.ceil(size / 1000) + 64, packSize - offset);
  const entry = most <= head.length ? head : read(pack, offset, most);
  const bytes = inflateSync(entry.subarray(at));
  if (bytes.length !== size) throw new Unsure("an entry of another length");
  return bytes;
}

/** Where in its pack an object begins, by version 2 of the index. */
function findOffset({ idx, head }: OpenPack, oid: string): number | undefined {
  const wanted = Buffer.from(oid, "hex");
  const bucket = wanted[0] as number;
  const first = bucket === 0 ? 0 : head.readUInt32BE(HEADER + (bucket - 1) * 4);
  const total = head.readUInt32BE(HEADER + FANOUT - 4);
  const ids = read(idx, HEADER + FANOUT + first * 20, (head.readUInt32BE(HEADER + bucket * 4) - first) * 20);
  let low = 0;
  let high = ids.length / 20 - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = wanted.compare(ids, middle * 20, middle * 20 + 20);
    if (order === 0) return offsetAt(idx, total, first + middle);
    if (order < 0) high = middle - 1;
    else low = middle + 1;
  }
  return undefined;
}

function offsetAt(idx: number, total: number, n: number): number {
  const table = HEADER + FANOUT + total * 24;
  const offset = read(idx, table + n * 4, 4).readUInt32BE(0);
  if (offset < 0x80000000) return offset;
  return Number(read(idx, table + total * 4 + (offset - 0x80000000) * 8, 8).readBigUInt64BE(0));
}

/** Up to `length` bytes, fewer at the end of the file. */
function read(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, length));
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(file, bytes, done, bytes.length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
