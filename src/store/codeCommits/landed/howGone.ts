import { parseCommit } from "../../../git/commits/commit.ts";
import { openCommits } from "../../../git/commits/commitReader.ts";
import { projectRepository } from "../../open/projectRepository.ts";
import type { Store } from "../../open/store.ts";
import { revertsIn } from "./baseHistory.ts";

/**
 * Whether each of some commits, by which work went from the base branch, is known to take nothing back: then it is the
 * tip of a branch that was written anew, and innocent.
 */
export function innocentOf(store: Store, oids: readonly string[]): ReadonlySet<string> {
  const repository = oids.length === 0 ? undefined : projectRepository(store);
  if (repository === undefined) return new Set();
  const reader = openCommits(repository);
  try {
    return new Set(
      oids.filter((oid) => {
        const bytes = /^[0-9a-f]{40,64}$/.test(oid) ? reader.read(oid) : undefined;
        return bytes !== undefined && revertsIn(parseCommit(bytes).message).length === 0;
      }),
    );
  } finally {
    reader.close();
  }
}
