import { existsSync, renameSync, rmdirSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../../folderOwner.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import type { Journal, Store } from "../../open/store.ts";

/**
 * Takes a redo record that nobody can finish out of the way, with a line that says why; returns what to tell the user:
 * nothing of one that somebody finished meanwhile.
 */
export function setRecordAside(store: Store, { stateDir }: Journal, file: string, why: string): string[] {
  const target = path.join(stateDir, "set-aside", String(store.host.now()), "redo", path.basename(file));
  try {
    makeFolders(path.dirname(target));
    renameSync(file, target);
    writeOwned(target.replace(/\.json$/, ".txt"), `${why}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || existsSync(file)) throw mapFsError(error, target);
    removeEmpty(path.dirname(target));
    return [];
  }
  return [`a recorded change could not be finished (${why}): its record is in ${target}; see 'ayo doctor'`];
}

/** Takes a folder away in which there is nothing, and the one above it. */
function removeEmpty(folder: string): void {
  try {
    for (const one of [folder, path.dirname(folder)]) rmdirSync(one);
  } catch (error) {
    // Others set something aside in the same millisecond.
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
