import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";

/** Where temporary files go before they are renamed into place. */
export interface DurableOptions {
  /** Preferably on the target's file system. */
  readonly tmpDir: string;
}

/**
 * Writes a file so that after a crash it holds the old bytes or the new, never a part: temporary file, fsync,
 * rename, fsync of the directory.
 * @throws disk_full, store_not_writable
 */
export function writeDurable(file: string, bytes: Buffer, { tmpDir }: DurableOptions): void {
  const temporary = writeTemporary(tmpDir, bytes, file);
  try {
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw mapFsError(error, file);
    const beside = writeTemporary(path.dirname(file), bytes, file);
    renameSync(beside, file);
  }
  syncDir(path.dirname(file));
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
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!["EINVAL", "EISDIR", "EPERM", "EACCES", "ENOENT", "ENOTSUP"].includes(code)) throw mapFsError(error, dir);
  }
}

/**
 * Creates a file that must not exist, at once with its full content; false when it exists.
 * @throws disk_full, store_not_writable
 */
export function createExclusive(file: string, bytes: Buffer, tmpDir: string): boolean {
  const temporary = writeTemporary(tmpDir, bytes, file);
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "EEXIST") return false;
    if (["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "ENOSYS"].includes(code))
      return createWithoutLink(file, bytes);
    throw mapFsError(error, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Turns a file system's refusal into the error that says what to do; others pass unchanged. */
export function mapFsError(error: unknown, file: string): unknown {
  if (error instanceof AyoError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new AyoError("disk_full", `no space left to write ${file}; nothing was changed`, { cause: error });
  }
  if (["EROFS", "EACCES", "EPERM"].includes(code)) {
    const dir = path.dirname(file);
    return new AyoError("store_not_writable", `cannot write in ${dir} (${code}): allow this process to write there`, {
      cause: error,
      data: { dir },
    });
  }
  return error;
}

/** A fresh, complete, synced temporary file. */
export function writeTemporary(dir: string, bytes: Buffer, target: string): string {
  const temporary = path.join(dir, `tmp-${randomUUID()}`);
  try {
    writeNew(temporary, bytes, dir);
    return temporary;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw mapFsError(error, target);
  }
}

function writeNew(file: string, bytes: Buffer, dir?: string): void {
  let handle: number;
  try {
    handle = openSync(file, "wx", 0o644);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dir === undefined) throw error;
    mkdirSync(dir, { recursive: true });
    handle = openSync(file, "wx", 0o644);
  }
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function createWithoutLink(file: string, bytes: Buffer): boolean {
  try {
    writeNew(file, bytes);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw mapFsError(error, file);
  }
}
