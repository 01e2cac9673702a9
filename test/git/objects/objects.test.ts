import fs, { copyFileSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";
import * as isomorphic from "isomorphic-git";
import { describe, expect, test } from "vitest";
import {
  hashObject,
  hasLooseObject,
  loosePath,
  objectExists,
  readObject,
  readObjectSync,
  writeObject,
} from "../../../src/git/objects/objects.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { spliceTree } from "../../../src/git/trees/tree.ts";
import { fsck, git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

function open(dir: string): Repository {
  return openRepository(dir) as Repository;
}

const CONTENTS = [
  Buffer.alloc(0),
  Buffer.from("x"),
  Buffer.from("größer\r\n\0\xff"),
  Buffer.alloc(300_000, "0123456789abcdef"),
];

describe("writeObject", () => {
  test("git reads what we write, and names it as we do", async () => {
    const dir = gitRepo();
    for (const [n, bytes] of CONTENTS.entries()) {
      const oid = writeObject(open(dir), "blob", bytes);
      writeFileSync(`${dir}/file`, bytes);
      expect(git(dir, "hash-object", "--no-filters", "file")).toBe(oid);
      expect(git(dir, "cat-file", "-s", oid)).toBe(String(bytes.length));
      expect(git(dir, "cat-file", "-t", oid)).toBe("blob");
      expect((await readObject(open(dir), oid)).bytes.equals(bytes), String(n)).toBe(true);
      expect(readObjectSync(open(dir), oid)?.type).toBe("blob");
    }
    fsck(dir);
    const folder = path.dirname(loosePath(open(dir), hashObject("blob", CONTENTS[1] as Buffer)));
    expect(readdirSync(folder).every((name) => /^[0-9a-f]{38}$/.test(name))).toBe(true);
    expect(git(dir, "count-objects", "-v")).toMatch(/^garbage: 0$/m);
  });

  test("a large folder is stored as it is, and git, isomorphic-git and we read it", async () => {
    const dir = gitRepo();
    const blob = writeObject(open(dir), "blob", Buffer.from("x"));
    const names = Array.from({ length: 2_000 }, (_, n) => `t-${String(n).padStart(4, "0")}.md`);
    const bytes = spliceTree(undefined, new Map(names.map((name) => [name, { mode: "100644", oid: blob }])));
    const oid = writeObject(open(dir), "tree", bytes);
    // Squeezed it would be a tenth: the names are alike, and all have the same id.
    expect(statSync(loosePath(open(dir), oid)).size).toBeGreaterThan(bytes.length);
    expect(git(dir, "ls-tree", "--name-only", oid).split("\n")).toEqual(names);
    expect((await readObject(open(dir), oid)).bytes.equals(bytes)).toBe(true);
    const { tree } = await isomorphic.readTree({ fs, dir, oid });
    expect(tree.map(({ path: name }) => name)).toEqual(names);
    fsck(dir);
  });

  test("from a linked worktree into the shared object store", () => {
    const dir = gitRepo();
    git(dir, "worktree", "add", "--quiet", "-b", "side", `${dir}/wt`);
    const oid = writeObject(open(`${dir}/wt`), "blob", Buffer.from("shared"));
    expect(git(dir, "cat-file", "blob", oid)).toBe("shared");
  });

  test.each([
    ["zero bytes", Buffer.alloc(0)],
    ["half of it", deflateSync(Buffer.from("blob 5\0hello")).subarray(0, 9)],
    ["another object", deflateSync(Buffer.from("blob 5\0hallo"))],
    ["a wrong size", deflateSync(Buffer.from("blob 6\0hello"))],
    ["no object", deflateSync(Buffer.from("hello"))],
  ])("an existing object that is damaged (%s) is replaced", (_, damage) => {
    const dir = gitRepo();
    const file = loosePath(open(dir), writeObject(open(dir), "blob", Buffer.from("hello")));
    rmSync(file);
    writeFileSync(file, damage);
    const oid = writeObject(open(dir), "blob", Buffer.from("hello"));
    expect(git(dir, "cat-file", "blob", oid)).toBe("hello");
    fsck(dir);
  });

  test("an existing object is made young again, so that gc does not prune it", () => {
    const dir = gitRepo();
    const oid = writeObject(open(dir), "blob", Buffer.from("hello"));
    const file = loosePath(open(dir), oid);
    utimesSync(file, 1e9, 1e9);
    expect(writeObject(open(dir), "blob", Buffer.from("hello"))).toBe(oid);
    expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(60_000);
    git(dir, "gc", "--quiet", "--prune=1.day.ago");
    expect(git(dir, "cat-file", "-t", oid)).toBe("blob");
  });

  test("what a crash leaves behind git takes for a temporary file", async () => {
    const dir = gitRepo();
    const oid = writeObject(open(dir), "blob", Buffer.from("hello"));
    const { writeTemporary } = await import("../../../src/git/disk/durable.ts");
    const left = writeTemporary(path.dirname(loosePath(open(dir), oid)), Buffer.from("part"), "target");
    utimesSync(left, 1e9, 1e9);
    fsck(dir);
    git(dir, "prune");
    expect(() => statSync(left)).toThrow(/ENOENT/);
  });
});

describe("readObject", () => {
  test("reads packed objects, also as deltas, and after one gc and the next in the same process", async () => {
    const dir = gitRepo();
    const oids: string[] = [];
    for (let round = 0; round < 3; round++) {
      const text = Array.from({ length: 500 }, (_, n) => `line ${n} ${n === round ? "changed" : ""}\n`).join("");
      writeFileSync(`${dir}/file`, text);
      git(dir, "add", "file");
      git(dir, "commit", "--quiet", "-m", `round ${round}`);
      oids.push(
        git(dir, "rev-parse", "HEAD:file"),
        git(dir, "rev-parse", "HEAD^{tree}"),
        git(dir, "rev-parse", "HEAD"),
      );
      git(dir, "gc", "--quiet", "--prune=now");
      for (const oid of oids) {
        expect(hasLooseObject(open(dir), oid)).toBe(false);
        const { type, bytes } = await readObject(open(dir), oid);
        expect([type, hashObject(type as "blob", bytes)]).toEqual([git(dir, "cat-file", "-t", oid), oid]);
      }
    }
    expect(
      git(
        dir,
        "verify-pack",
        "-v",
        ...readdirSync(`${dir}/.git/objects/pack`)
          .filter((name) => name.endsWith(".idx"))
          .map((name) => `.git/objects/pack/${name}`),
      ),
    ).toMatch(/chain length/);
  });

  test("a damaged loose object does not hide the whole one in a pack", async () => {
    const dir = gitRepo();
    const oid = git(dir, "rev-parse", "HEAD:README.md");
    git(dir, "gc", "--quiet", "--prune=now");
    const file = loosePath(open(dir), oid);
    git(dir, "hash-object", "-w", "README.md");
    writeObject(open(dir), "blob", readFileSync(`${dir}/README.md`));
    rmSync(file);
    writeFileSync(file, "");
    expect((await readObject(open(dir), oid)).bytes.toString()).toBe("# Test\n");
    expect(await objectExists(open(dir), oid)).toBe(true);
  });

  test("reads what a shared clone borrows", async () => {
    const dir = gitRepo();
    const clone = path.join(tempDir(), "clone");
    const oid = git(dir, "rev-parse", "HEAD:README.md");
    git(dir, "clone", "--quiet", "--shared", dir, clone);
    expect((await readObject(open(clone), oid)).bytes.toString()).toBe("# Test\n");
    git(dir, "gc", "--quiet", "--prune=now");
    expect((await readObject(open(clone), oid)).bytes.toString()).toBe("# Test\n");
  });

  test("says which object is missing or damaged, and where to go", async () => {
    const dir = gitRepo();
    const oid = "1".repeat(40);
    const missing = expect.objectContaining({ code: "not_found", data: { oid }, try: ["ayo", "doctor"] });
    await expect(readObject(open(dir), oid)).rejects.toThrow(missing);
    expect(await objectExists(open(dir), oid)).toBe(false);
    expect(readObjectSync(open(dir), oid)).toBeUndefined();
    const head = git(dir, "rev-parse", "HEAD");
    rmSync(loosePath(open(dir), head));
    writeFileSync(loosePath(open(dir), head), "not an object");
    await expect(readObject(open(dir), head)).rejects.toThrow(/missing or damaged/);
  });

  test("a damaged pack is a missing object, not a crash", async () => {
    const dir = gitRepo();
    const oid = git(dir, "rev-parse", "HEAD");
    git(dir, "gc", "--quiet", "--prune=now");
    const folder = `${dir}/.git/objects/pack`;
    const pack = path.join(folder, readdirSync(folder).find((name) => name.endsWith(".pack")) as string);
    const bytes = readFileSync(pack);
    copyFileSync(pack, `${pack}.bak`);
    rmSync(pack);
    writeFileSync(pack, bytes.fill(0xff, 20));
    await expect(readObject(open(dir), oid)).rejects.toThrow(/missing or damaged/);
    rmSync(pack);
    await expect(readObject(open(dir), oid)).rejects.toThrow(/missing or damaged/);
    copyFileSync(`${pack}.bak`, pack);
    expect((await readObject(open(dir), oid)).type).toBe("commit");
  });
});
