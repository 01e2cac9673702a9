import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { mendPackedRefs, pointRef, pruneLog, rebuildIndex } from "../../../src/git/repair/repair.ts";
import { removeStray, strayLocks, youngLocks } from "../../../src/git/repair/strayFiles.ts";
import { discoverRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const who = { name: "T", email: "t@example.com", time: 1_790_000_000, timezone: "+0000" };

function open(dir: string): Repository {
  const repository = discoverRepository(dir);
  if (repository === undefined) throw new Error(`${dir} is no repository`);
  return repository;
}

test("a lock that another process made in the place of the one that was judged is put back", () => {
  const dir = gitRepo();
  const repository = open(dir);
  const file = path.join(dir, ".git/index.lock");
  writeFileSync(file, "old");
  expect(youngLocks(repository, Date.now())).toHaveLength(1);
  utimesSync(file, 1_700_000_000, 1_700_000_000);
  const [stray] = strayLocks(repository, Date.now());
  rmSync(file);
  writeFileSync(file, "another's");
  const { ino } = statSync(file);
  const state = tempDir();
  mkdirSync(path.join(state, "tmp"));
  expect(stray?.file).toBe(file);
  if (stray === undefined) return;
  removeStray(stray, state);
  expect([readFileSync(file, "utf8"), statSync(file).ino]).toEqual(["another's", ino]);
  const [again] = youngLocks(repository, Date.now());
  if (again !== undefined) removeStray(again, state);
  expect(existsSync(file)).toBe(false);
});

test("a ref that somebody mended meanwhile stays as they set it", () => {
  const dir = gitRepo();
  const repository = open(dir);
  const [old, head] = [git(dir, "rev-parse", "HEAD"), "refs/heads/main"];
  git(dir, "commit", "--quiet", "--allow-empty", "-m", "theirs");
  const theirs = git(dir, "rev-parse", "HEAD");
  expect(pointRef(repository, head, old, { who, judged: undefined })).toBe(false);
  expect(git(dir, "rev-parse", head)).toBe(theirs);
  expect(pointRef(repository, head, old, { who, judged: theirs })).toBe(true);
  expect(git(dir, "rev-parse", head)).toBe(old);
});

test("an index is made of HEAD's commit only: of another it would be a change to be committed", async () => {
  const dir = gitRepo();
  const old = git(dir, "rev-parse", "HEAD");
  writeFileSync(path.join(dir, "new.txt"), "new\n");
  git(dir, "add", "new.txt");
  git(dir, "commit", "--quiet", "-m", "new");
  expect(await rebuildIndex(open(dir), old, "test\n")).toBe(false);
  expect([git(dir, "status", "--porcelain"), existsSync(path.join(dir, ".git/index.lock"))]).toEqual(["", false]);
  rmSync(path.join(dir, ".git/index"));
  expect(await rebuildIndex(open(dir), git(dir, "rev-parse", "HEAD"), "test\n")).toBe(true);
  expect(git(dir, "status", "--porcelain")).toBe("");
});

test("packed-refs is mended under git's lock, and not while git packs", () => {
  const dir = gitRepo();
  git(dir, "branch", "other");
  git(dir, "pack-refs", "--all");
  const file = path.join(dir, ".git/packed-refs");
  const whole = readFileSync(file, "utf8");
  writeFileSync(file, `${whole}no ref`);
  writeFileSync(`${file}.lock`, "");
  expect(mendPackedRefs(open(dir), "test\n")).toBe(false);
  expect(readFileSync(file, "utf8")).toBe(`${whole}no ref`);
  rmSync(`${file}.lock`);
  expect(mendPackedRefs(open(dir), "test\n")).toBe(true);
  expect([readFileSync(file, "utf8"), existsSync(`${file}.lock`)]).toEqual([whole, false]);
});

test("a log keeps its last whole line, and every line that is written while it is pruned", async () => {
  const dir = gitRepo();
  const repository = open(dir);
  const log = path.join(dir, ".git/logs/HEAD");
  const whole = readFileSync(log, "utf8");
  writeFileSync(log, `${whole}0123 456`);
  await pruneLog(repository, log);
  expect(readFileSync(log, "utf8")).toBe(whole);

  const oid = git(dir, "rev-parse", "HEAD");
  const script = `let n = 0; const fs = require("node:fs");
    const write = () => { fs.appendFileSync(process.argv[1], process.argv[2] + "\\tn" + n++ + ".\\n"); console.log(n - 1); setTimeout(write, 1); };
    write();`;
  const line = `${oid} ${oid} T <t@example.com> 1790000000 +0000`;
  const writer = spawn(process.execPath, ["-e", script, log, line], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void writer.kill("SIGKILL"));
  let written = "";
  writer.stdout.setEncoding("utf8").on("data", (chunk) => (written += chunk));
  await new Promise((resolve) => writer.stdout.once("data", resolve));
  for (let round = 0; round < 20; round++) {
    writeFileSync(log, `${"9".repeat(40)} ${oid} lost\n`, { flag: "a" });
    await pruneLog(repository, log);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const ended = new Promise((resolve) => writer.once("close", resolve));
  writer.kill("SIGKILL");
  await ended;
  const lines = new Set(readFileSync(log, "utf8").split("\n"));
  const told = written.trim().split("\n");
  expect(told.length).toBeGreaterThan(20);
  expect(told.filter((n) => !lines.has(`${line}\tn${n}.`))).toEqual([]);
});
