import { chmodSync, closeSync, fchmodSync, fsyncSync, lstatSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { giveToFolder } from "../../folderOwner.ts";
import { mapFsError } from "../../git/disk/durable.ts";
import type { Flush } from "../../git/disk/flush.ts";
import { removeFile } from "../../git/disk/removeFile.ts";
import { namesIn } from "../../git/repository/repository.ts";

/** A file's new bytes, written beside the store and ready to be renamed into place. */
export interface Staged {
  /** Path in the store. */
  readonly file: string;
  /** The temporary file; undefined for a deletion. */
  readonly temporary: string | undefined;
  readonly bytes: Buffer | undefined;
  /** Permissions of the file that it replaces. */
  readonly mode: number | undefined;
}

/** Where files are staged, and for what. */
export interface StagingPlace {
  readonly dir: string;
  readonly tmpDir: string;
  readonly pid: number;
}

/** More files than this are not synced one by one: a `settling` record stands for them. */
export const BULK = 64;

/**
 * What staged files are called. Whoever takes the store's lock removes all of them: a process that lost the lock
 * unawares finds that it has nothing left to put in place.
 */
export const STAGED_PREFIX = "staged-";

let counter = 0;

/**
 * Writes the new bytes of every file to a temporary one; nothing in the store changes. Few files are synced at once, or
 * when `flush` is.
 */
export function stageFiles(
  files: ReadonlyMap<string, Buffer | null>,
  place: StagingPlace,
  flush?: Pick<Flush, "write">,
): Staged[] {
  const sync = files.size <= BULK;
  return [...files].map(([file, bytes]) => {
    if (bytes === null) return { file, temporary: undefined, bytes: undefined, mode: undefined };
    const mode = modeFor(place.dir, file, files);
    if (sync && flush !== undefined) {
      const temporary = flush.write(place.tmpDir, bytes, file, mode, newName(place.pid));
      if (mode !== undefined) allow(temporary, mode);
      return { file, temporary, bytes, mode };
    }
    return { file, temporary: stageOne(place, { file, bytes, mode }, sync), bytes, mode };
  });
}

/** Gives a staged file its permissions; one that was swept meanwhile is staged again when it is to be put in place. */
function allow(temporary: string, mode: number): void {
  try {
    chmodSync(temporary, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Stages one file. @throws disk_full, store_not_writable */
export function stageOne(
  { tmpDir, pid }: StagingPlace,
  { file, bytes, mode }: { readonly file: string; readonly bytes: Buffer; readonly mode: number | undefined },
  sync: boolean,
): string {
  const temporary = path.join(tmpDir, newName(pid));
  try {
    writeFile(temporary, bytes, mode, sync);
  } catch (error) {
    removeFile(temporary);
    throw mapFsError(error, file);
  }
  return temporary;
}

/** Throws staged files away. */
export function unstage(staged: readonly Staged[]): void {
  for (const { temporary } of staged) if (temporary !== undefined) removeFile(temporary);
}

/** Removes what was staged, for whoever just took the lock: nobody has any use for it but one who lost the lock. */
export function sweepStaged(stateDir: string): void {
  const folder = path.join(stateDir, "tmp");
  for (const name of namesIn(folder)) {
    if (name.startsWith(STAGED_PREFIX)) removeFile(path.join(folder, name));
  }
}

/** A file keeps its permissions, also where it moves to the archive: what is private stays private. */
function modeFor(dir: string, file: string, files: ReadonlyMap<string, unknown>): number | undefined {
  const name = path.posix.basename(file);
  const from = [...(files.size <= BULK ? files.keys() : [])].filter((other) => path.posix.basename(other) === name);
  for (const one of new Set([file, ...from, name])) {
    const stat = lstatSync(path.join(dir, one), { throwIfNoEntry: false });
    if (stat?.isFile()) return stat.mode & 0o777;
  }
  return undefined;
}

function newName(pid: number): string {
  return `${STAGED_PREFIX}${pid}-${counter++}-${Math.random().toString(36).slice(2, 8)}`;
}

function writeFile(file: string, bytes: Buffer, mode: number | undefined, sync: boolean): void {
  const handle = openSync(file, "wx", mode ?? 0o644);
  try {
    giveToFolder(handle, file);
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    if (mode !== undefined) fchmodSync(handle, mode);
    if (sync) fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
