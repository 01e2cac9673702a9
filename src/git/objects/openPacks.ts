import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { namesIn, type Repository } from "../repository/repository.ts";
import type { GitObject } from "./objects.ts";
import { countInIndex, INDEX_HEAD, offsetOf, type Pack, unpack } from "./packEntry.ts";

/** Reads objects from the packs of one object folder; for reading many of them at once. */
export interface PackReader {
  /** The object, or undefined where no pack has it whole. */
  read(oid: string): GitObject | undefined;
  close(): void;
}

const WINDOW = 128 * 1024;

/** Opens the packs that are there now; indexes that are damaged or of version 1 are passed over. */
export function openPacks({ commonDir }: Pick<Repository, "commonDir">): PackReader {
  const folder = path.join(commonDir, "objects", "pack");
  const readDeep = (oid: string, depth: number): GitObject | undefined => {
    for (const pack of packs) {
      const offset = offsetOf(pack, pack.index, oid);
      if (offset !== undefined) return pack.entryAt(offset, depth);
    }
    return undefined;
  };
  const packs = namesIn(folder).flatMap((name) =>
    name.endsWith(".idx") ? openPack(path.join(folder, name), readDeep) : [],
  );
  const read = (oid: string): GitObject | undefined => {
    try {
      return readDeep(oid, 0);
    } catch {
      return undefined;
    }
  };
  return {
    read,
    close: () => {
      for (const { close } of packs) close();
    },
  };
}

/** A pack of which all of the index is in memory. */
interface IndexedPack extends Pack {
  readonly index: Buffer;
  readonly close: () => void;
}

function openPack(file: string, base: Pack["base"]): IndexedPack[] {
  try {
    const index = readFileSync(file);
    if (index.length < INDEX_HEAD + countInIndex(index) * 28 + 40) return [];
    const { read, close } = readThrough(file.replace(/idx$/, "pack"));
    const pack: IndexedPack = {
      index,
      packBytes: read,
      indexBytes: (from, length) => index.subarray(from, from + length),
      entryAt: (offset, depth) => unpack(pack, offset, { depth }),
      base,
      close,
    };
    return [pack];
  } catch {
    return [];
  }
}

/** Reads pieces of a file that lie close to each other, as commits in a pack do. */
function readThrough(file: string): { read(from: number, length: number): Buffer; close(): void } {
  let handle: number | undefined;
  let window = { from: 0, bytes: Buffer.alloc(0) };
  const read = (from: number, length: number): Buffer => {
    let start = from - window.from;
    if (start < 0 || start + length > window.bytes.length) {
      // Commits lie in the order of a walk (git gc) or against it (git fast-import), so look both ways.
      start = Math.min(from, WINDOW / 2);
      handle ??= openSync(file, "r");
      const bytes = Buffer.allocUnsafe(start + Math.max(length, WINDOW / 2));
      const count = readSync(handle, bytes, 0, bytes.length, from - start);
      window = { from: from - start, bytes: bytes.subarray(0, count) };
    }
    const found = window.bytes.subarray(start, start + length);
    if (found.length === 0) throw new Error("past the end of the pack");
    return found;
  };
  return { read, close: () => handle !== undefined && closeSync(handle) };
}
