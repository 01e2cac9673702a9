import { existsSync } from "node:fs";
import path from "node:path";
import type { Repository } from "./repository.ts";

const SIGNS = [
  ["rebase-merge", "rebase"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["BISECT_LOG", "bisect"],
] as const;

/** A git operation that stands half done in a worktree. */
export type Operation = (typeof SIGNS)[number][1];

/** The operation in progress, during which no commit of ours may move the branch (amendment 3). */
export function operationInProgress({ gitDir }: Repository): Operation | undefined {
  return SIGNS.find(([sign]) => existsSync(path.join(gitDir, sign)))?.[1];
}
