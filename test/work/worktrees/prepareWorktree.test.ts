import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { isRunning } from "../../../src/processes.ts";
import { commitLeftovers } from "../../../src/work/worktrees/leftovers.ts";
import { type Preparing, prepareWorktree } from "../../../src/work/worktrees/prepareWorktree.ts";
import { secretsIn } from "../../../src/work/worktrees/secrets.ts";
import { git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { commitAll, type WorkScene, workScene, writeFiles } from "../../helpers/work/workScene.ts";

const BIG = "x".repeat(5 * 1024 * 1024 + 1);

interface Wish {
  readonly copy?: readonly string[];
  readonly command?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

function preparing({ copy = [], command, timeoutMs = 20_000, signal }: Wish, logFile: string): Preparing {
  if (command === undefined) return { copy, setup: undefined };
  const env = { PATH: process.env.PATH, FOR_SETUP: "yes" };
  const run = { command, env, logFile, timeoutMs, platform: process.platform };
  return { copy, setup: signal === undefined ? run : { ...run, signal } };
}

async function prepare(scene: WorkScene, wish: Wish, log = path.join(tempDir(), "logs", "setup.log")) {
  const worktree = await scene.open();
  const prepared = await prepareWorktree(scene.project, worktree, preparing(wish, log));
  return { ...prepared, dir: worktree.dir, log, isNew: worktree.isNew };
}

async function ignoring(...lines: readonly string[]): Promise<WorkScene> {
  const scene = await workScene();
  writeFiles(scene.dir, { ".gitignore": `${lines.join("\n")}\n` });
  commitAll(scene.dir);
  return scene;
}

test("ignored files are copied with their modes, folders whole; a file that is there stays", async () => {
  const scene = await ignoring(".env", "local/");
  writeFiles(scene.dir, { ".env": "TOKEN=abcdefgh12\nSHORT=x\n", "local/a.txt": "a", "local/deep/ü b.sh": "b" });
  chmodSync(path.join(scene.dir, ".env"), 0o600);
  chmodSync(path.join(scene.dir, "local/deep/ü b.sh"), 0o755);
  const { dir, copied, secrets, told } = await prepare(scene, { copy: [".env", "./local/"] });
  expect(copied).toEqual([".env", "local/a.txt", "local/deep/ü b.sh"]);
  expect({ secrets, told }).toEqual({ secrets: ["abcdefgh12"], told: [] });
  expect(statSync(path.join(dir, ".env")).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(dir, "local/deep/ü b.sh")).mode & 0o777).toBe(0o755);
  writeFiles(dir, { ".env": "OTHER=1" });
  const again = await prepare(scene, { copy: [".env"] });
  expect(again).toMatchObject({ copied: [], secrets: ["abcdefgh12"], told: [] });
  expect(readFileSync(path.join(dir, ".env"), "utf8")).toBe("OTHER=1");
});

test("nothing else is copied, and each is told", async () => {
  const scene = await ignoring("*.secret", "big.bin", "folder/", "out");
  const outside = tempDir();
  writeFiles(outside, { "x.secret": "outside" });
  writeFiles(scene.dir, { "big.bin": BIG, "plain.txt": "tracked?", "folder/.git/config": "x" });
  symlinkSync(path.join(outside, "x.secret"), path.join(scene.dir, "link.secret"));
  symlinkSync(outside, path.join(scene.dir, "out"));
  symlinkSync("/etc/passwd", path.join(scene.dir, "folder", "passwd"));
  const names = ["link.secret", "out/x.secret", "big.bin", "plain.txt", "README.md", "gone.secret", "folder"];
  const kept = ["../x", "/etc/passwd", ".", ".git/config", ".tickets", ".tickets/.git/config", "a/../../x"];
  const { copied, told } = await prepare(scene, { copy: [...names, ...kept] });
  expect(copied).toEqual([]);
  expect(told).toEqual([
    "copy: link.secret: there is a link on the way",
    "copy: out/x.secret: there is a link on the way",
    "copy: gone.secret: it is not there",
    "copy: folder/passwd: it is a link",
    "copy: ../x: only files inside the project are copied",
    "copy: /etc/passwd: only files inside the project are copied",
    "copy: .: only files inside the project are copied",
    "copy: .git/config: tickets and git directories are not copied",
    "copy: .tickets: tickets and git directories are not copied",
    "copy: .tickets/.git/config: tickets and git directories are not copied",
    "copy: a/../../x: only files inside the project are copied",
    "copy: big.bin: it has 6 MB, more than 5",
    "copy: plain.txt: it is not ignored by git",
    "copy: README.md: it is not ignored by git",
  ]);
});

test("of a folder with very many files the first are copied", async () => {
  const scene = await ignoring("many/");
  const names = Array.from({ length: 2_003 }, (_, n) => `many/${n}.txt`);
  writeFiles(scene.dir, Object.fromEntries(names.map((name) => [name, ""])));
  const { copied, told } = await prepare(scene, { copy: ["many"] });
  expect(copied).toHaveLength(2_000);
  expect(told).toEqual(["copy: only the first 2000 files are copied"]);
});

test("a copy is not written through a link in the worktree, nor where it would not be ignored", async () => {
  const scene = await ignoring("conf/", ".env");
  writeFiles(scene.dir, { "conf/a.txt": "secret", ".env": "KEY=12345678" });
  const { dir } = await scene.open();
  const outside = tempDir();
  symlinkSync(outside, path.join(dir, "conf"));
  writeFiles(dir, { ".gitignore": "conf/\nconf\n" });
  const { told } = await prepare(scene, { copy: ["conf", ".env"] });
  expect(told.join("\n")).toContain("conf/a.txt:");
  expect(told.join("\n")).toContain(".env: it would not be ignored");
  expect([existsSync(path.join(outside, "a.txt")), existsSync(path.join(dir, ".env"))]).toEqual([false, false]);
});

test("set-up runs once in a new worktree; what it makes is no leftover", async () => {
  const scene = await workScene();
  const command = 'echo "$FOR_SETUP $AYO_HOME"; echo made > made.txt; echo more >> README.md; pwd >> runs.txt';
  const first = await prepare(scene, { command });
  expect(first).toMatchObject({ isNew: true, failure: undefined });
  expect(readFileSync(first.log, "utf8")).toBe("yes \n");
  expect(await prepare(scene, { command })).toMatchObject({ isNew: false, failure: undefined });
  expect(readFileSync(path.join(first.dir, "runs.txt"), "utf8")).toBe(`${first.dir}\n`);
  writeFiles(first.dir, { "agents.txt": "work" });
  const person = { name: "Per", email: "per@example.com" };
  const { files } = await commitLeftovers(scene.project, { id: "a-1", agent: person, person });
  expect(files).toEqual(["agents.txt"]);
  expect(git(first.dir, "status", "--porcelain")).toBe(" M README.md\n?? made.txt\n?? runs.txt");
});

test("a set-up that fails is told with its last lines, and is run again; what both made is no leftover", async () => {
  const scene = await workScene();
  const failed = await prepare(scene, { command: "echo one > one.txt; seq 100; echo no such package >&2; exit 3" });
  expect(failed.failure).toMatch(/^set-up failed: exit 3\n92\n(\d+\n)+no such package$/);
  const again = await prepare(scene, { command: "echo two > two.txt; echo more >> one.txt" });
  expect(again).toMatchObject({ isNew: true, failure: undefined });
  const person = { name: "Per", email: "per@example.com" };
  expect(await commitLeftovers(scene.project, { id: "a-1", agent: person, person })).toMatchObject({ files: [] });
});

test("a set-up that takes too long, or is stopped, ends with all that it started", async () => {
  const scene = await workScene();
  const command = "sleep 300 & echo $! > pid; trap '' TERM; wait; sleep 300";
  const late = await prepare(scene, { command, timeoutMs: 300 });
  expect(late.failure).toContain("it took longer than 0.3 s");
  const pid = (): number => Number(readFileSync(path.join(late.dir, "pid"), "utf8"));
  await expect.poll(() => isRunning(pid()), { timeout: 60_000 }).toBe(false);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  expect((await prepare(scene, { command: "sleep 300", signal: stop.signal })).failure).toContain("it was stopped");
  const behind = await prepare(scene, { command: "sleep 300 & echo $! > pid" });
  expect(behind.failure).toBeUndefined();
  await expect.poll(() => isRunning(pid()), { timeout: 60_000 }).toBe(false);
});

test("a set-up whose worktree is gone, or whose log cannot be written, says so", async () => {
  const scene = await workScene();
  const file = path.join(tempDir(), "file");
  writeFileSync(file, "");
  mkdirSync(path.join(file, "..", "x"));
  await expect(prepare(scene, { command: "true" }, path.join(file, "log"))).rejects.toThrow();
});

test("secrets of environment files, however they are written", () => {
  const text = [
    "# KEY=comment-that-is-long",
    "export A=plain-value-1 # said",
    'B="in double \\"quotes\\""',
    "C='in single quotes'",
    'D="-----BEGIN-----\nline-two-of-it\n"',
    'E="first-of-two\\nsecond-of-two"',
    "F=short",
    "  G = spaced-value",
    "no pair at all here",
  ].join("\r\n");
  expect(secretsIn("sub/.env.local", Buffer.from(text))).toEqual([
    "plain-value-1",
    'in double \\"quotes\\"',
    'in double "quotes"',
    "in single quotes",
    "-----BEGIN-----",
    "line-two-of-it",
    "first-of-two\\nsecond-of-two",
    "first-of-two",
    "second-of-two",
    "spaced-value",
  ]);
  expect(secretsIn("data.txt", Buffer.from(text))).toEqual([]);
});
