import { randomUUID } from "node:crypto";
import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../folderOwner.ts";

/**
 * Puts a cache file in place, whole or not at all; two processes that do so at once leave one of the two. Answers
 * whether it worked: a cache that cannot be written is no error.
 */
export function replaceFile(file: string, parts: readonly Buffer[]): boolean {
  const temporary = `${file}.${randomUUID()}`;
  try {
    makeFolders(path.dirname(file));
    writeOwned(temporary, Buffer.concat(parts));
    renameSync(temporary, file);
    return true;
  } catch {
    removeCache(temporary);
    return false;
  }
}

/** Removes a cache file; where nothing can be removed it is left behind. */
export function removeCache(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Nobody reads it.
  }
}
