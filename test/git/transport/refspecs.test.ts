import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { branchBehind, refspecsOf, trackedAs } from "../../../src/git/transport/refspecs.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const USUAL = [{ from: "refs/heads/*", to: "refs/remotes/origin/*" }];
const PULLS = { from: "refs/pull/*/head", to: "refs/remotes/origin/pr/*" };

test("what a repository keeps of a remote is what its settings and the user's say", () => {
  const dir = gitRepo();
  git(dir, "config", "--add", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*");
  git(dir, "config", "--add", "remote.origin.fetch", "^refs/heads/secret/*");
  git(dir, "config", "--add", "remote.origin.fetch", "refs/heads/main");
  git(dir, "config", "--add", "remote.other.fetch", "refs/heads/a:refs/remotes/b");
  const mine = path.join(tempDir(), "gitconfig");
  writeFileSync(mine, '[remote "origin"]\n\tfetch = +refs/pull/*/head:refs/remotes/origin/pr/*\n');
  const specs = refspecsOf(
    openRepository(dir) as Repository,
    { GIT_CONFIG_GLOBAL: mine, GIT_CONFIG_NOSYSTEM: "1" },
    "origin",
  );
  expect(specs).toEqual([PULLS, ...USUAL]);
});

describe("a ref here stands for a branch there", () => {
  test.for([
    ["refs/remotes/origin/a/b", USUAL, "refs/heads/a/b"],
    ["refs/remotes/origin/a", [], undefined],
    ["refs/remotes/fork/a", USUAL, undefined],
    ["refs/remotes/origin/pr/7", [...USUAL, PULLS], undefined],
    ["refs/remotes/origin/a", [...USUAL, PULLS], "refs/heads/a"],
    ["refs/remotes/origin/main", [{ from: "refs/heads/main", to: "refs/remotes/origin/main" }], "refs/heads/main"],
    ["refs/remotes/origin/mainly", [{ from: "refs/heads/main", to: "refs/remotes/origin/main" }], undefined],
    ["refs/remotes/origin/$&", USUAL, "refs/heads/$&"],
    ["refs/remotes/origin/a", [{ from: "refs/*", to: "refs/remotes/origin/*" }], undefined],
  ] as const)("%s", ([ref, specs, branch], { expect }) => {
    expect(branchBehind(specs, ref)).toBe(branch);
    if (branch !== undefined) expect(trackedAs(specs, branch)).toBe(ref);
  });
});
