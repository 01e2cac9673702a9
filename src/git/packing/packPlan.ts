import { type CommitParts, parseCommit } from "../commits/commit.ts";
import type { GitObject, ObjectType } from "../objects/objects.ts";
import { differingPart, linesBetween } from "./delta.ts";

/** An object of a pack to come. */
export interface Planned {
  readonly oid: string;
  readonly type: ObjectType | "tag";
  /** The object, earlier in the list, that this one may be a difference to. */
  readonly base: string | undefined;
}

/** After so many differences one is to a version further away, so that no chain is long. */
const STEP = 50;

/**
 * In which order objects are packed and which version of a file or folder each is a difference to: the next newer one,
 * as in git, so that what is read most is whole. Folders of ten thousand tickets hardly differ from commit to commit.
 * `read` has to have every object of `types`.
 */
export function planPack(types: ReadonlyMap<string, Planned["type"]>, read: (oid: string) => GitObject): Planned[] {
  const ofType = (wanted: string): string[] => [...types].flatMap(([oid, type]) => (type === wanted ? [oid] : []));
  const commits = newestFirst(ofType("commit").map((oid) => ({ oid, ...parseCommit(read(oid).bytes) })));
  const lines = new Map<string, string[]>();
  const placed = new Set<string>();
  const place = (path: string, oid: string): void => {
    if (placed.has(oid)) return;
    placed.add(oid);
    // A file that became a folder is no version of it.
    const key = `${types.get(oid)} ${path}`;
    const line = lines.get(key) ?? [];
    if (line.push(oid) === 1) lines.set(key, line);
  };
  const follow = (path: string, newer: string, older: string): void => {
    if (newer === older || !types.has(newer) || !types.has(older) || types.get(newer) !== types.get(older)) return;
    place(path, newer);
    place(path, older);
    if (types.get(newer) !== "tree") return;
    for (const [name, after, before] of changedIn(read(newer).bytes, read(older).bytes))
      follow(`${path}/${name}`, after, before);
  };
  let newer: string | undefined;
  for (const { tree } of commits) {
    if (newer !== undefined) follow("", newer, tree);
    if (types.has(tree)) newer = tree;
  }
  const alone = (oid: string, type: Planned["type"]): Planned => ({ oid, type, base: undefined });
  const rest = [...types].flatMap(([oid, type]) => (type === "commit" || placed.has(oid) ? [] : [alone(oid, type)]));
  return [
    ...commits.map(({ oid }) => alone(oid, "commit")),
    ...[...lines.values()].flatMap((line) =>
      line.map((oid, at) => ({ oid, type: types.get(oid) as Planned["type"], base: line[baseOf(at)] })),
    ),
    ...rest,
  ];
}

/**
 * Each commit just before its first parent, as far as that goes. By their time alone commits of one second would be mixed
 * up, and folders that differ in two of ten thousand lines would be compared in thousands.
 */
function newestFirst<T extends Pick<CommitParts, "parents" | "committer"> & { readonly oid: string }>(
  commits: readonly T[],
): T[] {
  const left = new Map(commits.map((commit) => [commit.oid, commit]));
  const isParent = new Set(commits.flatMap(({ parents }) => parents));
  const byTime = commits.toSorted((one, other) => other.committer.time - one.committer.time);
  const found: T[] = [];
  for (const start of [...byTime.filter(({ oid }) => !isParent.has(oid)), ...byTime]) {
    for (let at = left.get(start.oid); at !== undefined; at = left.get(at.parents[0] ?? "")) {
      found.push(at);
      left.delete(at.oid);
    }
  }
  return found;
}

/** Which version one is a difference to; -1 for none. A chain has at most STEP far steps and STEP near ones. */
function baseOf(at: number): number {
  if (at % (STEP * STEP) === 0) return -1;
  return at % STEP === 0 ? at - STEP : at - 1;
}

/** Name, id in `newer` and id in `older` of what two trees both have and have differently. */
function changedIn(newer: Buffer, older: Buffer): (readonly [name: string, after: string, before: string])[] {
  const { start, rest } = differingPart(older, newer);
  const old = new Map<string, string>();
  for (const { at, end } of linesBetween(older, start, older.length - rest))
    old.set(older.toString("latin1", at, end - 21), older.toString("hex", end - 20, end));
  return linesBetween(newer, start, newer.length - rest).flatMap(({ at, end }) => {
    const name = newer.toString("latin1", at, end - 21);
    const [after, before] = [newer.toString("hex", end - 20, end), old.get(name)];
    return before === undefined || before === after ? [] : [[name, after, before] as const];
  });
}
