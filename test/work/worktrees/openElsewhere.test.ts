import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { isRoot } from "../../../src/host.ts";
import { isRunning } from "../../../src/processes.ts";
import { workProject } from "../../../src/store/allow/ready/workProject.ts";
import { makeStore } from "../../../src/store/open/makeStore.ts";
import { openStore } from "../../../src/store/open/store.ts";
import { gitOn } from "../../../src/work/worktrees/gitAt.ts";
import { openWorktree } from "../../../src/work/worktrees/openWorktree.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { commitAll, workHost, workScene } from "../../helpers/work/workScene.ts";

test("ayo in a linked worktree, and in one of a bare repository; spaces and unicode in paths", async () => {
  const around = path.join(tempDir(), "mein Projekt ü 木");
  mkdirSync(around);
  const dir = path.join(around, "main");
  renameSync(gitRepo(), dir);
  const scene = await workScene(dir);
  const linked = path.join(around, "linked");
  git(dir, "worktree", "add", "--quiet", linked);
  const there = openStore({ dir: scene.store.dir }, { ...scene.store.host, cwd: linked });
  const made = await openWorktree(there, { id: "a-1", base: "main", agent: "@coder" });
  expect(made.dir).toBe(path.join(around, "main.work", "a-1"));
  const bare = path.join(around, "shop");
  git(dir, "clone", "--quiet", "--bare", dir, path.join(bare, ".bare"));
  const tree = path.join(bare, "main");
  git(path.join(bare, ".bare"), "worktree", "add", "--quiet", tree, "main");
  const host = { ...scene.store.host, cwd: tree };
  const store = await makeStore({ dir: path.join(bare, ".tickets") }, { inline: false }, host);
  expect(workProject(store)).toMatchObject({ top: undefined, folder: path.join(around, "shop.work") });
  const inBare = await openWorktree(store, { id: "b-1", base: undefined, agent: "@coder" });
  expect(inBare).toMatchObject({ dir: path.join(around, "shop.work", "b-1"), from: "base" });
  expect(git(inBare.dir, "status", "--porcelain")).toBe("");
});

test("where no folder can be made beside the project, nothing is", async () => {
  const scene = await workScene();
  writeFileSync(scene.folder, "");
  await expect(scene.open()).rejects.toThrow("is a file");
  expect(git(scene.dir, "branch", "--list", "ayo/*")).toBe("");
});

test.runIf(isRoot())("root starts no agents in somebody else's project", async () => {
  const scene = await workScene();
  chownSync(path.join(scene.dir, ".git"), 65534, 65534);
  await expect(scene.open()).rejects.toMatchObject({ code: "store_not_owned" });
});

test("a git that does not end is ended, with what it started and what is deaf", async () => {
  const scene = await workScene();
  const pids = path.join(tempDir(), "pids");
  const alias = `alias.slow=!trap '' TERM; echo $$ >> '${pids}'; sleep 300`;
  const { code, stderr } = await gitOn(scene.project)(["-c", alias, "slow"], { timeoutMs: 300 });
  expect(code).toBeNull();
  expect(stderr).toContain("it took longer than 0.3 s");
  await expect.poll(() => isRunning(Number(readFileSync(pids, "utf8"))), { timeout: 60_000 }).toBe(false);
});

test("what git refuses leaves neither a branch nor a folder", async () => {
  const scene = await workScene();
  git(scene.dir, "branch", "ayo");
  await expect(scene.open()).rejects.toThrow("could not be made: git says");
  expect(existsSync(scene.folder)).toBe(false);
  expect(readdirSync(path.join(scene.dir, ".git")).includes("worktrees")).toBe(false);
});

test("of several who open the same at once one makes it", async () => {
  const scene = await workScene();
  const stores = [1, 2, 3].map(() => openStore({ dir: scene.store.dir }, { ...scene.store.host }));
  const all = await Promise.all(stores.map((one) => openWorktree(one, { id: "a-1", base: "main", agent: "@coder" })));
  expect(all.map(({ from }) => from).sort()).toEqual(["base", "there", "there"]);
});

test("of two who do not know of each other one makes it, and the other breaks nothing", async () => {
  const scene = await workScene();
  const homes = [1, 2, 3].map(() => workHost(scene.dir, path.join(tempDir(), "home")));
  const all = await Promise.allSettled(
    homes.map((host) => {
      const store = openStore({ dir: scene.store.dir }, host);
      return openWorktree(store, { id: "a-1", base: "main", agent: "@coder" });
    }),
  );
  expect(all.some(({ status }) => status === "fulfilled")).toBe(true);
  expect(git(path.join(scene.folder, "a-1"), "status", "--porcelain", "--branch")).toBe("## ayo/work/a-1");
});

test("submodules are filled where the project has them, and what fails is told", async () => {
  const scene = await workScene(gitRepo(), { GIT_CONFIG_GLOBAL: allowingFiles() });
  git(scene.dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", gitRepo(), "sub ü");
  commitAll(scene.dir);
  const { dir, told } = await scene.open();
  expect(told).toEqual([]);
  expect(readFileSync(path.join(dir, "sub ü", "README.md"), "utf8")).toBe("# Test\n");
  const strict = openStore(
    { dir: scene.store.dir },
    { ...scene.store.host, env: { ...scene.store.host.env, GIT_CONFIG_GLOBAL: "/dev/null" } },
  );
  const second = await openWorktree(strict, { id: "a-2", base: undefined, agent: "@coder" });
  expect(second.told.join()).toContain("could not be filled: git says:");
  git(scene.dir, "config", "--remove-section", "submodule.sub ü");
  expect((await scene.open({ id: "a-3" })).told).toEqual([]);
  expect(readdirSync(path.join(scene.folder, "a-3", "sub ü"))).toEqual([]);
});

function allowingFiles(): string {
  const file = path.join(tempDir(), "config");
  writeFileSync(file, '[protocol "file"]\n\tallow = always\n');
  return file;
}

test("a project without git has an empty folder in AYO_HOME; an inline store is refused", async () => {
  const dir = tempDir();
  const host = workHost(dir, path.join(tempDir(), "home"));
  const store = await makeStore({ dir: path.join(dir, ".tickets") }, { inline: false }, host);
  const made = await openWorktree(store, { id: "a-1", base: undefined, agent: "@coder" });
  expect(made).toMatchObject({ branch: undefined, isNew: true, gitDirs: [] });
  expect(made.dir.startsWith(path.join(host.env.AYO_HOME as string, "work"))).toBe(true);
  expect(readdirSync(made.dir)).toEqual([]);
  expect((await openWorktree(store, { id: "a-1", base: undefined, agent: "@coder" })).isNew).toBe(false);
  const project = gitRepo();
  const inline = await makeStore({ dir: path.join(project, ".tickets") }, { inline: true }, { ...host, cwd: project });
  await expect(openWorktree(inline, { id: "a-1", base: undefined, agent: "@coder" })).rejects.toThrow("is inline");
});
