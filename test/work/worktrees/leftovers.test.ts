import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { commitLeftovers, type Leftovers } from "../../../src/work/worktrees/leftovers.ts";
import { writeNote } from "../../../src/work/worktrees/note.ts";
import { stampsOf } from "../../../src/work/worktrees/prepareWorktree.ts";
import { git } from "../../helpers/git.ts";
import { commitAll, type WorkScene, workScene, writeFiles } from "../../helpers/work/workScene.ts";

const BIG = "x".repeat(5 * 1024 * 1024 + 1);

function leftovers({ project }: WorkScene, id = "a-1"): Promise<Leftovers> {
  const agent = { name: "@coder", email: "coder@agents.ayo.invalid" };
  return commitLeftovers(project, { id, agent, person: { name: "Per Son", email: "per@example.com" } });
}

test("changed, new and removed files are committed in the agent's name, with the ticket", async () => {
  const scene = await workScene();
  writeFiles(scene.dir, { "old/gone.txt": "gone", file: "file", ".gitignore": "built/\n" });
  commitAll(scene.dir);
  const { dir, head } = await scene.open();
  rmSync(path.join(dir, "old"), { recursive: true });
  rmSync(path.join(dir, "file"));
  writeFiles(dir, {
    "README.md": "changed",
    "file/now a folder ü\n.txt": "new",
    old: "now a file",
    "built/x": "built",
  });
  symlinkSync("/etc/passwd", path.join(dir, "link"));
  const { commit, files, left } = await leftovers(scene);
  expect(left).toEqual([]);
  expect([...files].sort()).toEqual(["README.md", "file", "file/now a folder ü\n.txt", "link", "old", "old/gone.txt"]);
  expect(git(dir, "status", "--porcelain")).toBe("");
  expect(git(dir, "rev-parse", "HEAD", "HEAD^")).toBe(`${commit}\n${head}`);
  expect(git(dir, "log", "-1", "--format=%an <%ae> %cn <%ce>%n%B")).toBe(
    "@coder <coder@agents.ayo.invalid> Per Son <per@example.com>\nLeftovers of a-1\n\nTICKET: a-1\n",
  );
  expect(git(dir, "ls-tree", "-r", "--name-only", "-z", "HEAD").includes("built")).toBe(false);
  expect(git(scene.dir, "fsck", "--strict", "--no-dangling")).toBe("");
  expect(await leftovers(scene)).toEqual({ commit: undefined, files: [], left: [] });
});

test("what is too large is left and told, staged or not; what it had staged stays staged", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  writeFiles(dir, { "big.bin": BIG, "staged.bin": BIG, "README.md": BIG, "small.txt": "small" });
  git(dir, "add", "staged.bin");
  const { files, left } = await leftovers(scene);
  expect(files).toEqual(["small.txt"]);
  expect([...left].sort()).toEqual(
    ["README.md", "big.bin", "staged.bin"].map((name) => `${name}: it has 6 MB, more than 5`),
  );
  expect(git(dir, "status", "--porcelain")).toBe(" M README.md\nA  staged.bin\n?? big.bin");
});

test("files that set-up made are left as long as they are as it made them", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  writeFiles(dir, { "README.md": "by set-up", "made.txt": "by set-up", "lock.txt": "by set-up" });
  const made = stampsOf(dir, ["README.md", "made.txt", "lock.txt"]);
  writeNote(scene.project, "a-1", { gitDir: scene.gitDir("a-1"), isPrepared: true, made });
  expect(await leftovers(scene)).toEqual({ commit: undefined, files: [], left: [] });
  writeFiles(dir, { "lock.txt": "and its agent" });
  expect((await leftovers(scene)).files).toEqual(["lock.txt"]);
});

test("repositories inside are left and told", async () => {
  const scene = await workScene();
  const { dir } = await scene.open();
  mkdirSync(path.join(dir, "inner"));
  git(path.join(dir, "inner"), "init", "--quiet");
  commitAll(path.join(dir, "inner"));
  expect(await leftovers(scene)).toEqual({ commit: undefined, files: [], left: ["inner/: it is another repository"] });
});

test.each([
  ["a merge", "a merge is in progress", (dir: string) => git(dir, "merge", "--quiet", "main")],
  ["a rebase", "a rebase is in progress", (dir: string) => git(dir, "rebase", "--quiet", "main")],
  ["a stash", "are in conflict", (dir: string) => conflictByStash(dir)],
])("%s in the middle: nothing is touched, and it is told", async (_, why, begin) => {
  const scene = await workScene();
  const { dir } = await scene.open();
  writeFiles(dir, { "README.md": "mine" });
  commitAll(dir);
  writeFiles(scene.dir, { "README.md": "theirs" });
  commitAll(scene.dir);
  expect(() => begin(dir)).toThrow();
  writeFiles(dir, { "new.txt": "new" });
  const before = git(dir, "status", "--porcelain");
  const { commit, left } = await leftovers(scene);
  expect(commit).toBeUndefined();
  expect(left.join()).toContain(why);
  expect(git(dir, "status", "--porcelain")).toBe(before);
});

function conflictByStash(dir: string): void {
  writeFileSync(path.join(dir, "README.md"), "stashed");
  git(dir, "stash", "--quiet");
  writeFileSync(path.join(dir, "README.md"), "other");
  commitAll(dir);
  git(dir, "stash", "pop", "--quiet");
}

test("another branch, a detached HEAD, a lock, no index, a folder that is gone: told, and nothing is forced", async () => {
  const scene = await workScene();
  const { dir, head = "" } = await scene.open();
  writeFiles(dir, { "new.txt": "new" });
  const told = async (): Promise<string> => {
    const { commit, left } = await leftovers(scene);
    expect(commit).toBeUndefined();
    expect(git(scene.dir, "rev-parse", "ayo/work/a-1", "main")).toBe(`${head}\n${head}`);
    return left.join("\n");
  };
  git(dir, "switch", "--quiet", "--create", "other");
  expect(await told()).toContain("is on other, not on ayo/work/a-1");
  git(dir, "switch", "--quiet", "--detach");
  expect(await told()).toContain(`is on ${head}`);
  git(dir, "switch", "--quiet", "ayo/work/a-1");
  const index = path.join(scene.gitDir("a-1"), "index");
  writeFileSync(`${index}.lock`, "");
  expect(await told()).toContain("index.lock is there");
  rmSync(`${index}.lock`);
  const bytes = readFileSync(index);
  rmSync(index);
  expect(await told()).toContain("has no index any more");
  writeFileSync(index, "");
  expect(await told()).not.toBe("");
  writeFileSync(index, bytes);
  writeFileSync(path.join(scene.dir, ".git/refs/heads/ayo/work/a-1.lock"), "");
  expect(await told()).toContain("nothing was committed");
  rmSync(path.join(scene.dir, ".git/refs/heads/ayo/work/a-1.lock"));
  expect((await leftovers(scene)).files).toEqual(["new.txt"]);
  rmSync(dir, { recursive: true });
  expect((await leftovers(scene)).left.join()).toContain("is gone");
  expect(existsSync(dir)).toBe(false);
});

test("a branch that was made another name of main moves nothing", async () => {
  const scene = await workScene();
  const { dir, head } = await scene.open();
  writeFiles(dir, { "new.txt": "new" });
  git(scene.dir, "symbolic-ref", "refs/heads/ayo/work/a-1", "refs/heads/main");
  expect((await leftovers(scene)).left.join()).toContain("stands for another branch");
  expect(git(scene.dir, "rev-parse", "main")).toBe(head);
});
