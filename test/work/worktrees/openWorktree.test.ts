import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { actorOf } from "../../../src/store/open/identity/identity.ts";
import { readStart } from "../../../src/work/worktrees/begun.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { commitAll, workScene, writeFiles } from "../../helpers/work/workScene.ts";

test("a worktree is made beside the project, on a branch of its own from the base, and is its agent's", async () => {
  const scene = await workScene();
  const made = await scene.open();
  expect(made).toMatchObject({ branch: "ayo/work/a-1", from: "base", isNew: true, told: [] });
  expect(made.dir).toBe(`${scene.dir}.work/a-1`);
  expect(made.head).toBe(git(scene.dir, "rev-parse", "main"));
  expect(git(made.dir, "symbolic-ref", "HEAD")).toBe("refs/heads/ayo/work/a-1");
  expect(git(made.dir, "status", "--porcelain")).toBe("");
  expect(made.gitDirs).toEqual([
    scene.gitDir("a-1"),
    ...["objects", "refs", "logs"].map((name) => path.join(scene.dir, ".git", name)),
  ]);
  expect(actorOf(undefined, { dir: scene.store.dir, host: { ...scene.store.host, cwd: made.dir } }).name).toBe(
    "@coder",
  );
});

test("a worktree that is there is used as it is, dirty or not; another may have the same agent", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  const head = commitAll(dir);
  writeFiles(dir, { "new.txt": "not committed", "README.md": "changed" });
  expect(await scene.open()).toMatchObject({ from: "there", head, told: [] });
  expect(git(dir, "status", "--porcelain")).toBe(" M README.md\n?? new.txt");
  expect((await scene.open({ id: "a-2" })).from).toBe("base");
});

test("the base: the branch that is named, else the remote's own, else the current one", async () => {
  const origin = gitRepo();
  git(origin, "branch", "other");
  commitAll(origin);
  const clone = path.join(tempDir(), "clone");
  git(origin, "clone", "--quiet", origin, clone);
  git(clone, "switch", "--quiet", "--create", "mine");
  const mine = commitAll(clone);
  const scene = await workScene(clone);
  const main = git(origin, "rev-parse", "main");
  expect((await scene.open({ id: "by-remote" })).head).toBe(main);
  git(clone, "branch", "--quiet", "-D", "main");
  expect((await scene.open({ id: "by-remote-2" })).head).toBe(main);
  expect((await scene.open({ id: "named", base: "other" })).head).toBe(git(origin, "rev-parse", "other"));
  expect((await scene.open({ id: "full", base: "origin/other" })).head).toBe(git(origin, "rev-parse", "other"));
  git(clone, "remote", "remove", "origin");
  expect((await scene.open({ id: "current" })).head).toBe(mine);
  await expect(scene.open({ id: "none", base: "-gone" })).rejects.toMatchObject({ code: "not_found" });
  expect(existsSync(path.join(scene.folder, "none"))).toBe(false);
});

test("the base is origin's as fetched last, unless the branch here has all of it; its commit is kept where agents cannot write", async () => {
  const origin = gitRepo();
  const clone = path.join(tempDir(), "clone");
  git(origin, "clone", "--quiet", origin, clone);
  const scene = await workScene(clone);
  const behind = git(clone, "rev-parse", "main");
  const fetched = commitAll(origin);
  git(clone, "fetch", "--quiet");
  expect((await scene.open({ id: "behind" })).head).toBe(fetched);
  expect((await scene.open({ id: "behind-named", base: "main" })).head).toBe(fetched);
  git(clone, "merge", "--quiet", "--ff-only", "origin/main");
  const ahead = commitAll(clone);
  const { gitDir } = await scene.open({ id: "ahead" });
  expect(readStart(scene.project, "ahead")).toBe(ahead);
  git(clone, "update-ref", "refs/heads/main", behind);
  git(clone, "worktree", "remove", path.join(scene.folder, "ahead"));
  git(clone, "branch", "--quiet", "-D", "ayo/work/ahead");
  expect([existsSync(String(gitDir)), (await scene.open({ id: "ahead" })).head]).toEqual([false, fetched]);
  expect(readStart(scene.project, "ahead")).toBe(ahead);
});

test("before the first commit there is nothing to start from", async () => {
  const dir = tempDir();
  git(dir, "init", "--quiet", "--initial-branch=main");
  const scene = await workScene(dir);
  await expect(scene.open()).rejects.toThrow("no commit on main yet");
  expect(existsSync(scene.folder)).toBe(false);
});

test.each(["a..b", "a.lock", "a b", "a.", "-x", "../x", "a/b"])("an id that is part of no branch: %s", async (id) => {
  const scene = await workScene();
  await expect(scene.open({ id })).rejects.toMatchObject({ code: "bad_input", data: { id } });
  expect(existsSync(scene.folder)).toBe(false);
});

test("a branch without a worktree is checked out; the base is not asked", async () => {
  const scene = await workScene();
  git(scene.dir, "switch", "--quiet", "--create", "ayo/work/a-1");
  const head = commitAll(scene.dir);
  git(scene.dir, "switch", "--quiet", "main");
  expect(await scene.open({ base: "gone" })).toMatchObject({ from: "branch", isNew: true, head });
});

test("files of a folder that is gone come back, with what was staged; worktrees of others are not pruned", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  const head = commitAll(dir);
  writeFiles(dir, { "staged.txt": "staged" });
  git(dir, "add", "staged.txt");
  const persons = path.join(tempDir(), "persons");
  git(scene.dir, "worktree", "add", "--quiet", persons);
  for (const gone of [dir, persons]) rmSync(gone, { recursive: true });
  expect(await scene.open()).toMatchObject({ from: "branch", isNew: true, head, told: [] });
  expect(git(dir, "status", "--porcelain")).toBe("A  staged.txt");
  expect(readFileSync(path.join(dir, "staged.txt"), "utf8")).toBe("staged");
  expect(existsSync(scene.gitDir("persons"))).toBe(true);
});

test("what was half made when its maker died is finished, and a file that was cut off; what git does not know stays", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  writeFileSync(path.join(scene.gitDir("a-1"), "locked"), "initializing\n");
  for (const file of [path.join(dir, "README.md"), path.join(scene.gitDir("a-1"), "index")]) rmSync(file);
  writeFiles(dir, { "README.md": "# T" });
  writeFileSync(path.join(scene.gitDir("a-1"), "index.lock"), "");
  writeFiles(dir, { "mine.txt": "mine" });
  expect(await scene.open()).toMatchObject({ isNew: true, told: [] });
  expect(git(dir, "status", "--porcelain")).toBe("?? mine.txt");
  expect(existsSync(path.join(scene.gitDir("a-1"), "locked"))).toBe(false);
});

test("a folder, a file or a link of somebody else's is refused and left", async () => {
  const scene = await workScene();
  writeFiles(scene.folder, { "a-1/theirs.txt": "theirs", "a-2": "a file" });
  symlinkSync(tempDir(), path.join(scene.folder, "a-3"));
  for (const id of ["a-1", "a-2", "a-3"]) await expect(scene.open({ id })).rejects.toMatchObject({ code: "conflict" });
  expect(readdirSync(scene.folder)).toEqual(["a-1", "a-2", "a-3"]);
  expect(git(scene.dir, "branch", "--list", "ayo/*")).toBe("");
});

test("a branch that a person has checked out is refused, with where", async () => {
  const scene = await workScene();
  const persons = path.join(tempDir(), "persons");
  git(scene.dir, "worktree", "add", "--quiet", "-b", "ayo/work/a-1", persons);
  await expect(scene.open()).rejects.toThrow(`checked out in ${persons}`);
  rmSync(persons, { recursive: true });
  await expect(scene.open()).rejects.toMatchObject({ try: ["git", "worktree", "prune"] });
  git(scene.dir, "switch", "--quiet", "--create", "ayo/work/a-2");
  await expect(scene.open({ id: "a-2" })).rejects.toThrow(`checked out in ${scene.dir}`);
});

test("a worktree whose agent switched the branch is refused, in the middle of a rebase it is used", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  git(dir, "switch", "--quiet", "--create", "elsewhere");
  await expect(scene.open()).rejects.toThrow(
    `it is on elsewhere, not on ayo/work/a-1; 'git -C ${dir} switch ayo/work/a-1' leads back; nothing was changed`,
  );
  git(dir, "switch", "--quiet", "--detach");
  await expect(scene.open()).rejects.toThrow(
    / switch ayo\/work\/a-1' leads back, after 'git branch NAME [0-9a-f]{10}' /,
  );
  git(dir, "switch", "--quiet", "ayo/work/a-1");
  writeFiles(dir, { "README.md": "mine" });
  commitAll(dir);
  writeFiles(scene.dir, { "README.md": "theirs" });
  commitAll(scene.dir);
  expect(() => git(dir, "rebase", "--quiet", "main")).toThrow("CONFLICT");
  expect((await scene.open()).from).toBe("there");
});

test("locked by a person: used where its files are there, refused where they are gone", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  git(scene.dir, "worktree", "lock", "--reason", "on a stick", dir);
  expect((await scene.open()).from).toBe("there");
  rmSync(dir, { recursive: true });
  await expect(scene.open()).rejects.toThrow("its files are gone and it is locked: on a stick");
});

test("a .git file that its agent changed or removed is put right; a repository in its place is left", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  const link = path.join(dir, ".git");
  for (const change of [() => writeFileSync(link, `gitdir: ${tempDir()}\n`), () => rmSync(link)]) {
    change();
    expect((await scene.open()).from).toBe("there");
    expect(git(dir, "rev-parse", "--absolute-git-dir")).toBe(scene.gitDir("a-1"));
  }
  rmSync(link);
  git(dir, "init", "--quiet");
  await expect(scene.open()).rejects.toThrow("somebody put a repository there");
  expect(existsSync(path.join(link, "HEAD"))).toBe(true);
});

test("a worktree that says that it lies where another's is does not take its place", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  await scene.open({ id: "b-1" });
  writeFileSync(path.join(scene.gitDir("b-1"), "gitdir"), `${path.join(dir, ".git")}\n`);
  expect(await scene.open()).toMatchObject({
    from: "there",
    gitDirs: [scene.gitDir("a-1"), ...Array(3).fill(expect.anything())],
  });
});
