import { readObject } from "../objects/objects.ts";
import type { Repository } from "../repository/repository.ts";
import { treeAt } from "./lsTree.ts";
import { differingEntries, type TreeEntry } from "./tree.ts";

/** A path that differs between two trees: the blob ids, null where one has no such file. */
export interface PathChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * The files that differ between two commits (undefined: an empty one) below `prefix`, by path from there; equal
 * folders are never opened. Modes and links to other repositories are not looked at.
 * @throws not_found when an object is missing or damaged
 */
export async function diffCommits(
  repository: Repository,
  before: string | undefined,
  after: string | undefined,
  prefix = "",
): Promise<PathChange[]> {
  const treeOf = async (commit: string | undefined) =>
    commit === undefined ? undefined : treeAt(repository, commit, prefix);
  const changes: PathChange[] = [];
  const read = async (oid: string): Promise<Buffer> => (await readObject(repository, oid)).bytes;
  await diffTrees(read, await treeOf(before), await treeOf(after), "", changes);
  return changes;
}

/**
 * Adds to `changes` the files that differ between two trees (undefined: an empty one), by `path` and their way below
 * it; `read` gets a tree's bytes.
 */
export async function diffTrees(
  read: (oid: string) => Promise<Buffer>,
  before: string | undefined,
  after: string | undefined,
  path: string,
  changes: PathChange[],
): Promise<void> {
  if (before === after) return;
  const [removed, added] = differingEntries(await bytesOf(read, before), await bytesOf(read, after));
  const old = new Map(removed.map((entry) => [entry.name, entry]));
  const now = new Map(added.map((entry) => [entry.name, entry]));
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [from, to] = [old.get(name), now.get(name)];
    if (from?.oid === to?.oid && from?.mode === to?.mode) continue;
    const [fromTree, toTree] = [folder(from), folder(to)];
    if (fromTree !== undefined || toTree !== undefined) {
      await diffTrees(read, fromTree, toTree, `${path}${name}/`, changes);
    }
    const [fromFile, toFile] = [file(from), file(to)];
    if (fromFile !== toFile) changes.push({ path: path + name, before: fromFile, after: toFile });
  }
}

async function bytesOf(read: (oid: string) => Promise<Buffer>, tree: string | undefined): Promise<Buffer> {
  return tree === undefined ? Buffer.alloc(0) : read(tree);
}

function folder(entry: TreeEntry | undefined): string | undefined {
  return entry?.mode === "40000" ? entry.oid : undefined;
}

function file(entry: TreeEntry | undefined): string | null {
  return entry === undefined || entry.mode === "40000" || entry.mode === "160000" ? null : entry.oid;
}
