import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { mapFsError } from "../disk/durable.ts";
import type { Repository } from "../repository/repository.ts";
import { assertIndex, beforeEntries, countEntries, extensionsAfter, moveToNext } from "./indexEntries.ts";
import { expandVersion4, isVersion4 } from "./indexVersion4.ts";

/** What git remembers of a file to see later that it is unchanged. */
export interface IndexStat {
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly dev: number;
  readonly ino: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

/** An entry to put into the index. */
export interface IndexItem {
  readonly oid: string;
  readonly mode: "100644" | "100755" | "120000" | "160000";
  readonly stat: IndexStat;
}

/** An entry of the index, as read. */
export interface IndexEntry {
  readonly oid: string;
  readonly mode: string;
  /** 0, or in a merge conflict 1 (base), 2 (ours), 3 (theirs). */
  readonly stage: number;
}

/**
 * The bytes of a worktree's index, or undefined where there is none; behind them there is `room` for more.
 * @throws git_unsupported for damage or a version that is not known, store_not_writable
 */
export function readIndexFile(repository: Repository, room = 0): Buffer | undefined {
  const file = path.join(repository.gitDir, "index");
  let bytes: Buffer;
  try {
    bytes = room === 0 ? readFileSync(file) : readWithRoom(file, room);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw mapFsError(error, file);
  }
  assertIndex(bytes, file);
  return bytes;
}

function readWithRoom(file: string, room: number): Buffer {
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const whole = Buffer.allocUnsafeSlow(size + room);
    let length = 0;
    for (let read = -1; read !== 0 && length < size; length += read)
      read = readSync(handle, whole, length, size - length, length);
    return whole.subarray(0, length);
  } finally {
    closeSync(handle);
  }
}

/** Path to entry; of a conflicting path the last stage. @throws git_unsupported */
export function parseIndex(bytes: Buffer): Map<string, IndexEntry> {
  if (isVersion4(bytes)) return parseIndex(expandVersion4(bytes));
  const found = new Map<string, IndexEntry>();
  const place = beforeEntries();
  for (let left = countEntries(bytes); left > 0; left--) {
    moveToNext(bytes, place);
    const { at, nameStart, nameEnd } = place;
    found.set(bytes.toString("utf8", nameStart, nameEnd), {
      oid: bytes.toString("hex", at + 40, at + 60),
      mode: bytes.readUInt32BE(at + 24).toString(8),
      stage: (bytes.readUInt16BE(at + 60) >> 12) & 3,
    });
  }
  extensionsAfter(bytes, place.at + place.size, place.isNameless);
  return found;
}

/** What tells one index from another without reading it whole: its checksum, which is its end; "" where there is none. */
export function indexChecksum(repository: Repository): string {
  const file = path.join(repository.gitDir, "index");
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    const end = Buffer.alloc(20);
    readSync(handle, end, 0, 20, Math.max(0, fstatSync(handle).size - 20));
    return end.toString("hex");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw mapFsError(error, file);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
