import { closeSync, constants, existsSync, lstatSync, openSync, rmSync } from "node:fs";
import path from "node:path";
import { isOid } from "../repository/oid.ts";
import { namesIn, type Repository } from "../repository/repository.ts";

type Place = Pick<Repository, "commonDir">;

/** A folder itself, and not what a link in its place names. */
const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** The ids of a repository's loose objects, of files up to so many bytes each and so many together. */
export function looseIds(place: Place, most: { readonly each: number; readonly together: number }): string[] {
  const found: string[] = [];
  let bytes = 0;
  eachFolder(place, (folder, dir) => {
    for (const name of namesIn(dir).filter((one) => isOid(folder + one))) {
      const stat = lstatSync(path.join(dir, name), { throwIfNoEntry: false });
      if (stat?.isFile() !== true || stat.size > most.each || bytes + stat.size > most.together) continue;
      bytes += stat.size;
      found.push(folder + name);
    }
  });
  return found;
}

/** Removes the files of loose objects. */
export function removeLoose(place: Place, ids: Iterable<string>): void {
  const byFolder = new Map<string, string[]>();
  for (const oid of ids) {
    const [folder, name] = [oid.slice(0, 2), oid.slice(2)];
    const names = byFolder.get(folder);
    if (names === undefined) byFolder.set(folder, [name]);
    else names.push(name);
  }
  eachFolder(place, (folder, dir) => {
    for (const name of byFolder.get(folder) ?? []) rmSync(path.join(dir, name), { force: true });
  });
}

/**
 * Calls `work` with each of the folders in which objects lie. Behind a link there may be those of another repository,
 * which whoever planted it could neither read nor remove: it is passed over, also where it comes at the last moment.
 */
function eachFolder({ commonDir }: Place, work: (name: string, dir: string) => void): void {
  inFolder(path.join(commonDir, "objects"), (objects) => {
    for (const name of namesIn(objects).filter((one) => /^[0-9a-f]{2}$/.test(one)))
      inFolder(path.join(objects, name), (dir) => work(name, dir));
  });
}

/** Opens a folder and calls it by the handle, where the system has a name for that. */
function inFolder(dir: string, work: (dir: string) => void): void {
  let handle: number;
  try {
    handle = openSync(dir, FOLDER);
  } catch (error) {
    if (["ELOOP", "ENOTDIR", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) return;
    throw error;
  }
  try {
    const held = `/proc/self/fd/${handle}`;
    if (existsSync(held)) work(held);
    else if (lstatSync(dir).isDirectory()) work(dir);
  } finally {
    closeSync(handle);
  }
}
