import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type IndexItem, parseIndex, readIndexFile } from "../../../src/git/index/indexFile.ts";
import { commitIndex, dropIndexLock, lockIndex, ownIndexLock, showIndex } from "../../../src/git/index/indexLock.ts";
import { nextIndexOf, spliceIndex } from "../../../src/git/index/spliceIndex.ts";
import { writeObject } from "../../../src/git/objects/objects.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { fsck, git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";

function open(dir: string): Repository {
  return openRepository(dir) as Repository;
}

/** Writes files, and puts them into the index as ayo does (null: removes them from both). */
function put(dir: string, files: Readonly<Record<string, string | null>>): void {
  const repository = open(dir);
  const changes = new Map<string, IndexItem | null>();
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(dir, file);
    rmSync(target, { force: true, recursive: true });
    if (text === null) changes.set(file, null);
    else {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
      const oid = writeObject(repository, "blob", Buffer.from(text));
      changes.set(file, { oid, mode: "100644", stat: lstatSync(target) });
    }
  }
  expect(lockIndex(repository, nextIndexOf(repository, changes))).toBe(true);
  commitIndex(repository);
}

/** Waits for the beginning of a second: what stamps hold is what happens in one. */
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1_020 - (Date.now() % 1_000)));

const status = (dir: string): string => git(dir, "status", "--porcelain=v1", "--untracked-files=all");
const staged = (dir: string): string => git(dir, "ls-files", "--stage");

describe("spliceIndex", () => {
  test("adds, replaces and removes; git finds the files unchanged without looking at them", () => {
    const dir = gitRepo();
    put(dir, { "t/a.md": "one\n", "t/b.md": "two\n", Z: "z\n" });
    git(dir, "commit", "--quiet", "-m", "add");
    expect(status(dir)).toBe("");
    expect(git(dir, "ls-tree", "-r", "--name-only", "HEAD")).toBe("README.md\nZ\nt/a.md\nt/b.md");
    put(dir, { "t/a.md": "changed\n", "t/b.md": null, "README.md": "# New\n" });
    expect(status(dir)).toBe("M  README.md\nM  t/a.md\nD  t/b.md");
    // diff-files compares the stat alone.
    expect(git(dir, "diff-files")).toBe("");
    fsck(dir);
  });

  test("keeps every byte of what the user has staged, and what is not staged stays that way", () => {
    const dir = gitRepo();
    writeFileSync(`${dir}/staged.ts`, "staged\n");
    writeFileSync(`${dir}/README.md`, "# Staged\n");
    writeFileSync(`${dir}/run.sh`, "#!/bin/sh\n", { mode: 0o755 });
    git(dir, "add", ".");
    writeFileSync(`${dir}/README.md`, "# Staged, then edited\n");
    writeFileSync(`${dir}/later.ts`, "later\n");
    git(dir, "add", "--intent-to-add", "later.ts");
    const before = status(dir);
    const entries = staged(dir);
    put(dir, { ".tickets/a.md": "ticket\n" });
    expect(status(dir)).toBe(`A  .tickets/a.md\n${before}`);
    put(dir, { ".tickets/a.md": null });
    expect(status(dir)).toBe(before);
    expect(staged(dir)).toBe(entries);
    expect(git(dir, "diff", "--cached", "README.md")).toMatch(/\+# Staged$/m);
  });

  test("keeps skip-worktree, assume-unchanged and version 3", () => {
    const dir = gitRepo();
    writeFileSync(`${dir}/a`, "a\n");
    writeFileSync(`${dir}/b`, "b\n");
    git(dir, "add", ".");
    git(dir, "commit", "--quiet", "-m", "more");
    git(dir, "update-index", "--skip-worktree", "a");
    git(dir, "update-index", "--assume-unchanged", "b");
    rmSync(`${dir}/a`);
    const flags = git(dir, "ls-files", "-v");
    expect(readIndexFile(open(dir))?.readUInt32BE(4)).toBe(3);
    put(dir, { "b2.md": "x\n" });
    expect(git(dir, "ls-files", "-v")).toBe(flags.replace("h b", "h b\nH b2.md"));
    expect(status(dir)).toBe("A  b2.md");
  });

  test("hides no edit of the second in which the index before was written, also of the same length", async () => {
    const dir = gitRepo();
    const file = path.join(dir, "a.md");
    let stamps: number[];
    do {
      await nextSecond();
      put(dir, { "a.md": "one\n" });
      writeFileSync(file, "two\n");
      stamps = [lstatSync(file).mtimeMs, lstatSync(path.join(dir, ".git/index")).mtimeMs, Date.now()];
    } while (new Set(stamps.map((stamp) => Math.floor(stamp / 1_000))).size > 1);
    await nextSecond();
    put(dir, { "b.md": "other\n" });
    expect(status(dir)).toBe("AM a.md\nA  b.md");
    writeFileSync(file, "one\n");
    expect(status(dir)).toBe("A  a.md\nA  b.md");
  });

  test("takes no conflict away, neither in its path nor in others", () => {
    const dir = gitRepo();
    writeFileSync(`${dir}/x`, "base\n");
    writeFileSync(`${dir}/y`, "base\n");
    git(dir, "add", ".");
    git(dir, "commit", "--quiet", "-m", "base");
    git(dir, "checkout", "--quiet", "-b", "side");
    for (const name of ["x", "y"]) writeFileSync(`${dir}/${name}`, "side\n");
    git(dir, "commit", "--quiet", "-am", "side");
    git(dir, "checkout", "--quiet", "main");
    for (const name of ["x", "y"]) writeFileSync(`${dir}/${name}`, "main\n");
    git(dir, "commit", "--quiet", "-am", "main");
    expect(() => git(dir, "merge", "side")).toThrow(/CONFLICT/);
    expect(parseIndex(readIndexFile(open(dir)) as Buffer).get("x")?.stage).toBe(3);
    const before = staged(dir);
    for (const text of ["both\n", null]) {
      expect(() => put(dir, { x: text })).toThrow(expect.objectContaining({ code: "bad_ticket", data: { path: "x" } }));
    }
    expect(staged(dir)).toBe(before);
    put(dir, { z: "new\n" });
    expect(status(dir)).toBe("UU x\nUU y\nA  z");
  });

  test("a file drives out the folder of its name, and a folder the file", () => {
    const dir = gitRepo();
    put(dir, { "t/a": "1\n", "t/b/c": "2\n", "t-x": "3\n", "t.y": "4\n", t0: "5\n" });
    put(dir, { t: "file\n" });
    expect(git(dir, "ls-files")).toBe("README.md\nt\nt-x\nt.y\nt0");
    rmSync(`${dir}/t`);
    put(dir, { "t/again/a": "1\n" });
    expect(git(dir, "ls-files")).toBe("README.md\nt-x\nt.y\nt/again/a\nt0");
    expect(status(dir)).not.toMatch(/^.M|^ D/m);
  });

  test("an index of its own where there is none", () => {
    const dir = gitRepo();
    rmSync(`${dir}/.git/index`);
    put(dir, { a: "a\n" });
    expect(staged(dir)).toMatch(/^100644 [0-9a-f]{40} 0\ta$/);
    put(dir, { a: null });
    expect(staged(dir)).toBe("");
  });

  test("names beyond 4,095 bytes", () => {
    const dir = gitRepo();
    const stat = lstatSync(`${dir}/README.md`);
    const oid = git(dir, "rev-parse", "HEAD:README.md");
    const long = `${"long/".repeat(900)}name`;
    const item: IndexItem = { oid, mode: "100755", stat };
    const bytes = spliceIndex(
      readIndexFile(open(dir)),
      new Map([
        [long, item],
        ["z", item],
      ]),
    );
    writeFileSync(`${dir}/.git/index`, spliceIndex(bytes, new Map([["y", item]])));
    expect(git(dir, "ls-files")).toBe(`README.md\n${long}\ny\nz`);
  });

  test("any changes give the index and the tree that git makes, with git's cache of trees still right", () => {
    const dir = gitRepo();
    const oids = ["1\n", "2\n", "3\n"].map((text) => writeObject(open(dir), "blob", Buffer.from(text)));
    const names = ["a", "a.b", "a/x", "a/y/z", "a0", "b/c/d", "b/c/e", "b/d", "ä/ö", "t/1", "t/2"];
    const stat = lstatSync(`${dir}/README.md`);
    const run = (args: string[], input?: string): string => {
      const child = spawnSync("git", args, { cwd: dir, env: hermeticEnv(sharedHome()), input, encoding: "utf8" });
      if (child.status !== 0) throw new Error(child.stderr);
      return child.stdout;
    };
    const step = fc.array(fc.tuple(fc.constantFrom(...names), fc.option(fc.constantFrom(...oids))), {
      minLength: 1,
      maxLength: 4,
    });
    const isSound = (changes: Map<string, string | null>): boolean => {
      const added = [...changes].filter(([, oid]) => oid !== null).map(([name]) => name);
      return !added.some((name) => added.some((other) => other.startsWith(`${name}/`)));
    };
    const check = (steps: [string, string | null][][]): void => {
      run(["read-tree", "HEAD"]);
      for (const changes of steps.map((pairs) => new Map(pairs)).filter(isSound)) {
        // git removes before it adds, and with --replace drives out what is in the way.
        const order = [...changes].sort(([, left], [, right]) => Number(left !== null) - Number(right !== null));
        copyFileSync(`${dir}/.git/index`, `${dir}/.git/index.before`);
        const lines = order.map(([name, oid]) =>
          oid === null ? `0 ${"0".repeat(40)}\t${name}\0` : `100644 ${oid}\t${name}\0`,
        );
        run(["update-index", "--replace", "-z", "--index-info"], lines.join(""));
        const expected = [run(["ls-files", "-s"]), run(["write-tree"])];
        const items = [...changes].map(([name, oid]): [string, IndexItem | null] => [
          name,
          oid === null ? null : { oid, mode: "100644", stat },
        ]);
        const before = readFileSync(`${dir}/.git/index.before`);
        const roomy = Buffer.concat([before, Buffer.alloc(4096)]).subarray(0, before.length);
        const bytes = spliceIndex(before, new Map(items));
        expect(spliceIndex(roomy, new Map(items), undefined, 4096).equals(bytes)).toBe(true);
        writeFileSync(`${dir}/.git/index`, bytes);
        expect([run(["ls-files", "-s"]), run(["write-tree"])]).toEqual(expected);
      }
      expect(run(["fsck", "--cache", "--no-dangling"])).toBe("");
    };
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), check), { numRuns: 25 });
  });

  test("new and changed entries are put between those that stay, which are not copied", () => {
    const dir = gitRepo();
    const stat = { ctimeMs: 0, mtimeMs: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };
    const item: IndexItem = { oid: git(dir, "hash-object", "-w", "--stdin"), mode: "100644", stat };
    const names = Array.from({ length: 300 }, (_, n) => `n${String(n).padStart(3, "0")}`);
    writeFileSync(`${dir}/.git/index`, spliceIndex(undefined, new Map(names.map((name) => [name, item]))));
    const changed: IndexItem = { ...item, mode: "100755" };
    const changes = new Map<string, IndexItem>([
      ["a", item],
      ["n007", changed],
      ["n007b", item],
      ["z", item],
    ]);
    const bytes = readIndexFile(open(dir), 4096) as Buffer;
    const { buffer } = bytes;
    const spliced = spliceIndex(bytes, changes, undefined, 4096);
    expect(spliced.buffer).toBe(buffer);
    writeFileSync(`${dir}/.git/index`, spliced);
    expect(git(dir, "ls-files").split("\n")).toEqual([...names, "a", "n007b", "z"].sort());
    expect(
      git(dir, "ls-files", "-s", "n007", "n008")
        .split("\n")
        .map((line) => line.slice(0, 6)),
    ).toEqual(["100755", "100644"]);
  });

  test("git's cache of trees survives for the folders that nothing changed in", () => {
    const dir = gitRepo();
    put(dir, { "src/a/x": "1\n", "src/b/x": "2\n", "t/1": "3\n" });
    git(dir, "commit", "--quiet", "-m", "more");
    put(dir, { "t/1": "4\n", "src/b/y": "5\n" });
    const bytes = readIndexFile(open(dir)) as Buffer;
    const cache = bytes.subarray(bytes.indexOf("TREE") + 8).toString("latin1");
    expect(cache.startsWith("\0-1 2\nt\0-1 0\nsrc\0-1 2\na\x001 0\n")).toBe(true);
    expect(cache.slice(0, 70)).toContain("b\0-1 0\n");
  });
});

describe("an index that ayo cannot write is refused with a command that helps", () => {
  const makeSplit = (dir: string): void => void git(dir, "update-index", "--split-index");
  const makeSparse = (dir: string): void => {
    for (const folder of ["in", "out"]) {
      mkdirSync(`${dir}/${folder}`);
      writeFileSync(`${dir}/${folder}/file`, "x\n");
    }
    git(dir, "add", ".");
    git(dir, "commit", "--quiet", "-m", "folders");
    git(dir, "sparse-checkout", "set", "--cone", "--sparse-index", "in");
  };

  test.each([
    ["split", makeSplit],
    ["sparse", makeSparse],
  ])("%s", (what, make) => {
    const dir = gitRepo();
    make(dir);
    const before = readFileSync(`${dir}/.git/index`);
    let help: readonly string[] = [];
    try {
      put(dir, { a: "a\n" });
    } catch (error) {
      expect(error).toMatchObject({ code: "git_unsupported", message: expect.stringContaining(what) });
      help = (error as { try: readonly string[] }).try;
    }
    expect(readFileSync(`${dir}/.git/index`).equals(before)).toBe(true);
    rmSync(`${dir}/a`);
    expect(help[0]).toBe("git");
    git(dir, ...help.slice(1));
    expect(status(dir)).toBe("");
    put(dir, { a: "a\n" });
    expect(status(dir)).toBe("A  a");
  });

  test.each([
    ["empty", (): Buffer => Buffer.alloc(0)],
    ["cut off", (bytes: Buffer): Buffer => bytes.subarray(0, 60)],
    ["overwritten", (bytes: Buffer): Buffer => Buffer.from(bytes).fill(0, 12)],
    ["no index", (): Buffer => Buffer.alloc(200, "x")],
  ])("damage: %s", (_, damage) => {
    const dir = gitRepo();
    const file = `${dir}/.git/index`;
    writeFileSync(file, damage(readFileSync(file)));
    expect(() => put(dir, { a: "a\n" })).toThrow(
      expect.objectContaining({ code: "git_unsupported", try: ["ayo", "doctor"] }),
    );
    expect(existsSync(`${file}.lock`)).toBe(false);
  });
});

describe("index.lock", () => {
  test("is taken at once with its content, and git respects it", () => {
    const dir = gitRepo();
    const repository = open(dir);
    const bytes = spliceIndex(readIndexFile(repository), new Map());
    expect(lockIndex(repository, bytes)).toBe(true);
    expect(lockIndex(repository, bytes)).toBe(false);
    writeFileSync(`${dir}/a`, "a\n");
    expect(() => git(dir, "add", "a")).toThrow(/index\.lock/);
    expect(ownIndexLock(repository, bytes.subarray(-20))).toBe(true);
    dropIndexLock(repository, Buffer.alloc(20, 1));
    expect(lockIndex(repository, bytes)).toBe(false);
    dropIndexLock(repository, bytes.subarray(-20));
    git(dir, "add", "a");
  });

  test("of a linked worktree is its own", () => {
    const dir = gitRepo();
    git(dir, "worktree", "add", "--quiet", "-b", "side", `${dir}/wt`);
    put(`${dir}/wt`, { "t.md": "t\n" });
    expect(status(`${dir}/wt`)).toBe("A  t.md");
    expect(git(dir, "diff", "--cached", "--name-only")).toBe("");
  });
});

test("a staged index is shown while the lock stays, once", () => {
  const dir = gitRepo();
  const repository = openRepository(dir) as Repository;
  const stat = { ctimeMs: 0, mtimeMs: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };
  const item = { oid: git(dir, "rev-parse", "HEAD:README.md"), mode: "100644", stat } as const;
  const lock = path.join(dir, ".git", "index.lock");
  const staged = path.join(dir, ".git", "tmp_idx_1");
  const bytes = spliceIndex(readIndexFile(repository), new Map([["new.md", item]]));
  writeFileSync(staged, bytes);
  expect(lockIndex(repository, bytes, staged)).toBe(true);
  expect(git(dir, "ls-files")).toBe("README.md");
  expect(showIndex(repository, staged)).toBe(true);
  expect([git(dir, "ls-files"), existsSync(lock)]).toEqual(["README.md\nnew.md", true]);
  expect(() => git(dir, "add", "README.md")).toThrow("index.lock");
  expect(showIndex(repository, staged)).toBe(false);
  dropIndexLock(repository, bytes.subarray(-20));
  expect([git(dir, "ls-files"), existsSync(lock)]).toEqual(["README.md\nnew.md", false]);
  expect(readdirSync(path.join(dir, ".git")).filter((name) => name.startsWith("tmp_"))).toEqual([]);
});
