import { spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { AyoError } from "../../../src/error.ts";
import {
  createExclusive,
  ensureDir,
  mapFsError,
  openTemporary,
  syncDir,
  writeDurable,
} from "../../../src/git/disk/durable.ts";
import { ensureExcluded } from "../../../src/git/repository/exclude.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { dirElsewhere, tempDir } from "../../helpers/tempDir.ts";
import { runModule } from "../runModule.ts";

describe("writeDurable", () => {
  test("a repository that was deleted meanwhile is not made again along the way", () => {
    const dir = tempDir();
    const gitDir = path.join(dir, "store", ".git");
    const write = (): void =>
      writeDurable(path.join(gitDir, "ayo", "index"), Buffer.from("x"), { tmpDir: path.join(gitDir, "ayo", "tmp") });
    ensureDir(path.join(dir, "store"));
    expect(write).toThrow(AyoError);
    expect(() => ensureDir(path.join(gitDir, "objects", "info"))).toThrow(`${dir}/store is gone`);
    expect(readdirSync(path.join(dir, "store"))).toEqual([]);
    ensureDir(gitDir);
    write();
    expect(readdirSync(gitDir)).toEqual(["ayo"]);
  });

  test("replaces a file whole, and leaves nothing beside it", () => {
    const dir = tempDir();
    const file = path.join(dir, "file");
    for (const text of ["one", "two"]) {
      writeDurable(file, Buffer.from(text), { tmpDir: path.join(dir, "tmp") });
      expect(readFileSync(file, "utf8")).toBe(text);
    }
    expect(statSync(file).mode & 0o777).toBe(0o644);
    writeDurable(file, Buffer.alloc(0), { tmpDir: dir, mode: 0o444 });
    expect(statSync(file).mode & 0o777).toBe(0o444);
    expect(readdirSync(dir).sort()).toEqual(["file", "tmp"]);
    expect(readdirSync(path.join(dir, "tmp"))).toEqual([]);
  });

  test("across file systems it writes beside the target", () => {
    const [from, to] = [dirElsewhere() ?? tempDir(), tempDir()];
    writeDurable(path.join(to, "file"), Buffer.from("x"), { tmpDir: from });
    expect(readFileSync(path.join(to, "file"), "utf8")).toBe("x");
    expect([readdirSync(from), readdirSync(to)]).toEqual([[], ["file"]]);
  });

  test("a target that cannot be replaced keeps what it is, and the temporary file goes", () => {
    const dir = tempDir();
    mkdirSync(path.join(dir, "target", "full"), { recursive: true });
    expect(() => writeDurable(path.join(dir, "target"), Buffer.from("x"), { tmpDir: dir })).toThrow();
    expect(readdirSync(dir)).toEqual(["target"]);
  });
});

describe("createExclusive", () => {
  test("makes a file once, with all its content", () => {
    const dir = tempDir();
    const file = path.join(dir, "lock");
    expect(createExclusive(file, Buffer.from("mine\n"), dir)).toBe(true);
    expect(createExclusive(file, Buffer.from("theirs\n"), dir)).toBe(false);
    expect(readFileSync(file, "utf8")).toBe("mine\n");
    expect(readdirSync(dir)).toEqual(["lock"]);
    symlinkSync("nowhere", path.join(dir, "link"));
    expect(createExclusive(path.join(dir, "link"), Buffer.from("x"), dir)).toBe(false);
  });

  test("where no hard link is possible it still makes one file", () => {
    const [dir, tmp] = [tempDir(), dirElsewhere() ?? tempDir()];
    expect(createExclusive(path.join(dir, "lock"), Buffer.from("mine\n"), tmp)).toBe(true);
    expect(createExclusive(path.join(dir, "lock"), Buffer.from("theirs\n"), tmp)).toBe(false);
    expect(readFileSync(path.join(dir, "lock"), "utf8")).toBe("mine\n");
    expect(readdirSync(tmp)).toEqual([]);
  });
});

test("syncDir passes over what cannot be synced, ensureDir makes all that is missing", () => {
  const dir = tempDir();
  syncDir(path.join(dir, "not there"));
  ensureDir(path.join(dir, "a/b/c"));
  ensureDir(path.join(dir, "a/b/c"));
  expect(statSync(path.join(dir, "a/b/c")).isDirectory()).toBe(true);
  writeFileSync(path.join(dir, "file"), "");
  expect(() => ensureDir(path.join(dir, "file/x"))).toThrow(/ENOTDIR/);
});

describe("mapFsError", () => {
  test("a full disk", () => {
    let error: unknown;
    try {
      writeFileSync("/dev/full", "x");
    } catch (caught) {
      error = mapFsError(caught, "/store/file");
    }
    expect(error).toMatchObject({ code: "disk_full", message: expect.stringContaining("/store/file") });
  });

  test("what is no refusal passes unchanged", () => {
    const error = new Error("x");
    expect(mapFsError(error, "/a")).toBe(error);
    const ours = new AyoError("conflict", "x");
    expect(mapFsError(ours, "/a")).toBe(ours);
  });
});

/** Every way of writing, each in a directory that may not be written; prints what came of it. */
const WRITER = `
import { initRepository } from "@git/repository/initRepository.ts";
import { ensureExcluded } from "@git/repository/exclude.ts";
import { spliceIndex } from "@git/index/spliceIndex.ts";
import { lockIndex } from "@git/index/indexLock.ts";
import { writeObject } from "@git/objects/objects.ts";
import { writePack } from "@git/objects/pack.ts";
import { readHead, swapRef } from "@git/refs/refs.ts";
import { openRepository } from "@git/repository/repository.ts";
const [dir, empty] = process.argv.slice(2);
const repository = openRepository(dir);
const head = readHead(repository);
const attempts = {
  initRepository: () => initRepository(empty),
  writeObject: () => writeObject(repository, "blob", Buffer.from("new")),
  writePack: () => writePack(repository, [{ type: "blob", bytes: Buffer.from("new") }]),
  lockIndex: () => lockIndex(repository, spliceIndex(undefined, new Map())),
  swapRef: () => swapRef(repository, head.ref, head.oid, head.oid),
  newRef: () => swapRef(repository, "refs/heads/a/b", undefined, head.oid),
  ensureExcluded: () => ensureExcluded(repository, "x"),
};
for (const [name, attempt] of Object.entries(attempts)) {
  try { attempt(); console.log(name, "ok"); }
  catch (error) { console.log(name, error.code, error.data?.dir?.startsWith(dir) || error.data?.dir?.startsWith(empty)); }
}
`;

test("where nothing may be written every writer says store_not_writable and names the directory", async () => {
  const [dir, empty, bundleDir] = [gitRepo(), tempDir(), tempDir()];
  const folders = [dir, ...readdirSync(dir, { recursive: true, encoding: "utf8" }).map((name) => path.join(dir, name))];
  for (const name of folders) chmodSync(name, statSync(name).isDirectory() ? 0o555 : 0o444);
  chmodSync(empty, 0o555);
  chmodSync(bundleDir, 0o777);
  // Root may write anywhere.
  const user = os.userInfo().uid === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const out = await runModule(WRITER, [dir, empty], { bundleDir, env: { PATH: process.env.PATH }, ...user });
  for (const name of folders) if (statSync(name).isDirectory()) chmodSync(name, 0o755);
  const names = ["initRepository", "writeObject", "writePack", "lockIndex", "swapRef", "newRef", "ensureExcluded"];
  expect(out).toBe(names.map((name) => `${name} store_not_writable true\n`).join(""));
  expect(git(dir, "status", "--porcelain", "--untracked-files=all").replaceAll(/^ M .*\n?/gm, "")).toBe("");
});

describe("ensureExcluded", () => {
  const open = (dir: string): Repository => openRepository(dir) as Repository;

  test("adds the line once, and git obeys, also in linked worktrees", () => {
    const dir = gitRepo();
    git(dir, "worktree", "add", "--quiet", "-b", "side", `${dir}/wt`);
    expect(ensureExcluded(open(`${dir}/wt`), ".tickets")).toBe(true);
    expect(ensureExcluded(open(dir), ".tickets")).toBe(false);
    mkdirSync(`${dir}/.tickets`);
    writeFileSync(`${dir}/.tickets/a.md`, "a\n");
    expect(git(dir, "check-ignore", ".tickets/a.md")).toBe(".tickets/a.md");
    expect(git(dir, "status", "--porcelain")).toBe("?? wt/");
  });

  test.each([
    ["", "/x\n"],
    ["# c\n*.log\n", "# c\n*.log\n/x\n"],
    ["*.log", "*.log\n/x\n"],
    ["*.log\r\n", "*.log\r\n/x\n"],
    ["/x\r\n", "/x\r\n"],
    ["\xff\xfe bytes\n", "\xff\xfe bytes\n/x\n"],
  ])("keeps the other bytes of %j", (before, after) => {
    const dir = gitRepo();
    const file = `${dir}/.git/info/exclude`;
    writeFileSync(file, Buffer.from(before, "latin1"));
    ensureExcluded(open(dir), "x");
    expect(readFileSync(file, "latin1")).toBe(after);
  });

  test("makes the file where there is none, and writes through a link", () => {
    const dir = gitRepo();
    const info = `${dir}/.git/info`;
    rmSync(info, { recursive: true });
    ensureExcluded(open(dir), "x");
    expect(readFileSync(`${info}/exclude`, "utf8")).toBe("/x\n");
    renameSync(`${info}/exclude`, `${dir}/shared`);
    symlinkSync("../../shared", `${info}/exclude`);
    ensureExcluded(open(dir), "y");
    expect(readFileSync(`${dir}/shared`, "utf8")).toBe("/x\n/y\n");
    expect(lstatSync(`${info}/exclude`).isSymbolicLink()).toBe(true);
  });
});

test("a temporary file gets its folder, also while somebody takes that away as often as it is empty, as git's gc does", async () => {
  const dir = path.join(tempDir(), "objects/17");
  const loop = "for (;;) { try { require('node:fs').rmdirSync(process.argv[1]); } catch {} }";
  const gc = spawn(process.execPath, ["-e", loop, dir], { stdio: "ignore" });
  onTestFinished(() => void gc.kill("SIGKILL"));
  const hasBegun = () => {
    mkdirSync(dir, { recursive: true });
    return new Promise((resolve) => setTimeout(resolve, 5)).then(() => !existsSync(dir));
  };
  while (!(await hasBegun()));
  for (let count = 0; count < 500; count++) {
    const { temporary, handle } = openTemporary(dir, Buffer.from("bytes"), dir);
    closeSync(handle);
    rmSync(temporary);
  }
});

test("a file is written into its folder, also where that has gone meanwhile", () => {
  const dir = tempDir();
  const file = path.join(dir, "gone", "below", "a");
  writeDurable(file, Buffer.from("bytes"), { tmpDir: dir });
  expect([readFileSync(file, "utf8"), readdirSync(dir)]).toEqual(["bytes", ["gone"]]);
});
