import { lstatSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { createExclusive, linkExclusive, mapFsError, syncDir } from "../disk/durable.ts";
import { removeFile } from "../disk/removeFile.ts";
import type { Repository } from "../repository/repository.ts";

/** Takes index.lock with the complete new index in it; false when somebody has it. `temporary`: see linkExclusive. */
export function lockIndex(repository: Repository, bytes: Buffer, temporary?: string): boolean {
  const file = path.join(repository.gitDir, "index.lock");
  try {
    if (temporary !== undefined) return linkExclusive(file, temporary, bytes, { keep: true });
    return createExclusive(file, bytes, repository.gitDir);
  } catch (error) {
    // Somebody called the change off.
    if (temporary !== undefined && (error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/**
 * Makes a staged index the index, while index.lock stays: a `git commit` reads HEAD, then the index, and only then
 * takes the lock, so that a branch that moved with the index still the old one would have it revert our change. It is a
 * rename of a file that only this change has: whoever finishes the change for us leaves us nothing to rename. False then.
 */
export function showIndex(repository: Repository, staged: string): boolean {
  const file = path.join(repository.gitDir, "index");
  try {
    renameSync(staged, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw mapFsError(error, file);
  }
}

/** Makes the index that index.lock holds the index, and gives up the lock; for whoever never lets go of it. */
export function commitIndex(repository: Repository): void {
  const file = path.join(repository.gitDir, "index");
  try {
    renameSync(`${file}.lock`, file);
  } catch (error) {
    throw mapFsError(error, file);
  }
  syncDir(repository.gitDir);
}

/** Whether index.lock is ours: it ends in the checksum of the index that we meant to write. */
export function ownIndexLock(repository: Repository, checksum: Buffer): boolean {
  try {
    return readFileSync(path.join(repository.gitDir, "index.lock")).subarray(-20).equals(checksum);
  } catch {
    return false;
  }
}

/**
 * Removes an index.lock that is the index itself by another name: that is ours, of a change that is done, and stays only
 * where the power failed after its record was gone. For whoever holds the store's lock and has no record left.
 */
export function dropLeftIndexLock(repository: Repository): void {
  const file = path.join(repository.gitDir, "index");
  const lock = lstatSync(`${file}.lock`, { throwIfNoEntry: false });
  if (lock === undefined || lock.nlink < 2) return;
  const index = lstatSync(file, { throwIfNoEntry: false });
  if (index?.ino === lock.ino && index.dev === lock.dev) removeFile(`${file}.lock`);
}

/** Removes index.lock if it is ours. */
export function dropIndexLock(repository: Repository, checksum: Buffer): void {
  if (ownIndexLock(repository, checksum)) removeFile(path.join(repository.gitDir, "index.lock"));
}
