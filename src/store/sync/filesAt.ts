import { AyoError } from "../../error.ts";
import { lsTree } from "../../git/trees/lsTree.ts";
import type { Content, Files } from "../../ticket/merge/trees/trees.ts";
import type { Journal } from "../open/store.ts";

/** A merge looks at two sides, their base and what comes out, each several times. */
const KEPT = 4;
const kept = new WeakMap<Journal["repository"], Map<string, Files>>();

/** The files of a commit. @throws git_unsupported where something but files lies in a store's tree */
export async function filesAt({ repository }: Pick<Journal, "repository">, commit: string): Promise<Files> {
  const known = kept.get(repository) ?? new Map<string, Files>();
  kept.set(repository, known);
  const files = known.get(commit) ?? (await readFiles(repository, commit));
  known.delete(commit);
  known.set(commit, files);
  for (const old of [...known.keys()].slice(0, -KEPT)) known.delete(old);
  return files;
}

/** What was read is not needed any more. */
export function forgetFiles({ repository }: Pick<Journal, "repository">): void {
  kept.delete(repository);
}

async function readFiles(repository: Journal["repository"], commit: string): Promise<Files> {
  const files = new Map<string, Content>();
  for (const [path, { mode, oid }] of await lsTree(repository, commit, { recursive: true })) {
    if (!["100644", "100755"].includes(mode))
      throw new AyoError(
        "git_unsupported",
        `${path} of commit ${commit.slice(0, 8)} is a link, and no file of a store`,
      );
    files.set(path, { mode, blob: oid });
  }
  return files;
}
