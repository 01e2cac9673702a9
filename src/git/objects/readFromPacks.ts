import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { namesIn } from "../repository/repository.ts";
import { KeptObjects } from "./keptObjects.ts";
import { countInIndex, INDEX_HEAD, offsetOf, type Pack, unpack } from "./packEntry.ts";
import type { PackedObject } from "./packFormat.ts";

/** Most entries are short: their first bytes are often all of them. */
const FIRST_READ = 1024;
/** What is kept of objects that others are differences to: neighbours in a history share them. In bytes. */
const MAX_KEPT = 48 * 1024 * 1024;

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
        const offset = offsetOf(pack, pack.head, oid);
        return offset === undefined ? undefined : pack.entryAt(offset, 0);
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

interface OpenPack extends Pack {
  readonly name: string;
  readonly pack: number;
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
    const head = read(idx, 0, INDEX_HEAD);
    countInIndex(head);
    const file = openSync(`${name}.pack`, "r");
    const { size } = fstatSync(file);
    const pack: OpenPack = {
      name,
      pack: file,
      idx,
      head,
      packBytes: (from, length) => read(file, from, Math.min(length, size - from)),
      indexBytes: (from, length) => read(idx, from, length),
      entryAt: (offset, depth) => keptEntry(pack, `${name}:${size}:${offset}`, offset, depth),
      base: (oid, depth) => {
        const offset = offsetOf(pack, head, oid);
        return offset === undefined ? undefined : pack.entryAt(offset, depth);
      },
    };
    return pack;
  } catch (error) {
    closeSync(idx);
    throw error;
  }
}

const kept = new KeptObjects<string, PackedObject>(MAX_KEPT);

function keptEntry(pack: Pack, key: string, offset: number, depth: number): PackedObject {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const object = unpack(pack, offset, { first: FIRST_READ, depth });
  if (object.bytes.length <= MAX_KEPT / 8) kept.set(key, object);
  return object;
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
