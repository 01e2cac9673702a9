import { existsSync, lstatSync } from "node:fs";
import path from "node:path";
import { operationInProgress } from "../../git/repository/operation.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { type Entry, entryAt, isRealFolder } from "./entries.ts";
import { gitOn } from "./gitAt.ts";
import { branchOf, isReviewName } from "./worktree.ts";

/** A worktree that ayo may write in: on its own branch, and nobody is in the middle of anything. */
export interface Standing {
  readonly dir: string;
  readonly entry: Entry;
  /** `refs/heads/ayo/work/<id>`; of a review's worktree the commit. */
  readonly ref: string;
}

/** The worktree of a ticket, or of its review, as it stands; a sentence where nothing may be done to it. */
export async function standingOf(project: WorkProject, name: string): Promise<Standing | string> {
  const dir = path.join(project.folder, name);
  if (!isRealFolder(dir)) return `${dir} is gone`;
  const entry = entryAt(project, dir);
  if (entry === undefined || entry === "several") return `${dir} is no worktree that git knows any more`;
  const { gitDir, head } = entry;
  const operation = operationInProgress({ gitDir, commonDir: project.commonDir, worktree: dir, bare: false });
  if (operation !== undefined) return `a ${operation} is in progress in ${dir}`;
  const isReview = isReviewName(name);
  const ref = isReview ? head : `refs/heads/${branchOf(name)}`;
  const wanted = isReview ? "a commit" : branchOf(name);
  if (isReview ? !/^[0-9a-f]{40,64}$/.test(head) : head !== ref)
    return `${dir} is on ${head.replace(/^refs\/heads\//, "") || "nothing"}, not on ${wanted}`;
  const index = path.join(gitDir, "index");
  if (lstatSync(index, { throwIfNoEntry: false })?.isFile() !== true) return `${dir} has no index any more`;
  if (existsSync(`${index}.lock`)) return `${index}.lock is there: another git command runs in ${dir}, or one crashed`;
  if (!isReview && (await gitOn(project)(["symbolic-ref", "-q", ref])).code === 0)
    return `${wanted} stands for another branch`;
  return { dir, entry, ref };
}
