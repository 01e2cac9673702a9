import { renameSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../../folderOwner.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import type { Journal, Store } from "../../open/store.ts";

/** Takes a redo record that nobody can finish out of the way, with a line that says why; returns what to tell the user. */
export function setRecordAside(store: Store, { stateDir }: Journal, file: string, why: string): string {
  const target = path.join(stateDir, "set-aside", String(store.host.now()), "redo", path.basename(file));
  try {
    makeFolders(path.dirname(target));
    writeOwned(target.replace(/\.json$/, ".txt"), `${why}\n`);
    renameSync(file, target);
  } catch (error) {
    // Whoever finished it meanwhile needs no word about it.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return `a recorded change was finished by another command`;
    throw mapFsError(error, target);
  }
  return `a recorded change could not be finished (${why}): its record is in ${target}; see 'ayo doctor'`;
}
