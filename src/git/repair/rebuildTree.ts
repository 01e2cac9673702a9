import { walkCommits } from "../commits/history.ts";
import { type GitObject, hashObject, readObject } from "../objects/objects.ts";
import type { Repository } from "../repository/repository.ts";
import { treeAt } from "../trees/lsTree.ts";
import { parseTree, spliceTree, type TreeItem } from "../trees/tree.ts";
import type { LostObject } from "./check.ts";

/** How many trees are tried, and how many bytes they may have together: a few seconds of hashing. */
const MAX_TRIES = 20_000;
const MAX_BYTES = 2 ** 31;

/**
 * The bytes of a lost tree, found by trying: it differs from the same folder in the commits before and after only in
 * names that these two do not agree on, and there it has what one of them has or an object that nothing else needs.
 * The hash proves it; undefined where nothing fits.
 */
export async function rebuildTree(
  repository: Repository,
  tip: string,
  lost: LostObject,
  unneeded: ReadonlyMap<string, GitObject | "damaged">,
): Promise<Buffer | undefined> {
  const { older, newer } = await neighbours(repository, tip, lost);
  const base = older ?? newer;
  if (base === undefined) return undefined;
  const spare = [...unneeded].flatMap(([oid, object]): TreeItem[] => {
    if (object === "damaged" || object.type === "commit") return [];
    return [{ mode: object.type === "tree" ? "40000" : "100644", oid }];
  });
  const choices = choicesOf(older ?? Buffer.alloc(0), newer ?? Buffer.alloc(0), spare);
  let tries = 0;
  for (const changes of combinations(choices)) {
    const bytes = spliceTree(base, changes);
    if (hashObject("tree", bytes) === lost.oid) return bytes;
    tries++;
    if (tries > MAX_TRIES || tries * bytes.length > MAX_BYTES) return undefined;
  }
  return undefined;
}

interface Neighbours {
  readonly older: Buffer | undefined;
  readonly newer: Buffer | undefined;
}

/** The folder in the last commit before that has it otherwise, and in the first commit after. */
async function neighbours(repository: Repository, tip: string, { commit, path, oid }: LostObject): Promise<Neighbours> {
  let older: Buffer | undefined;
  let newer: Buffer | undefined;
  let isPast = false;
  for await (const { oid: at, parents } of walkCommits(repository, tip, { limit: 1_000 })) {
    isPast ||= at === commit;
    const isParent = !isPast && parents.includes(commit);
    if (!isPast && !isParent) continue;
    const bytes = await folderOf(repository, at, path, oid);
    if (isParent) newer = bytes;
    else if (bytes !== undefined) {
      older = bytes;
      break;
    }
  }
  return { older, newer };
}

async function folderOf(
  repository: Repository,
  commit: string,
  path: string,
  lost: string,
): Promise<Buffer | undefined> {
  try {
    const oid = await treeAt(repository, commit, path);
    return oid === undefined || oid === lost ? undefined : (await readObject(repository, oid)).bytes;
  } catch {
    return undefined;
  }
}

type Choice = readonly [name: string, items: readonly (TreeItem | null)[]];

/** What each name on which the two do not agree may have been; the likely first. */
function choicesOf(older: Buffer, newer: Buffer, spare: readonly TreeItem[]): Choice[] {
  const [before, after] = [itemsOf(older), itemsOf(newer)];
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name)?.oid !== after.get(name)?.oid,
  );
  return names.map((name) => [name, [before.get(name) ?? null, after.get(name) ?? null, ...spare]]);
}

function itemsOf(tree: Buffer): Map<string, TreeItem> {
  return new Map(parseTree(tree).map(({ name, mode, oid }) => [name, { mode, oid }]));
}

function* combinations(choices: readonly Choice[]): Generator<Map<string, TreeItem | null>> {
  const [first, ...rest] = choices;
  if (first === undefined) {
    yield new Map();
    return;
  }
  const [name, items] = first;
  for (const item of items) for (const others of combinations(rest)) yield new Map([[name, item], ...others]);
}
