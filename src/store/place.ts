import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { mapFsError, syncDir } from "../git/durable.ts";
import type { Flush } from "../git/flush.ts";
import { hashObject } from "../git/objects.ts";
import { mergeLines } from "./mergeLines.ts";

/** A file's new bytes, written beside the store and ready to be renamed into place. */
export interface Staged {
  /** Path in the store. */
  readonly file: string;
  /** The temporary file; undefined for a deletion. */
  readonly temporary: string | undefined;
  readonly bytes: Buffer | undefined;
}

/** More files than this are not synced one by one: a `settling` record stands for them. */
export const BULK = 64;

let counter = 0;

/**
 * Writes the new bytes of every file to a temporary one; nothing in the store changes. Few files are synced at once, or
 * when `flush` is.
 */
export function stageFiles(
  files: ReadonlyMap<string, Buffer | null>,
  tmpDir: string,
  pid: number,
  flush?: Flush,
): Staged[] {
  const sync = files.size <= BULK;
  return [...files].map(([file, bytes]) => {
    if (bytes === null) return { file, temporary: undefined, bytes: undefined };
    if (sync && flush !== undefined) return { file, temporary: flush.write(tmpDir, bytes, file), bytes };
    const temporary = path.join(tmpDir, `${pid}-${counter++}`);
    try {
      writeFile(temporary, bytes, sync);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw mapFsError(error, temporary);
    }
    return { file, temporary, bytes };
  });
}

/** Throws staged files away. */
export function unstage(staged: readonly Staged[]): void {
  for (const { temporary } of staged) if (temporary !== undefined) rmSync(temporary, { force: true });
}

/**
 * Puts one file in place if the disk still has `before` there; a file that somebody changed meanwhile is merged
 * by line, and where both changed the same lines the disk's stays (it becomes a hand edit of its own).
 */
export async function placeFile(
  dir: string,
  staged: Staged,
  before: string | null,
  readBase: (oid: string) => Promise<Buffer>,
): Promise<void> {
  const target = path.join(dir, staged.file);
  const disk = readDisk(target);
  const current = disk === undefined ? null : hashObject("blob", disk);
  if (current === before) return replace(target, staged);
  const wanted = staged.bytes === undefined ? null : hashObject("blob", staged.bytes);
  if (current === wanted || disk === undefined || staged.bytes === undefined || before === null)
    return unstage([staged]);
  const merged = await mergeLines(staged.bytes, await readBase(before), disk);
  unstage([staged]);
  if (merged === undefined || staged.temporary === undefined) return;
  writeFile(staged.temporary, merged, true);
  replace(target, staged);
}

/**
 * Makes sure, before anything is changed, that the files can be put in place.
 * @throws store_not_writable
 */
export function assertWritable(dir: string, files: Iterable<string>): void {
  for (const folder of new Set([".", ...[...files].map((file) => path.dirname(file))])) {
    const full = path.join(dir, folder);
    try {
      accessSync(full, constants.W_OK | constants.X_OK);
    } catch (error) {
      // A folder that does not exist yet is made in one that was asked about.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || folder === ".")
        throw mapFsError(error, path.join(full, "any"));
    }
  }
}

/** Syncs the folders that `files` were placed in. */
export function syncFolders(dir: string, files: Iterable<string>): void {
  for (const folder of foldersOf(dir, files)) syncDir(folder);
}

/** The folders that `files` were placed in, as far as they are still there. */
export function foldersOf(dir: string, files: Iterable<string>): string[] {
  const folders = new Set([...files].map((file) => path.dirname(path.join(dir, file))));
  return [...folders].filter((folder) => lstatSync(folder, { throwIfNoEntry: false })?.isDirectory());
}

/**
 * Makes sure that a path stays inside the store, also through links that somebody planted.
 * @throws bad_input
 */
export function assertInside(dir: string, file: string): void {
  const parts = file.split("/");
  if (
    parts.some((part) => part === "" || part === "." || part === ".." || /^\.git$/i.test(part) || part.includes("\\"))
  ) {
    throw new AyoError("bad_input", `'${file}' is not a path inside the store`);
  }
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = path.join(dir, ...parts.slice(0, depth));
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isDirectory()) {
      throw new AyoError("bad_input", `${folder} is not a directory of the store: remove the link or file`);
    }
  }
}

function replace(target: string, staged: Staged): void {
  try {
    if (staged.temporary === undefined) {
      rmSync(target, { force: true });
      removeEmptyMonth(target);
      return;
    }
    mkdirSync(path.dirname(target), { recursive: true });
    renameOver(staged.temporary, target);
  } catch (error) {
    throw mapFsError(error, target);
  }
}

function renameOver(temporary: string, target: string): void {
  try {
    renameSync(temporary, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    const beside = path.join(path.dirname(target), `.${path.basename(target)}.${path.basename(temporary)}.tmp`);
    writeFile(beside, readFileSync(temporary), true);
    renameSync(beside, target);
    rmSync(temporary, { force: true });
  }
}

function removeEmptyMonth(target: string): void {
  const folder = path.dirname(target);
  if (path.basename(path.dirname(folder)) !== "archive") return;
  try {
    rmdirSync(folder);
  } catch {
    // Not empty.
  }
}

function writeFile(file: string, bytes: Buffer, sync: boolean): void {
  const handle = openSync(file, "wx", 0o644);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    if (sync) fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function readDisk(target: string): Buffer | undefined {
  try {
    return readFileSync(target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw mapFsError(error, target);
  }
}
