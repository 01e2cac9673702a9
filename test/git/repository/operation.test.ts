import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { operationInProgress } from "../../../src/git/repository/operation.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";

const open = (dir: string): Repository => openRepository(dir) as Repository;

/** A repository whose branch `side` has two commits that conflict with main's last. */
function diverged(): string {
  const dir = gitRepo();
  const commit = (text: string): void => {
    writeFileSync(`${dir}/README.md`, text);
    git(dir, "commit", "--quiet", "-am", text);
  };
  git(dir, "checkout", "--quiet", "-b", "side");
  commit("side 1");
  commit("side 2");
  git(dir, "checkout", "--quiet", "main");
  commit("main 1");
  commit("main 2");
  return dir;
}

describe("operationInProgress", () => {
  test.each([
    ["rebase", ["rebase", "side"], ["rebase", "--abort"]],
    ["rebase", ["rebase", "--apply", "side"], ["rebase", "--abort"]],
    ["merge", ["merge", "side"], ["merge", "--abort"]],
    ["cherry-pick", ["cherry-pick", "side"], ["cherry-pick", "--abort"]],
    ["revert", ["revert", "--no-edit", "HEAD~1"], ["revert", "--abort"]],
    ["am", ["am", ".git/patch"], ["am", "--abort"]],
    ["bisect", ["bisect", "start"], ["bisect", "reset"]],
  ])("%s (git %j)", (operation, begin, end) => {
    const dir = diverged();
    writeFileSync(`${dir}/.git/patch`, git(dir, "format-patch", "--stdout", "-1", "side"));
    expect(operationInProgress(open(dir))).toBeUndefined();
    if (operation === "bisect") git(dir, ...begin);
    else expect(() => git(dir, ...begin)).toThrow();
    expect(operationInProgress(open(dir))).toBe(operation);
    git(dir, ...end);
    expect(operationInProgress(open(dir))).toBeUndefined();
  });

  test.each(["cherry-pick", "revert"] as const)("a series of %s between two of its commits", (operation) => {
    const dir = diverged();
    const [from, to] = operation === "revert" ? ["HEAD~2", "HEAD~1"] : ["main~2", "side"];
    expect(() => git(dir, operation, `${from}..${to}`, ...(operation === "revert" ? ["HEAD"] : []))).toThrow();
    writeFileSync(`${dir}/README.md`, "solved");
    git(dir, "commit", "--quiet", "-am", "solved");
    expect(operationInProgress(open(dir))).toBe(operation);
  });

  test("is a matter of one worktree", () => {
    const dir = diverged();
    git(dir, "worktree", "add", "--quiet", "-b", "other", `${dir}/wt`, "main");
    expect(() => git(`${dir}/wt`, "merge", "side")).toThrow(/CONFLICT/);
    expect(operationInProgress(open(`${dir}/wt`))).toBe("merge");
    expect(operationInProgress(open(dir))).toBeUndefined();
  });
});
