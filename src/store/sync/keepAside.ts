import path from "node:path";
import { makeFolders, writeOwned } from "../../folderOwner.ts";
import { readObject } from "../../git/objects/objects.ts";
import type { TreeMerge } from "../../ticket/merge/trees/trees.ts";
import { dropOldAside } from "../files/oldAside.ts";
import type { Journal, Store } from "../open/store.ts";

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
