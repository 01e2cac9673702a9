import {
  closeSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { makeFolders } from "../../../folderOwner.ts";
import { mapFsError, writeTemporary } from "../../../git/disk/durable.ts";
import { removeFile } from "../../../git/disk/removeFile.ts";
import type { Host } from "../../../host.ts";
import { awaitCalm } from "../../files/awaitCalm.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { forgetReplaced, type Replaced } from "./replaced.ts";
import { keep, takeAway } from "./takeAway.ts";

/** What putting files in place needs to know. */
export interface Placing {
  /** The store's directory and its private one. */
  readonly dir: string;
  readonly stateDir: string;
  readonly host: Host;
  /** Whether git has the bytes as they are on the disk: the store's own repository converts nothing. */
  readonly isOwn: boolean;
  /**
   * Whether the change is still for us to finish: whoever takes the lock over from a process that stood still finishes
   * its change, drops its record, and removes what it had staged.
   */
  readonly isOurs: () => boolean;
  /** The bytes of a version of a file, where they can be had. */
  readonly base: (oid: string) => Promise<Buffer | undefined>;
  /** Whether git has a version, so that it need not be kept beside. */
  readonly isCommitted: (oid: string) => boolean;
  /** The blob that the branch has of a file now; null where it has none. */
  readonly inBranch: (file: string) => Promise<string | null>;
}

/** One file to put in place. */
export interface Put {
  /** Path in the store. */
  readonly file: string;
  /** What takes the name; undefined to delete it. */
  readonly temporary: string | undefined;
  /** What was read there and is part of it; undefined where there was no file. */
  readonly disk: Buffer | undefined;
  /** The file goes to another place, where what was written to it after `disk` is merged. */
  readonly isMoved?: boolean;
  /** Whatever stands there by now: what is not part of it keeps a name, and is merged afterwards. */
  readonly force?: boolean;
}

/**
 * How it went: done, with what was replaced, which may have been written to in the last moment. `moved`: what stands
 * there is not what was read any more; `others`: it is not ours to do; `vanished`: what was staged is gone.
 */
export type PutResult = { readonly replaced: Replaced | undefined } | "moved" | "others" | "vanished";

/** So often is looked again where files come and go. */
const MAX_LOOKS = 20;
/** A folder that is taken away so often is not meant to be there. */
const MAX_FOLDERS = 5;

/**
 * Replaces a file by a staged one, if it still is what was read. Between the last look and the rename are a few
 * microseconds: a file that somebody puts there by a rename just then is lost, which nothing in Node can prevent.
 */
export function putInPlace(placing: Placing, put: Put): PutResult {
  // What is staged is there by now: from here on whoever takes over removes it, and the rename fails.
  if (!placing.isOurs()) return "others";
  try {
    if (put.temporary === undefined) return takeAway(placing, put);
    return put.disk === undefined
      ? putNew(placing, put, put.temporary)
      : putOver(placing, put, put.temporary, put.disk);
  } catch (error) {
    throw mapFsError(error, path.join(placing.dir, put.file));
  }
}

function putOver(placing: Placing, { file, force = false }: Put, temporary: string, disk: Buffer): PutResult {
  const target = path.join(placing.dir, file);
  const merged = force ? disk : catchUp(target, temporary, disk);
  if (typeof merged === "string") return merged;
  const replaced = keepWhatStands(placing, file, merged, force);
  if (replaced === "moved") return "moved";
  if (rename(temporary, target)) return { replaced };
  // Nothing was replaced: the second name is of a file that stands there still, or that others have replaced and keep.
  if (replaced !== undefined) forgetReplaced(replaced);
  return "vanished";
}

/** Keeps what stands there until the rename, which is to follow at once; with `force` whatever that is by then. */
function keepWhatStands(
  placing: Placing,
  file: string,
  merged: Buffer,
  force: boolean,
): Replaced | "moved" | undefined {
  const target = path.join(placing.dir, file);
  for (let look = 1; ; look++) {
    const replaced = keep(placing, file, merged);
    if (replaced === undefined) return existsSync(target) ? undefined : "moved";
    if (replaced !== "gone" && stillStands(target, replaced, force)) return replaced;
    if (replaced !== "gone") forgetReplaced(replaced);
    if (!force || look >= MAX_LOOKS || !existsSync(target)) return "moved";
  }
}

/**
 * The last look: the target's own comes last, for the gap of which putInPlace tells. What is written to the file itself
 * then is merged afterwards; whoever reads it in between does not find what he wrote, so the gap is kept short for him too.
 */
function stillStands(target: string, { name, size }: Replaced, force: boolean): boolean {
  const kept = lstatSync(name, { throwIfNoEntry: false });
  awaitCalm(target);
  const now = lstatSync(target, { throwIfNoEntry: false });
  return kept !== undefined && now?.ino === kept.ino && (force || now.size === size);
}

/**
 * Adds to a staged file what somebody appended since it was made, which took its time: he may be at it again and again.
 * Returns what is part of the staged file by then.
 */
function catchUp(target: string, temporary: string, disk: Buffer): Buffer | "moved" | "vanished" {
  const now = readOrNothing(target);
  if (now === undefined) return "moved";
  if (now.equals(disk)) return disk;
  const hasGrown = now.length > disk.length && now.subarray(0, disk.length).equals(disk);
  const staged = hasGrown && endsLine(disk) ? readOrNothing(temporary) : undefined;
  // Nobody has appended what we are about to put there: whoever finishes the change for us was quicker.
  if (!hasGrown || (staged !== undefined && (!endsLine(staged) || isIn(now, staged, disk)))) return "moved";
  if (staged === undefined) return existsSync(temporary) ? "moved" : "vanished";
  return append(temporary, now.subarray(disk.length)) ? now : "vanished";
}

function isIn(now: Buffer, staged: Buffer, disk: Buffer): boolean {
  return staged.length > disk.length && now.subarray(0, staged.length).equals(staged);
}

/** Never makes the file: one that was swept must stay gone. */
function append(temporary: string, bytes: Buffer): boolean {
  let handle: number;
  try {
    handle = openSync(temporary, constants.O_WRONLY | constants.O_APPEND);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    return true;
  } finally {
    closeSync(handle);
  }
}

function endsLine(bytes: Buffer): boolean {
  return bytes.length === 0 || bytes.at(-1) === 10;
}

function readOrNothing(file: string): Buffer | undefined {
  const read = readStoreFile(file);
  return read instanceof Unread ? undefined : read?.bytes;
}

/** Where no file was, none is replaced: one that came meanwhile stays. */
function putNew(placing: Placing, { file }: Put, temporary: string): PutResult {
  const target = path.join(placing.dir, file);
  for (let attempt = 1; ; attempt++) {
    makeFolders(path.dirname(target));
    try {
      linkSync(temporary, target);
      removeFile(temporary);
      return { replaced: undefined };
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      // Somebody took the folder away just now.
      const isGone = code === "ENOENT" && existsSync(temporary) && attempt < MAX_FOLDERS;
      if (!isGone) return code === "EEXIST" ? "moved" : putWithoutLink(temporary, target);
    }
  }
}

function putWithoutLink(temporary: string, target: string): PutResult {
  return existsSync(temporary) && rename(temporary, target) ? { replaced: undefined } : "vanished";
}

/** False when what was staged is gone. */
function rename(temporary: string, target: string): boolean {
  try {
    renameSync(temporary, target);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && !existsSync(temporary)) return false;
    if (code !== "EXDEV") throw error;
    renameSync(writeTemporary(path.dirname(target), readFileSync(temporary), target), target);
    removeFile(temporary);
    return true;
  }
}
