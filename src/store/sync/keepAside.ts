import { readdirSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../folderOwner.ts";
import { readObject } from "../../git/objects/objects.ts";
import type { TreeMerge } from "../../ticket/merge/trees/trees.ts";
import { formatTime } from "../../ticket/time.ts";
import { dropOldAside, oldAside } from "../files/oldAside.ts";
import type { Journal, Store } from "../open/store.ts";

/** A file that was set aside: by a merge, where another took its place, or by what mends a store. */
export interface AsideFile {
  /** Where it lies now. */
  readonly path: string;
  readonly at: string;
}

/** So many are told, the newest. */
const MOST_TOLD = 100;

/** What lies set aside here, the newest first; what the git directory had, and changes that nobody could finish, are not among it. */
export function asideFiles({ stateDir }: Pick<Journal, "stateDir">): AsideFile[] {
  const found: AsideFile[] = [];
  for (const folder of oldAside(path.join(stateDir, "set-aside"), Number.POSITIVE_INFINITY).reverse()) {
    if (found.length >= MOST_TOLD) break;
    const at = formatTime(Number(path.basename(folder)));
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile() && !file.startsWith(path.join(folder, "git") + path.sep)) found.push({ path: file, at });
    }
  }
  return found.slice(0, MOST_TOLD);
}

/** Keeps whole files that gave way to others in a merge, in the store's private folder; where they lie now. */
export async function keepAside(
  store: Store,
  { repository, stateDir }: Journal,
  setAside: TreeMerge["setAside"],
): Promise<string[]> {
  if (setAside.length === 0) return [];
  const folder = path.join(stateDir, "set-aside", String(store.host.now()));
  dropOldAside(path.dirname(folder), store.host.now());
  const kept: string[] = [];
  for (const { path: file, content } of setAside) {
    const bytes = "text" in content ? Buffer.from(content.text) : (await readObject(repository, content.blob)).bytes;
    const target = path.join(folder, file);
    makeFolders(path.dirname(target));
    writeOwned(target, bytes, {});
    kept.push(target);
  }
  return kept;
}
