import { availableParallelism } from "node:os";
import { runGit } from "../binary/gitBinary.ts";
import { hasLooseObject, readObject } from "../objects/objects.ts";
import type { ConfigEnv } from "../repository/gitConfig.ts";
import type { Repository } from "../repository/repository.ts";
import { diffTrees, type PathChange } from "../trees/diffTrees.ts";
import { lastRead } from "../trees/lastRead.ts";
import { findInTree } from "../trees/tree.ts";
import { parseCommit } from "./commit.ts";
import type { HistoryCommit } from "./history.ts";
import { MANY } from "./newCommits.ts";

/** What is looked at of many commits. */
export interface DiffOptions {
  /** The folder whose files count; the paths are from there. "" for all. */
  readonly prefix: string;
  /** Commits of which nothing can be told. */
  readonly edges: ReadonlySet<string>;
  readonly env: ConfigEnv;
}

type Read = (oid: string) => Promise<Buffer>;

/** What a commit changed; of a merge with what its other parents have there. */
export interface CommitChange extends PathChange {
  /** The blobs of a merge's other parents, in their order; null where those have none. */
  readonly others?: readonly (string | null)[];
}

/**
 * What each commit changed against its parent. Of a merge only what differs from every parent, against the first:
 * the rest was changed by the commits that it joins.
 * @throws not_found when an object is missing or damaged
 */
export async function commitDiffs(
  repository: Repository,
  commits: readonly HistoryCommit[],
  options: DiffOptions,
): Promise<ReadonlyMap<string, readonly CommitChange[]>> {
  const wanted = commits.filter(({ oid }) => !options.edges.has(oid));
  const packed = wanted.filter(({ parents, tree }) => parents.length < 2 && !hasLooseObject(repository, tree));
  const found = packed.length > MANY ? await askGit(repository, packed, options) : new Map<string, PathChange[]>();
  const diffs: Map<string, readonly CommitChange[]> = found;
  const trees = new Map(commits.map(({ oid, tree }) => [oid, tree]));
  const read = lastRead(async (oid) => (await readObject(repository, oid)).bytes);
  const diff = async (before: string | undefined, after: string): Promise<PathChange[]> => {
    const from = before === undefined ? undefined : (trees.get(before) ?? parseCommit(await read(before)).tree);
    const changes: PathChange[] = [];
    const [old, now] = [await below(read, from, options.prefix), await below(read, after, options.prefix)];
    await diffTrees(read, old, now, "", changes);
    return changes;
  };
  for (const { oid, tree, parents } of wanted) {
    if (diffs.has(oid)) continue;
    const each: PathChange[][] = [];
    for (const parent of parents.length === 0 ? [undefined] : parents) each.push(await diff(parent, tree));
    diffs.set(oid, againstAll(each));
  }
  return diffs;
}

/** What differs from every parent, against the first. */
function againstAll([first = [], ...rest]: readonly PathChange[][]): readonly CommitChange[] {
  if (rest.length === 0) return first;
  const others = rest.map((changes) => new Map(changes.map(({ path, before }) => [path, before])));
  return first
    .filter(({ path }) => others.every((paths) => paths.has(path)))
    .map((change) => ({ ...change, others: others.map((paths) => paths.get(change.path) ?? null) }));
}

async function below(read: Read, tree: string | undefined, prefix: string): Promise<string | undefined> {
  let current = tree;
  for (const name of prefix === "" ? [] : prefix.split("/")) {
    const entry = current === undefined ? undefined : findInTree(await read(current), name);
    current = entry?.mode === "40000" ? entry.oid : undefined;
  }
  return current;
}

/** The same by `git diff-tree`, one for each processor; nothing where there is no git, or it fails. */
async function askGit(
  repository: Repository,
  commits: readonly HistoryCommit[],
  { prefix, env }: DiffOptions,
): Promise<Map<string, PathChange[]>> {
  const only = prefix === "" ? [] : ["--", `:(top,literal)${prefix}`];
  const flags = [
    "--stdin",
    "--root",
    "-r",
    "--raw",
    "-z",
    "--no-renames",
    "--no-abbrev",
    "--no-ext-diff",
    "--no-textconv",
  ];
  const args = ["diff-tree", ...flags, ...only];
  const share = Math.ceil(commits.length / Math.min(4, availableParallelism()));
  const parts = Array.from({ length: Math.ceil(commits.length / share) }, async (_, at) => {
    const input = commits.slice(at * share, (at + 1) * share).map(({ oid }) => `${oid}\n`);
    const options = { at: repository.commonDir, objects: repository, env, input: input.join(""), timeoutMs: 600_000 };
    return runGit(args, options);
  });
  const results = await Promise.all(parts);
  const diffs = new Map<string, PathChange[]>();
  if (results.some(({ code }) => code !== 0)) return diffs;
  for (const { oid } of commits) diffs.set(oid, []);
  for (const { stdout } of results) readRaw(stdout, prefix, diffs);
  return diffs;
}

/** Reads `id NUL :modes ids letter NUL path NUL …` of `diff-tree --stdin -z`. */
function readRaw(stdout: string, prefix: string, diffs: ReadonlyMap<string, PathChange[]>): void {
  const cut = prefix === "" ? 0 : prefix.length + 1;
  const parts = stdout.split("\0");
  let changes: PathChange[] = [];
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] as string;
    if (!part.startsWith(":")) changes = diffs.get(part) ?? [];
    else {
      const [oldMode = "", newMode = "", before = "", after = ""] = part.slice(1).split(" ");
      const path = (parts[++at] as string).slice(cut);
      const change = { path, before: blob(oldMode, before), after: blob(newMode, after) };
      if (change.before !== change.after) changes.push(change);
    }
  }
}

/** Only files count: no links to other repositories, and no absent ones. */
function blob(mode: string, oid: string): string | null {
  return mode.startsWith("10") || mode === "120000" ? oid : null;
}
