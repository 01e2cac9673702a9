import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { giveToFolder, makeFolders } from "../../folderOwner.ts";
import { removeFile } from "./removeFile.ts";

/** Where temporary files go before they are renamed into place. */
export interface DurableOptions {
  /** Preferably on the target's file system. */
  readonly tmpDir: string;
  /** Permissions of the new file; 0644 unless told. */
  readonly mode?: number;
}

/**
 * Writes a file so that after a crash it holds the old bytes or the new, never a part: temporary file, fsync,
 * rename, fsync of the directory.
 * @throws disk_full, store_not_writable
 */
export function writeDurable(file: string, bytes: Buffer, { tmpDir, mode }: DurableOptions): void {
  const temporary = writeTemporary(tmpDir, bytes, file, mode);
  try {
    renameInto(temporary, file);
  } catch (error) {
    removeFile(temporary);
    const beside = path.dirname(file);
    if (codeOf(error) !== "EXDEV" || path.relative(beside, tmpDir) === "") throw mapFsError(error, file);
    writeDurable(file, bytes, mode === undefined ? { tmpDir: beside } : { tmpDir: beside, mode });
    return;
  }
  syncDir(path.dirname(file));
}

/** A folder that somebody took away meanwhile is made anew. */
function renameInto(temporary: string, file: string): void {
  try {
    renameSync(temporary, file);
  } catch (error) {
    const folder = path.dirname(file);
    if (codeOf(error) !== "ENOENT" || !existsSync(temporary) || existsSync(folder)) throw error;
    makeFolders(folder);
    renameSync(temporary, file);
  }
}

/** Makes renames and new names in a directory survive a power cut; a platform that cannot is passed over. */
export function syncDir(dir: string): void {
  try {
    const handle = openSync(dir, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (!["EINVAL", "EISDIR", "EPERM", "EACCES", "ENOENT", "ENOTSUP"].includes(codeOf(error)))
      throw mapFsError(error, dir);
  }
}

/**
 * Makes a directory and those above it, so that they survive a power cut; one that exists is left as it is.
 * @throws disk_full, store_not_writable
 */
export function ensureDir(dir: string): void {
  try {
    const first = makeFolders(dir);
    if (first === undefined) return;
    const top = path.dirname(path.resolve(first));
    for (let made = path.dirname(path.resolve(dir)); ; made = path.dirname(made)) {
      syncDir(made);
      if (made === top || path.dirname(made) === made) return;
    }
  } catch (error) {
    throw mapFsError(error, path.join(dir, "."));
  }
}

/**
 * Creates a file that must not exist, at once with its full content; false when it exists. Where the file system
 * has no hard links the name appears before the content.
 * @throws disk_full, store_not_writable
 */
export function createExclusive(file: string, bytes: Buffer, tmpDir: string): boolean {
  return linkExclusive(file, writeTemporary(tmpDir, bytes, file), bytes);
}

/** The same from a temporary file that holds the synced `bytes` already; it is gone afterwards unless it is to be kept. */
export function linkExclusive(file: string, temporary: string, bytes: Buffer, { keep = false } = {}): boolean {
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST") return false;
    if (["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "ENOSYS"].includes(code))
      return createWithoutLink(file, bytes);
    throw mapFsError(error, file);
  } finally {
    if (!keep) removeFile(temporary);
  }
}

/** A file system such as /proc says of a folder that is to be made in it that there is no such file. */
function folderThatRefuses(error: unknown): string | undefined {
  const { code, syscall, path: made = "" } = error as NodeJS.ErrnoException;
  const parent = path.dirname(made);
  return code === "ENOENT" && syscall === "mkdir" && existsSync(parent) ? parent : undefined;
}

/** Turns a file system's refusal into the error that says what to do; others pass unchanged. */
export function mapFsError(error: unknown, file: string): unknown {
  if (error instanceof AyoError) return error;
  const code = codeOf(error);
  if (["ENOSPC", "EDQUOT", "EFBIG"].includes(code)) {
    return new AyoError("disk_full", `no space left to write ${file}; nothing was changed`, { cause: error });
  }
  const refusing = folderThatRefuses(error);
  if (refusing !== undefined || ["EROFS", "EACCES", "EPERM"].includes(code)) {
    const dir = refusing ?? path.dirname(file);
    return new AyoError(
      "store_not_writable",
      `${dir} is closed to this process (${code}): allow it to read and write there`,
      { cause: error, data: { dir } },
    );
  }
  return error;
}

/** The same of what is kept beside the store, which says nothing of whether something there was changed. */
export function mapAside(error: unknown, file: string): unknown {
  const known = mapFsError(error, file);
  if (!(known instanceof AyoError) || known.code !== "disk_full") return known;
  return new AyoError("disk_full", `no space left to write ${file}`, { cause: known.cause });
}

/** A fresh, complete, synced temporary file in `dir`, which is made if need be; `target` is what errors name. */
export function writeTemporary(dir: string, bytes: Buffer, target: string, mode = 0o644): string {
  const { temporary, handle } = openTemporary(dir, bytes, target, mode);
  try {
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    removeFile(temporary);
    throw mapFsError(error, target);
  }
  return temporary;
}

/** A fresh, complete temporary file in `dir`, which is made if need be, still open and not synced. */
export function openTemporary(
  dir: string,
  bytes: Buffer,
  target: string,
  mode = 0o644,
  name = temporaryName(),
): { readonly temporary: string; readonly handle: number } {
  const temporary = path.join(dir, name);
  // A folder that is missing is made, and once more where git's gc has taken it away meanwhile, empty as it was.
  for (let tries = 0; ; tries++) {
    try {
      if (tries > 0) makeFolders(dir);
      return { temporary, handle: writeNew(temporary, bytes, mode) };
    } catch (error) {
      if (codeOf(error) !== "ENOENT" || tries === MAX_FOLDERS) throw mapFsError(error, target);
    }
  }
}

/** A folder that is taken away so often is not meant to be there. */
const MAX_FOLDERS = 1_000;

let counter = 0;

/** What `git gc` and `git fsck` know as a temporary file: left by a crash, it is pruned and no damage. */
function temporaryName(): string {
  return `tmp_obj_${Date.now().toString(36)}${(counter++).toString(36)}${Math.random().toString(36).slice(2)}`;
}

/** Writes a file that must not exist and leaves it open; a part that was written is taken away again. */
function writeNew(file: string, bytes: Buffer, mode: number): number {
  const handle = openSync(file, "wx", mode);
  try {
    giveToFolder(handle, file);
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    return handle;
  } catch (error) {
    closeSync(handle);
    removeFile(file);
    throw error;
  }
}

function createWithoutLink(file: string, bytes: Buffer): boolean {
  try {
    const handle = writeNew(file, bytes, 0o644);
    fsyncSync(handle);
    closeSync(handle);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw mapFsError(error, file);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}
