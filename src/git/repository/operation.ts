import { existsSync } from "node:fs";
import path from "node:path";
import { type Repository, readFile } from "./repository.ts";

/** A git operation that stands half done in a worktree. */
export type Operation = "rebase" | "am" | "merge" | "cherry-pick" | "revert" | "bisect";

const SIGNS: readonly (readonly [sign: string, operation: Operation])[] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply/applying", "am"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["BISECT_LOG", "bisect"],
];

/**
 * The operation in progress, during which no commit of ours may move the branch: it would be taken into the rebase, or
 * lost with it.
 */
export function operationInProgress({ gitDir }: Repository): Operation | undefined {
  const found = SIGNS.find(([sign]) => existsSync(path.join(gitDir, sign)))?.[1];
  if (found !== undefined) return found;
  // Between two commits of a series there is only the list of what is left to do.
  const todo = readFile(path.join(gitDir, "sequencer", "todo"));
  if (todo === "") return undefined;
  return /^(?:revert|r )/.test(todo) ? "revert" : "cherry-pick";
}
