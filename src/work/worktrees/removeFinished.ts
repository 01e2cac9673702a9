import { readdirSync } from "node:fs";
import { workProject } from "../../store/allow/ready/workProject.ts";
import type { View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { liveRuns } from "../../store/runs/liveRuns.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { cleanUp, whyNotCleanedUp } from "./cleanUp.ts";
import { isReviewName } from "./worktree.ts";

/** What became of the worktrees of tickets that are over. */
export interface RemovedWorktrees {
  readonly removed: readonly { readonly name: string; readonly ticket: string }[];
  readonly kept: readonly { readonly name: string; readonly why: string }[];
}

/**
 * Removes the worktrees of tickets that are done or cancelled, where nothing can be lost with them; a dry run only says
 * which would go.
 */
export async function removeFinished(
  store: Store,
  view: View,
  base: string | undefined,
  isDryRun = false,
): Promise<RemovedWorktrees> {
  const project = workProject(store);
  if (project === undefined) return { removed: [], kept: [] };
  const busy = new Set(liveRuns(store).map(({ ticket }) => ticket));
  const removed: { name: string; ticket: string }[] = [];
  const kept: { name: string; why: string }[] = [];
  for (const name of namesIn(project.folder)) {
    const ticket = isReviewName(name) ? name.slice(0, name.lastIndexOf(".")) : name;
    if (busy.has(ticket) || !isOver(view, ticket)) continue;
    const why = isDryRun ? await whyNotCleanedUp(project, name, base) : whyKept(await cleanUp(project, name, base));
    if (why === undefined) removed.push({ name, ticket });
    else kept.push({ name, why });
  }
  return { removed, kept };
}

function whyKept({ isRemoved, why = "" }: Awaited<ReturnType<typeof cleanUp>>): string | undefined {
  return isRemoved ? undefined : why;
}

function isOver({ board, lookup }: View, id: string): boolean {
  const found = lookup.get(id);
  const category = found === undefined ? undefined : categoryOf(board, found.status);
  return category === "done" || category === "cancelled";
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
