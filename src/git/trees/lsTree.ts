import { parseCommit } from "../commits/commit.ts";
import { readObject } from "../objects/objects.ts";
import type { Repository } from "../repository/repository.ts";
import { findInTree, parseTree, type TreeItem } from "./tree.ts";

/** Which part of a tree to list. */
export interface LsTreeOptions {
  /** A folder; the paths listed are relative to it. */
  readonly prefix?: string;
  /** Also what lies in folders below; otherwise a folder is one entry of mode 40000. */
  readonly recursive?: boolean;
}

/**
 * Path to mode and id of what a commit or tree has.
 * @throws not_found when an object is missing or damaged
 */
export async function lsTree(
  repository: Repository,
  treeish: string,
  options: LsTreeOptions = {},
): Promise<Map<string, TreeItem>> {
  const found = new Map<string, TreeItem>();
  const start = await descend(repository, await treeOf(repository, treeish), options.prefix ?? "");
  if (start !== undefined) await collect(repository, start, "", options.recursive === true, found);
  return found;
}

/** The id of the tree at `prefix` in a commit, or undefined where it has no such folder. */
export async function treeAt(repository: Repository, commit: string, prefix: string): Promise<string | undefined> {
  return descend(repository, await treeOf(repository, commit), prefix);
}

/** The id of the file at `path` in a commit, or undefined where it has none; reads only the folders on the way. */
export async function blobAt(repository: Repository, commit: string, path: string): Promise<string | undefined> {
  const at = path.lastIndexOf("/");
  const folder = await treeAt(repository, commit, path.slice(0, Math.max(at, 0)));
  const entry =
    folder === undefined ? undefined : findInTree((await readObject(repository, folder)).bytes, path.slice(at + 1));
  return entry?.mode === "40000" ? undefined : entry?.oid;
}

async function treeOf(repository: Repository, treeish: string): Promise<string> {
  const { type, bytes } = await readObject(repository, treeish);
  if (type === "commit") return parseCommit(bytes).tree;
  const tagged = type === "tag" ? /^object ([0-9a-f]{40})$/m.exec(bytes.toString("utf8"))?.[1] : undefined;
  return tagged === undefined ? treeish : treeOf(repository, tagged);
}

async function descend(repository: Repository, tree: string, prefix: string): Promise<string | undefined> {
  let current = tree;
  for (const name of prefix.split("/").filter((part) => part !== "")) {
    const entry = findInTree((await readObject(repository, current)).bytes, name);
    if (entry?.mode !== "40000") return undefined;
    current = entry.oid;
  }
  return current;
}

async function collect(
  repository: Repository,
  tree: string,
  path: string,
  recursive: boolean,
  found: Map<string, TreeItem>,
): Promise<void> {
  for (const { mode, name, oid } of parseTree((await readObject(repository, tree)).bytes)) {
    if (recursive && mode === "40000") await collect(repository, oid, `${path}${name}/`, recursive, found);
    else found.set(path + name, { mode, oid });
  }
}
