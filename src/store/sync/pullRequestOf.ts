import { readRef } from "../../git/refs/refs.ts";
import { remotesOf } from "../../git/transport/waySettings.ts";
import { shortRef } from "../codeCommits/landed/baseBranch.ts";
import { gitEnv } from "../disk/refresh.ts";
import { projectRepository } from "../open/projectRepository.ts";
import type { Store } from "../open/store.ts";
import { originOf } from "./originOf.ts";
import { pullRequestUrl } from "./pullRequestUrl.ts";

/**
 * Where a pull request of a branch of the project is made; one that only a remote has is named with the remote. Undefined
 * where that is not known. Nothing is asked of the remote.
 */
export function pullRequestOf(store: Store, baseRef: string, branch: string | undefined): string | undefined {
  const repository = projectRepository(store);
  if (repository === undefined || branch === undefined) return undefined;
  const names = remotesOf(repository, gitEnv(store)).map(({ name }) => name);
  const isLocal = readRef(repository, `refs/heads/${branch}`) !== undefined;
  const pushed = isLocal ? undefined : names.find((name) => branch.startsWith(`${name}/`));
  const remote = originOf(store, pushed);
  if (remote === undefined) return undefined;
  const owner = names.find((name) => baseRef.startsWith(`refs/remotes/${name}/`));
  const base = shortRef(baseRef);
  return pullRequestUrl({
    remote,
    base: owner === undefined ? base : base.slice(owner.length + 1),
    branch: pushed === undefined ? branch : branch.slice(pushed.length + 1),
  });
}
