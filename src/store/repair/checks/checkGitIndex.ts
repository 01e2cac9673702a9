import path from "node:path";
import { checkIndex, indexDrift, rebuildIndex } from "../../../git/repair/repair.ts";
import { operationInProgress } from "../../../git/repository/operation.ts";
import type { Journal } from "../../open/store.ts";
import type { Finding, StoreFinding } from "../finding.ts";
import type { Aside } from "../setAside.ts";

/**
 * Checks the git index. In an own repository it is what HEAD has, and is made again from there; in a project's it
 * also holds what a person staged, so only the person may throw it away.
 */
export async function checkGitIndex({ mode, repository }: Journal, tip: string, aside: Aside): Promise<StoreFinding[]> {
  const operation = operationInProgress(repository);
  if (mode === "own" && operation !== undefined) {
    const message = `a ${operation} is in progress in the store's repository: finish or abort it with git`;
    return [{ finding: { code: "git_operation", severity: "warning", path: "index", message } }];
  }
  const index = checkIndex(repository);
  if (mode === "inline") return ofProject(index);
  const mend = async (): Promise<void> => {
    const file = path.join(repository.gitDir, "index");
    aside.copy(file);
    await rebuildIndex(repository, tip, aside.signature);
  };
  const fix = "made again from the last commit";
  // Nothing is committed yet, or nothing any more: git needs no index for that either.
  if (index.state === "missing" && (await indexDrift(repository, new Map(), tip)).length === 0) return [];
  if (index.state !== "whole") {
    const how = index.state === "foreign" ? `${index.what}, which ayo cannot write` : index.state;
    return [{ finding: { ...finding(`the index is ${how}`), fix }, mend }];
  }
  const drift = await indexDrift(repository, index.entries, tip);
  if (drift.length === 0) return [];
  const paths = drift.slice(0, 3).join(", ") + (drift.length > 3 ? ` and ${drift.length - 3} more` : "");
  return [{ finding: { ...finding(`the index differs from the last commit at ${paths}`), fix }, mend }];
}

function ofProject(index: ReturnType<typeof checkIndex>): StoreFinding[] {
  if (index.state === "foreign") {
    const help = index.help === "" ? "" : `: '${index.help}' changes that`;
    return [{ finding: finding(`the index is ${index.what}, which ayo cannot write${help}`) }];
  }
  if (index.state !== "damaged") return [];
  return [{ finding: finding("the index is damaged: 'git reset' makes it again, and what was staged is unstaged") }];
}

function finding(message: string): Finding {
  return { code: "git_index", severity: "error", path: "index", message };
}
