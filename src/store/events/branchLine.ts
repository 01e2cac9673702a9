import { AyoError } from "../../error.ts";
import { type CommitParts, parseCommit } from "../../git/commits/commit.ts";
import { objectExists, readObject } from "../../git/objects/objects.ts";
import { readHead } from "../../git/refs/refs.ts";
import type { Journal } from "../open/store.ts";
import { type Painted, paintWalk, type WalkedCommit } from "./paintWalk.ts";

/** After so many commits others in this process get a turn. */
const BATCH = 64;

/** A commit of a store's branch, with when it was made in milliseconds since 1970. */
export interface LineCommit {
  readonly oid: string;
  readonly parent: string | undefined;
  readonly at: number;
}

/** A commit, or undefined where the repository does not have it. */
export async function commitAt({ repository }: Journal, oid: string): Promise<CommitParts | undefined> {
  try {
    return parseCommit((await readObject(repository, oid)).bytes);
  } catch (error) {
    if (error instanceof AyoError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** Several questions about two lines walk the same commits. */
const known = new WeakMap<Journal["repository"], Map<string, WalkedCommit>>();
const MAX_KNOWN = 20_000;

async function knownAt(journal: Journal, oid: string): Promise<WalkedCommit | undefined> {
  const commits = known.get(journal.repository) ?? new Map<string, WalkedCommit>();
  known.set(journal.repository, commits);
  const before = commits.get(oid);
  if (before !== undefined) return before;
  const commit = await commitAt(journal, oid);
  if (commit === undefined) return undefined;
  if (commits.size >= MAX_KNOWN) commits.clear();
  const { parents, committer } = commit;
  const now = { parents, committer: { time: committer.time } };
  commits.set(oid, now);
  return now;
}

/** Lets others in this process have their turn of the event loop. */
export function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** First parents from a commit back to where the repository knows no more; a long walk stops nobody else. */
export async function* firstParents(
  journal: Journal,
  from = readHead(journal.repository).oid,
): AsyncGenerator<LineCommit> {
  let count = 0;
  for (let oid = from; oid !== undefined; ) {
    const commit = await commitAt(journal, oid);
    if (commit === undefined) return;
    const parent: string | undefined = commit.parents[0];
    yield { oid, parent, at: commit.committer.time * 1000 };
    if (++count % BATCH === 0) await yieldToOthers();
    oid = parent;
  }
}

/** How many commits `tip` has that `from` (undefined: nothing) has not, wherever the two met. */
export async function countBeyond(journal: Journal, from: string | undefined, tip: string): Promise<number> {
  const walk = { read: (oid: string) => knownAt(journal, oid), pause: yieldToOthers };
  return (await paintWalk({ tip, from, limit: Number.POSITIVE_INFINITY, mayDiffer: true }, walk))?.size ?? 0;
}

/**
 * What `tip` has that `from` (undefined: nothing) has not, by all parents: each commit after its parents, one line of a
 * merge after the other, the tip last. Undefined where `from` is no ancestor of `tip`, so that the branch was rewritten, or
 * `limit` does not reach.
 */
export async function commitsSince(
  journal: Journal,
  from: string | undefined,
  tip: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<string[] | undefined> {
  return (await linesSince(journal, from, tip, limit))?.map(({ oid }) => oid);
}

/** A commit with its parents. */
export interface LinkedCommit extends Painted {
  readonly oid: string;
}

/** As {@link commitsSince}, with each one's parents. */
export async function linesSince(
  journal: Journal,
  from: string | undefined,
  tip: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<LinkedCommit[] | undefined> {
  const walked = await paintWalk(
    { tip, from, limit },
    {
      read: (oid) => knownAt(journal, oid),
      pause: yieldToOthers,
    },
  );
  return walked === undefined ? undefined : inLines(walked, tip);
}

/**
 * The commit at which two lines of a branch parted: the last that both have; undefined where they began apart. Of several
 * one, the same on every machine.
 */
export async function commonAncestor(journal: Journal, one: string, other: string): Promise<string | undefined> {
  const walk = { read: (oid: string) => knownAt(journal, oid), pause: yieldToOthers };
  const question = { tip: one, from: other, limit: Number.POSITIVE_INFINITY, mayDiffer: true };
  const found = (await paintWalk(question, walk)) ?? new Map<string, Painted>();
  if (!found.has(one)) return one;
  const met = new Set([...found.values()].flatMap(({ parents }) => parents).filter((oid) => !found.has(oid)));
  let best: string | undefined;
  for (const oid of [...met].sort()) {
    if (!(await objectExists(journal.repository, oid))) continue;
    if (best === undefined || (await commitsSince(journal, best, oid)) !== undefined) best = oid;
  }
  return best;
}

/** Each after its parents; what comes by a first parent before what comes by others. */
function inLines(found: ReadonlyMap<string, Painted>, tip: string): LinkedCommit[] {
  const ordered: LinkedCommit[] = [];
  const seen = new Set<string>();
  const todo: { readonly oid: string; readonly parents: readonly string[]; next: number }[] = [];
  const enter = (oid: string): void => {
    const commit = found.get(oid);
    if (commit === undefined || seen.has(oid)) return;
    seen.add(oid);
    todo.push({ oid, parents: commit.parents, next: 0 });
  };
  enter(tip);
  for (let top = todo.at(-1); top !== undefined; top = todo.at(-1)) {
    const parent = top.parents[top.next++];
    if (parent !== undefined) enter(parent);
    else {
      todo.pop();
      ordered.push({ oid: top.oid, parents: top.parents });
    }
  }
  return ordered;
}
