import { AyoError } from "../../error.ts";
import { workProject } from "../../store/allow/ready/workProject.ts";
import type { Store } from "../../store/open/store.ts";
import { isValidId } from "../../ticket/ids.ts";
import { addDetached, moveDetached } from "./addWorktree.ts";
import { commitAt } from "./baseOf.ts";
import { gitOn } from "./gitAt.ts";
import { noBranch, openAt, openFolder, opening } from "./openWorktree.ts";
import { branchOf, reviewName, type Worktree } from "./worktree.ts";

/** What is reviewed, and by whom. */
export interface Reviewing {
  /** The ticket's. */
  readonly id: string;
  /** The commit that was submitted; the newest of the ticket's branch unless told. */
  readonly head?: string | undefined;
  /** `@reviewer`. */
  readonly agent: string;
}

/**
 * Where the work on a ticket is reviewed: `<project>.work/<id>.review`, detached at the commit that was submitted. What
 * is there is moved to that commit; files that a review before left stay where they are not in the way.
 * @throws as openWorktree, and not_found for a commit that is not there
 */
export async function reviewWorktree(store: Store, { id, head: wanted, agent }: Reviewing): Promise<Worktree> {
  const project = workProject(store);
  const name = reviewName(id);
  if (!isValidId(id)) throw noBranch(id);
  if (project === undefined) return openFolder(store, name);
  const named = wanted === undefined ? `refs/heads/${branchOf(id)}` : wanted;
  const isNamed = wanted === undefined || /^[0-9a-f]{4,64}$/.test(wanted);
  const head = isNamed ? await commitAt(gitOn(project), named) : undefined;
  if (head === undefined) {
    const what = wanted === undefined ? `branch ${branchOf(id)}` : `commit ${wanted}`;
    throw new AyoError("not_found", `there is no ${what} to review`, { data: { id } });
  }
  return opening(project, name, agent, undefined, async (dir) => {
    const found = await openAt(project, dir, undefined);
    return found === undefined ? addDetached(project, dir, head) : moveDetached(project, found, head);
  });
}
