import { AyoError } from "../error.ts";
import { type CommitParts, parseCommit } from "./commit.ts";
import { readObject } from "./objects.ts";
import type { Repository } from "./repository.ts";

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

/** Whether `maybe` is `of` or one of its last `limit` ancestors. */
export async function isAncestor(repository: Repository, maybe: string, of: string, limit = 100_000): Promise<boolean> {
  if (maybe === of) return true;
  for await (const { oid } of walkCommits(repository, of, { limit })) if (oid === maybe) return true;
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
