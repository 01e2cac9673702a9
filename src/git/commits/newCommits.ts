import { AyoError } from "../../error.ts";
import { runGit } from "../binary/gitBinary.ts";
import { readObject } from "../objects/objects.ts";
import type { ConfigEnv } from "../repository/gitConfig.ts";
import { type Repository, readText } from "../repository/repository.ts";
import { type CommitParts, parseCommit } from "./commit.ts";
import type { HistoryCommit } from "./history.ts";

/** The commits of a branch that somebody does not know yet. */
export interface NewCommits {
  /** Parents before their children, otherwise by time. */
  readonly commits: readonly HistoryCommit[];
  /** The known commits at which looking ended. */
  readonly met: ReadonlySet<string>;
  /** New commits whose parents are not here: the edge of a shallow clone. What they changed cannot be told. */
  readonly edges: ReadonlySet<string>;
}

/** More commits than this are asked of a git binary, where there is one: it reads packs a hundred times faster. */
export const MANY = 300;

/** The commits reachable from `head` that are not `known`; a known commit's ancestors have to be known too. */
export async function newCommits(
  repository: Repository,
  head: string,
  known: ReadonlySet<string>,
  env: ConfigEnv,
): Promise<NewCommits> {
  const shallow = new Set(readText(`${repository.commonDir}/shallow`).split("\n"));
  const few = await walk(repository, head, known, shallow, MANY);
  if (few !== undefined) return few;
  return (
    (await askGit(repository, head, known, shallow, env)) ??
    ((await walk(repository, head, known, shallow, Number.POSITIVE_INFINITY)) as NewCommits)
  );
}

/** Follows the parents from `head`; undefined when there are more than `limit`. */
async function walk(
  repository: Repository,
  head: string,
  known: ReadonlySet<string>,
  shallow: ReadonlySet<string>,
  limit: number,
): Promise<NewCommits | undefined> {
  const found = new Map<string, HistoryCommit>();
  const met = new Set<string>();
  const missing = new Set<string>();
  const open = [head];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (known.has(oid)) met.add(oid);
    if (known.has(oid) || found.has(oid) || missing.has(oid)) continue;
    if (found.size >= limit) return undefined;
    const parts = await read(repository, oid);
    if (parts === undefined) missing.add(oid);
    else found.set(oid, { oid, ...parts });
    if (!shallow.has(oid)) open.push(...(parts?.parents ?? []));
  }
  const isEdge = ({ oid, parents }: HistoryCommit) => shallow.has(oid) || parents.some((one) => missing.has(one));
  const edges = new Set([...found.values()].filter(isEdge).map(({ oid }) => oid));
  return { commits: inOrder(found), met, edges };
}

async function read(repository: Repository, oid: string): Promise<CommitParts | undefined> {
  try {
    return parseCommit((await readObject(repository, oid)).bytes);
  } catch (error) {
    if (error instanceof AyoError && error.code === "not_found") return undefined;
    throw error;
  }
}

async function askGit(
  repository: Repository,
  head: string,
  known: ReadonlySet<string>,
  shallow: ReadonlySet<string>,
  env: ConfigEnv,
): Promise<NewCommits | undefined> {
  const options = { at: repository.commonDir, objects: repository, env, timeoutMs: 600_000 };
  const { code, stdout } = await runGit(["rev-list", "--header", "--end-of-options", head], options);
  if (code !== 0) return undefined;
  const found = new Map<string, HistoryCommit>();
  const met = new Set<string>();
  for (const record of stdout.split("\0")) {
    const oid = record.slice(0, 40);
    if (oid === "" || known.has(oid)) continue;
    found.set(oid, { oid, ...parseCommit(Buffer.from(unindented(record.slice(41)))) });
  }
  for (const oid of [head, ...[...found.values()].flatMap(({ parents }) => parents)]) if (known.has(oid)) met.add(oid);
  return { commits: inOrder(found), met, edges: new Set([...found.keys()].filter((oid) => shallow.has(oid))) };
}

/** A commit as `rev-list --header` prints it has four blanks before each line of its message. */
function unindented(text: string): string {
  const end = text.indexOf("\n\n");
  return end < 0 ? text : text.slice(0, end + 2) + text.slice(end + 2).replaceAll(/^ {4}/gm, "");
}

/** Parents first, and by time as far as that allows. */
function inOrder(found: ReadonlyMap<string, HistoryCommit>): HistoryCommit[] {
  const byTime = [...found.values()].reverse().sort((left, right) => left.committer.time - right.committer.time);
  const done = new Set<string>();
  const ordered: HistoryCommit[] = [];
  for (const commit of byTime) {
    const path = [commit];
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const parent = last.parents.find((oid) => found.has(oid) && !done.has(oid));
      if (parent !== undefined) path.push(found.get(parent) as HistoryCommit);
      else {
        path.pop();
        if (!done.has(last.oid)) ordered.push(last);
        done.add(last.oid);
      }
    }
  }
  return ordered;
}
