import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../../src/store/open/store.ts";
import { cleanUp } from "../../../src/work/worktrees/cleanUp.ts";
import { commitLeftovers } from "../../../src/work/worktrees/leftovers.ts";
import { openWorktree } from "../../../src/work/worktrees/openWorktree.ts";
import { prepareWorktree } from "../../../src/work/worktrees/prepareWorktree.ts";
import { reviewWorktree } from "../../../src/work/worktrees/reviewWorktree.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { config, hooksIn, script, tripwire } from "../../helpers/work/traps.ts";
import { addLines, commitAll, type WorkScene, workScene, writeFiles } from "../../helpers/work/workScene.ts";

/** All that ayo does with a worktree, from opening it again to its end. */
async function everything(
  scene: WorkScene,
  id = "a-1",
): Promise<{ files: readonly string[]; why: string | undefined }> {
  const worktree = await scene.open({ id });
  await prepareWorktree(scene.project, { ...worktree, isNew: true }, { copy: ["x.env"], setup: undefined });
  writeFiles(worktree.dir, { "README.md": "changed", "new.txt": "new" });
  const agent = { name: "@coder", email: "coder@agents.ayo.invalid" };
  const { files } = await commitLeftovers(scene.project, { id, agent, person: agent });
  const head = git(scene.dir, "rev-parse", `ayo/work/${id}`);
  await reviewWorktree(scene.store, { id, head, agent: "@reviewer" });
  await cleanUp(scene.project, `${id}.review`, undefined);
  const { why } = await cleanUp(scene.project, id, undefined);
  return { files, why };
}

const ATTRIBUTES = "* filter=evil diff=evil merge=evil\n";

test("what an agent plants in its worktree's git directory is not run", async () => {
  const scene = await workScene();
  git(scene.dir, "config", "extensions.worktreeConfig", "true");
  const { dir } = await scene.open();
  const trap = tripwire();
  hooksIn(path.join(scene.gitDir("a-1"), "hooks"), trap);
  writeFileSync(
    path.join(scene.gitDir("a-1"), "config.worktree"),
    `${config(trap, path.join(scene.gitDir("a-1"), "hooks")).join("\n")}\n`,
  );
  writeFiles(dir, { ".gitattributes": ATTRIBUTES });
  const { files, why } = await everything(scene);
  expect(files).toEqual(["README.md", ".gitattributes", "new.txt"]);
  expect(why).toContain("neither in main");
  expect(trap.sprung()).toBe("");
  // The trap is one.
  addLines(path.join(dir, "README.md"), "more");
  spawnSync("git", ["status"], { cwd: dir });
  expect(trap.sprung()).not.toBe("");
});

test("a git directory that names a repository of the agent's as its own is not believed", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  const trap = tripwire();
  const hostile = path.join(gitRepo(), ".git");
  hooksIn(path.join(hostile, "hooks"), trap);
  addLines(path.join(hostile, "config"), ...config(trap, path.join(hostile, "hooks")));
  writeFileSync(path.join(scene.gitDir("a-1"), "commondir"), `${hostile}\n`);
  writeFiles(dir, { ".gitattributes": ATTRIBUTES });
  expect((await everything(scene)).files).toEqual(["README.md", ".gitattributes", "new.txt"]);
  expect(git(scene.dir, "log", "-1", "--format=%s", "ayo/work/a-1")).toBe("Leftovers of a-1");
  expect(trap.sprung()).toBe("");
});

test("a .git file that leads to a repository of the agent's is not followed", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  const trap = tripwire();
  const hostile = path.join(gitRepo(), ".git");
  hooksIn(path.join(hostile, "hooks"), trap);
  addLines(path.join(hostile, "config"), ...config(trap, path.join(hostile, "hooks")));
  writeFiles(dir, { ".gitattributes": ATTRIBUTES, ".git": `gitdir: ${hostile}\n` });
  const agent = { name: "@coder", email: "coder@agents.ayo.invalid" };
  const { files } = await commitLeftovers(scene.project, { id: "a-1", agent, person: agent });
  expect(files).toEqual([".gitattributes"]);
  expect((await cleanUp(scene.project, "a-1", undefined)).why).toContain("neither in main");
  expect((await everything(scene)).files).toEqual(["README.md", "new.txt"]);
  expect(trap.sprung()).toBe("");
});

test("hooks of the project do not run either", async () => {
  const scene = await workScene();
  const trap = tripwire();
  hooksIn(path.join(scene.dir, ".git", "hooks"), trap);
  await everything(scene);
  git(scene.dir, "config", "core.hooksPath", path.join(scene.dir, ".git", "hooks"));
  await everything(scene, "a-2");
  expect(trap.sprung()).toBe("");
});

test("a filter of the user's that would run in the worktree is off, and its files are left", async () => {
  const scene = await workScene();
  const trap = tripwire();
  git(scene.dir, "config", "filter.notebook.clean", "./clean.sh");
  git(scene.dir, "config", "filter.notebook.smudge", "./clean.sh");
  git(scene.dir, "config", "filter.notebook.required", "true");
  writeFiles(scene.dir, { ".gitattributes": "*.nb filter=notebook\n" });
  commitAll(scene.dir);
  const { dir } = await scene.open();
  script(path.join(dir, "clean.sh"), trap);
  writeFiles(dir, { "x.nb": "notebook" });
  const agent = { name: "@coder", email: "coder@agents.ayo.invalid" };
  const { files, left } = await commitLeftovers(scene.project, { id: "a-1", agent, person: agent });
  expect(files).toEqual(["clean.sh"]);
  expect(left).toEqual(["x.nb: a filter of this machine is set for it, which is not run on an agent's files"]);
  rmSync(path.join(dir, "x.nb"));
  git(scene.dir, "config", "filter.notebook.clean", "cat");
  writeFiles(dir, { "x.nb": "notebook" });
  commitAll(dir);
  git(scene.dir, "config", "filter.notebook.clean", "./clean.sh");
  rmSync(dir, { recursive: true });
  expect((await scene.open()).told.join()).toContain("notebook");
  const head = git(scene.dir, "rev-parse", "ayo/work/a-1");
  const review = await reviewWorktree(scene.store, { id: "a-1", head, agent: "@reviewer" });
  expect(review.told.join()).toContain("notebook");
  expect(existsSync(path.join(review.dir, "x.nb"))).toBe(true);
  expect(trap.sprung()).toBe("");
});

test("git in a submodule of the agent's is not started, and a worktree with one is kept", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  const trap = tripwire();
  const sub = path.join(dir, "sub");
  git(dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", gitRepo(), "sub");
  commitAll(dir);
  git(scene.dir, "merge", "--quiet", "ayo/work/a-1");
  const modules = path.join(scene.gitDir("a-1"), "modules", "sub");
  addLines(path.join(modules, "config"), ...config(trap, path.join(modules, "hooks")));
  hooksIn(path.join(modules, "hooks"), trap);
  writeFiles(sub, { ".gitattributes": ATTRIBUTES, "README.md": "dirty" });
  addLines(path.join(dir, ".gitmodules"), "\tignore = none");
  const agent = { name: "@coder", email: "coder@agents.ayo.invalid" };
  const { files } = await commitLeftovers(scene.project, { id: "a-1", agent, person: agent });
  expect(files).toEqual([".gitmodules"]);
  git(scene.dir, "merge", "--quiet", "ayo/work/a-1");
  expect((await cleanUp(scene.project, "a-1", undefined)).why).toContain("is a submodule with files in it");
  expect(existsSync(path.join(sub, ".gitattributes"))).toBe(true);
  expect(trap.sprung()).toBe("");
});

test("a commit that was made to stand for the base's is not checked out", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  writeFiles(dir, { "package.json": "evil" });
  git(scene.dir, "replace", git(scene.dir, "rev-parse", "main"), commitAll(dir));
  expect(existsSync(path.join((await scene.open({ id: "a-2" })).dir, "package.json"))).toBe(false);
});

test("an index that is a link is neither read nor written", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  const index = path.join(scene.gitDir("a-1"), "index");
  const outside = path.join(tempDir(), "of the user");
  renameSync(index, outside);
  symlinkSync(outside, index);
  writeFiles(dir, { "new.txt": "new" });
  const before = lstatSync(outside).mtimeMs;
  const agent = { name: "@coder", email: "coder@agents.ayo.invalid" };
  const { left } = await commitLeftovers(scene.project, { id: "a-1", agent, person: agent });
  expect(left.join()).toContain("has no index any more");
  expect(lstatSync(outside).mtimeMs).toBe(before);
});

test("what is read of an agent's git directory is a file: a pipe is waited for by nobody", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  const gitDir = scene.gitDir("a-1");
  mkdirSync(path.join(gitDir, "sequencer"));
  for (const name of ["index", "ayo-agent", "locked", "sequencer/todo"]) {
    const file = path.join(gitDir, name);
    const kept = existsSync(file) ? readFileSync(file) : undefined;
    rmSync(file, { force: true });
    execFileSync("mkfifo", [file]);
    const agent = { name: "@coder", email: "coder@agents.ayo.invalid" };
    const [worktree] = await Promise.allSettled([scene.open({ agent: "@other" })]);
    if (worktree.status === "fulfilled")
      await Promise.allSettled([prepareWorktree(scene.project, worktree.value, { copy: ["x"], setup: undefined })]);
    await commitLeftovers(scene.project, { id: "a-1", agent, person: agent });
    writeFiles(dir, { "new.txt": "new" });
    expect((await cleanUp(scene.project, "a-1", undefined)).isRemoved).toBe(false);
    rmSync(file, { force: true });
    if (kept !== undefined) writeFileSync(file, kept);
  }
});

test("a folder that is a link leads nowhere", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  const outside = tempDir();
  writeFiles(outside, { "precious.txt": "precious" });
  renameSync(dir, `${dir}-away`);
  symlinkSync(outside, dir);
  await expect(scene.open()).rejects.toThrow("is a link");
  expect((await cleanUp(scene.project, "a-1", undefined)).isRemoved).toBe(false);
  expect(existsSync(path.join(outside, "precious.txt"))).toBe(true);
});

test("programs are not looked for in the worktree, and a git command around ayo says nothing", async () => {
  const trap = tripwire();
  const elsewhere = path.join(gitRepo(), ".git");
  const program = script(path.join(tempDir(), "program"), trap);
  const scene = await workScene(gitRepo(), {
    PATH: `.:bin::${process.env.PATH}`,
    GIT_DIR: elsewhere,
    GIT_INDEX_FILE: path.join(elsewhere, "index"),
    GIT_WORK_TREE: tempDir(),
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.fsmonitor",
    GIT_CONFIG_VALUE_0: program,
    GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${program}'`,
    GIT_EXTERNAL_DIFF: program,
    GIT_SSH_COMMAND: program,
  });
  for (const name of ["git", "bin/git", "git-lfs"]) script(path.join(scene.dir, name), trap);
  writeFiles(scene.dir, { ".gitattributes": "new.txt filter=lfs\n" });
  commitAll(scene.dir);
  git(scene.dir, "config", "filter.lfs.clean", "git-lfs clean -- %f");
  const store = openStore({ dir: scene.store.dir }, scene.store.host);
  expect((await openWorktree(store, { id: "a-1", base: undefined, agent: "@coder" })).from).toBe("base");
  expect((await everything(scene)).files).toEqual(["README.md", "new.txt"]);
  expect(trap.sprung()).toBe("");
  expect(git(path.dirname(elsewhere), "status", "--porcelain")).toBe("");
});
