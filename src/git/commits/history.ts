import { AyoError } from "../../error.ts";
import { readObject } from "../objects/objects.ts";
import type { Repository } from "../repository/repository.ts";
import { type CommitParts, parseCommit } from "./commit.ts";

/** A commit with its id. */
export interface HistoryCommit extends CommitParts {
  readonly oid: string;
}

/**
 * Commits reachable from `from`, newest first by commit time; a commit whose object is missing (a shallow clone's
 * edge) ends its line.
 */
export async function* walkCommits(
  repository: Repository,
  from: string,
  { limit = Number.POSITIVE_INFINITY }: { readonly limit?: number } = {},
): AsyncGenerator<HistoryCommit> {
  const seen = new Set([from]);
  const queue: HistoryCommit[] = [];
  const push = async (oid: string): Promise<void> => {
    const commit = await readCommit(repository, oid);
    if (commit === undefined) return;
    const at = queue.findIndex((other) => other.committer.time < commit.committer.time);
    queue.splice(at < 0 ? queue.length : at, 0, commit);
  };
  await push(from);
  for (let count = 0; count < limit; count++) {
    const next = queue.shift();
    if (next === undefined) return;
    yield next;
    for (const parent of next.parents) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      await push(parent);
    }
  }
}

/** Clocks may be this far apart, in seconds: a commit can be older than its parent. */
const SKEW_S = 86_400;

/** Whether `maybe` is `of` or an ancestor of it, however far back. */
export async function isAncestor(repository: Repository, maybe: string, of: string): Promise<boolean> {
  if (maybe === of) return true;
  const wanted = await readCommit(repository, maybe);
  if (wanted === undefined) return false;
  for await (const { oid, committer } of walkCommits(repository, of)) {
    if (oid === maybe) return true;
    if (committer.time < wanted.committer.time - SKEW_S) return false;
  }
  return false;
}

async function readCommit(repository: Repository, oid: string): Promise<HistoryCommit | undefined> {
  try {
    return { oid, ...parseCommit((await readObject(repository, oid)).bytes) };
  } catch (error) {
    if (error instanceof AyoError && error.code === "not_found") return undefined;
    throw error;
  }
}
