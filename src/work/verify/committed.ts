import path from "node:path";
import { AyoError } from "../../error.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { projectHere, workHere } from "../../store/change/claimTokens.ts";
import type { Store } from "../../store/open/store.ts";
import { changesIn } from "../worktrees/changes.ts";
import { withGitIn } from "../worktrees/gitAt.ts";
import { listed } from "./checkout.ts";

/**
 * Refuses to verify where the caller stands on the work with changes that are not committed: he would take them for
 * verified.
 * @throws conflict
 */
export async function assertCommitted(
  store: Store,
  project: WorkProject,
  { id, head, branch }: { readonly id: string; readonly head: string; readonly branch: string | undefined },
): Promise<void> {
  const here = projectHere(store);
  const stands = workHere(store);
  if (here === undefined || here.bare || here.commonDir !== project.commonDir) return;
  if (stands.head !== head || stands.branch !== branch) return;
  const at = branch === undefined ? head : `refs/heads/${branch}`;
  const changes = await withGitIn(project, { dir: here.worktree, gitDir: here.gitDir }, at, ({ run }) =>
    changesIn(run),
  );
  const own = path.relative(here.worktree, store.dir);
  const names = changes
    .map((change) => change.path)
    .filter((name) => name !== `${own}/` && !name.startsWith(`${own}/`));
  if (names.length === 0) return;
  throw new AyoError(
    "conflict",
    `${id} cannot be verified: ayo runs commits, and here is not committed: ${listed(names)}`,
    {
      try: ["git", "status"],
      data: { id, files: names },
    },
  );
}
