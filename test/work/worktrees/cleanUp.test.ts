import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { cleanUp } from "../../../src/work/worktrees/cleanUp.ts";
import { reviewWorktree } from "../../../src/work/worktrees/reviewWorktree.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { addLines, commitAll, type WorkScene, workScene, writeFiles } from "../../helpers/work/workScene.ts";

const clean = (scene: WorkScene, id = "a-1", base?: string) => cleanUp(scene.project, id, base);

test("what is clean and merged goes with its branch, ignored files too", async () => {
  const scene = await workScene();
  writeFiles(scene.dir, { ".gitignore": "built/\n" });
  commitAll(scene.dir);
  const { dir } = await scene.open();
  writeFiles(dir, { "work.txt": "work", "built/x": "built" });
  commitAll(dir);
  git(scene.dir, "merge", "--quiet", "ayo/work/a-1");
  expect(await clean(scene)).toEqual({ isRemoved: true, isBranchDeleted: true, why: undefined });
  expect(existsSync(scene.folder)).toBe(false);
  expect(git(scene.dir, "worktree", "list", "--porcelain").includes("a-1")).toBe(false);
  expect(git(scene.dir, "branch", "--list", "ayo/*")).toBe("");
  expect(await clean(scene)).toEqual({ isRemoved: true, isBranchDeleted: true, why: undefined });
});

test("what is pushed and not merged goes, its branch stays", async () => {
  const origin = gitRepo();
  const clone = path.join(tempDir(), "clone");
  git(origin, "clone", "--quiet", origin, clone);
  const scene = await workScene(clone);
  const { dir } = await scene.open();
  commitAll(dir);
  expect((await clean(scene)).why).toContain("neither in main nor on a remote");
  git(dir, "push", "--quiet", "--set-upstream", "origin", "ayo/work/a-1");
  commitAll(dir);
  expect((await clean(scene)).isRemoved).toBe(false);
  git(dir, "push", "--quiet");
  // As `git branch -d` has it: what is merged into its upstream may go.
  expect(await clean(scene)).toEqual({ isRemoved: true, isBranchDeleted: true, why: undefined });
  const { dir: other } = await scene.open({ id: "a-2" });
  commitAll(other);
  git(other, "push", "--quiet", "origin", "ayo/work/a-2");
  const { isRemoved, isBranchDeleted, why } = await clean(scene, "a-2");
  expect({ isRemoved, isBranchDeleted }).toEqual({ isRemoved: true, isBranchDeleted: false });
  expect(why).toContain("not merged into main");
  expect(git(clone, "branch", "--list", "ayo/work/a-2")).toContain("ayo/work/a-2");
});

test.each<readonly [string, string, (dir: string, scene: WorkScene) => void]>([
  ["a changed file", "files that are not committed: README.md", (dir) => writeFiles(dir, { "README.md": "changed" })],
  ["a new file", "files that are not committed: new.txt", (dir) => writeFiles(dir, { "new.txt": "new" })],
  ["commits of its own", "has commits that are neither in main", (dir) => commitAll(dir)],
  ["a file hidden from git", "marked so that git does not look", (dir) => hide(dir, "--assume-unchanged")],
  ["a file outside a sparse checkout", "marked so that git does not look", (dir) => hide(dir, "--skip-worktree")],
  ["another branch", "is on other", (dir) => git(dir, "switch", "--quiet", "--create", "other")],
  ["a commit on no branch", "not on ayo/work/a-1", (dir) => git(dir, "switch", "--quiet", "--detach")],
  ["a lock", "is locked: mine", (dir, scene) => git(scene.dir, "worktree", "lock", "--reason", "mine", dir)],
  ["a repository inside", "not committed: inner/", (dir) => git(dir, "init", "--quiet", "inner")],
  ["a merge in progress", "a merge is in progress", (dir, scene) => beginMerge(dir, scene)],
])("kept: %s", async (_, why, change) => {
  const scene = await workScene();
  const { dir } = await scene.open();
  change(dir, scene);
  const head = git(scene.dir, "rev-parse", "ayo/work/a-1");
  const before = readdirSync(dir, { recursive: true }).length;
  const result = await clean(scene);
  expect(result).toMatchObject({ isRemoved: false, isBranchDeleted: false });
  expect(result.why).toContain(why);
  expect(readdirSync(dir, { recursive: true })).toHaveLength(before);
  expect(readdirSync(scene.folder)).toEqual(["a-1"]);
  expect(git(scene.dir, "rev-parse", "ayo/work/a-1")).toBe(head);
});

function hide(dir: string, how: string): void {
  git(dir, "update-index", how, "README.md");
  writeFiles(dir, { "README.md": "hidden work" });
}

function beginMerge(dir: string, scene: WorkScene): void {
  commitAll(scene.dir, "theirs");
  commitAll(dir, "mine");
  git(dir, "merge", "--quiet", "--no-commit", "main");
}

test("a folder that is gone: kept where something is staged, else forgotten", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  writeFiles(dir, { "staged.txt": "staged" });
  git(dir, "add", "staged.txt");
  rmSync(dir, { recursive: true });
  expect((await clean(scene)).why).toContain("but not what was staged there");
  expect(existsSync(scene.gitDir("a-1"))).toBe(true);
  const { dir: other } = await scene.open({ id: "a-2" });
  rmSync(other, { recursive: true });
  expect(await clean(scene, "a-2")).toEqual({ isRemoved: true, isBranchDeleted: true, why: undefined });
  expect(existsSync(scene.gitDir("a-2"))).toBe(false);
});

test("what a clean-up that was killed moved away is looked at again", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  writeFiles(dir, { "new.txt": "new" });
  renameSync(dir, path.join(scene.folder, ".gone-a-1"));
  expect((await clean(scene)).why).toContain("new.txt");
  expect(existsSync(path.join(dir, "new.txt"))).toBe(true);
});

test("a base that is not there keeps the branch, and the worktree unless it is pushed", async () => {
  const scene = await workScene();
  await scene.open();
  expect((await clean(scene, "a-1", "gone")).why).toContain("there is no base");
});

test("a folder of somebody else's is left", async () => {
  const scene = await workScene();
  mkdirSync(path.join(scene.folder, "a-1"), { recursive: true });
  expect((await clean(scene)).why).toContain("no worktree that git knows");
  expect(existsSync(path.join(scene.folder, "a-1"))).toBe(true);
});

test("a review is detached at what was submitted, and moves with it", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  writeFiles(dir, { "work.txt": "one" });
  const one = commitAll(dir);
  const review = (head: string) => reviewWorktree(scene.store, { id: "a-1", head, agent: "@reviewer" });
  const made = await review(one);
  expect(made).toMatchObject({ id: "a-1.review", dir: `${scene.dir}.work/a-1.review`, branch: undefined, head: one });
  expect(git(made.dir, "rev-parse", "--abbrev-ref", "HEAD")).toBe("HEAD");
  writeFiles(dir, { "work.txt": "two" });
  const two = commitAll(dir);
  expect((await reviewWorktree(scene.store, { id: "a-1", agent: "@reviewer" })).head).toBe(two);
  expect((await review(one)).head).toBe(one);
  await expect(reviewWorktree(scene.store, { id: "a-9", agent: "@r" })).rejects.toThrow("no branch ayo/work/a-9");
  writeFiles(made.dir, { "report.txt": "mine" });
  expect(await review(two)).toMatchObject({ head: two, from: "there" });
  expect(git(made.dir, "status", "--porcelain")).toBe("?? report.txt");
  expect(git(made.dir, "rev-parse", "HEAD")).toBe(two);
  addLines(path.join(made.dir, "work.txt"), "in the way");
  await expect(review(one)).rejects.toThrow("cannot be moved to");
  await expect(review("0".repeat(40))).rejects.toMatchObject({ code: "not_found" });
  expect((await clean(scene, "a-1.review")).why).toContain("not committed");
  git(made.dir, "checkout", "--quiet", "--", ".");
  rmSync(path.join(made.dir, "report.txt"));
  expect(await clean(scene, "a-1.review")).toMatchObject({ isRemoved: true });
  expect(existsSync(made.dir)).toBe(false);
  expect(git(scene.dir, "rev-parse", "ayo/work/a-1")).toBe(two);
});

test("commits that were made in a review are kept", async () => {
  const scene = await workScene();
  const { dir } = await reviewWorktree(scene.store, {
    id: "a-1",
    head: git(scene.dir, "rev-parse", "main"),
    agent: "@r",
  });
  commitAll(dir);
  expect((await clean(scene, "a-1.review")).why).toContain("a commit that is on no branch");
});
