import { type CommitParts, parseCommit } from "../../git/commits/commit.ts";
import { objectExists, readObject } from "../../git/objects/objects.ts";
import { readHead } from "../../git/refs/refs.ts";
import type { Journal } from "../open/store.ts";

/** After so many commits others in this process get a turn. */
const BATCH = 64;
/** Most often a branch has gained a few commits: so many are read before the other line is looked at too. */
const LEAD = 8;

/** A commit of a store's branch, with when it was made in milliseconds since 1970. */
export interface LineCommit {
  readonly oid: string;
  readonly parent: string | undefined;
  readonly at: number;
}

/** A commit, or undefined where the repository does not have it. */
export async function commitAt({ repository }: Journal, oid: string): Promise<CommitParts | undefined> {
  return (await objectExists(repository, oid)) ? parseCommit((await readObject(repository, oid)).bytes) : undefined;
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

/**
 * First parents from `tip` back to `from` (undefined: to the beginning), oldest first; undefined where `from` is not
 * among them, or `limit` does not reach it. Both lines are walked at once: what a rewritten branch costs is the way to
 * where it left the old one, and not its whole history.
 */
export async function commitsSince(
  journal: Journal,
  from: string | undefined,
  tip: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<string[] | undefined> {
  const chain: string[] = [];
  const old = from === undefined ? undefined : oldLine(journal, from);
  for await (const { oid } of firstParents(journal, tip)) {
    if (oid === from) return chain.reverse();
    if (chain.length >= limit) return undefined;
    chain.push(oid);
    if (chain.length >= LEAD && (await old?.meets(chain)) === true) return undefined;
  }
  // The edge of a shallow clone: what lies before it is known to nobody here.
  return from === undefined ? chain.reverse() : undefined;
}

/** The line that a branch had before, walked one commit further at every question. */
function oldLine(journal: Journal, from: string) {
  const line = firstParents(journal, from);
  const passed = new Set<string>();
  const seen = new Set<string>();
  let asked = 0;
  return {
    /** Whether it meets a line that began elsewhere, below `from`; also where nobody here has `from` at all. */
    meets: async (chain: readonly string[]): Promise<boolean> => {
      for (const oid of chain.slice(asked)) {
        if (passed.has(oid)) return true;
        seen.add(oid);
      }
      asked = chain.length;
      const { value } = await line.next();
      if (value === undefined) return passed.size === 0;
      passed.add(value.oid);
      return seen.has(value.oid);
    },
  };
}
