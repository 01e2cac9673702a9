import { appendFileSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openCommits } from "../../../src/git/commits/commitReader.ts";
import { hashObject, type ObjectType } from "../../../src/git/objects/objects.ts";
import { openPacks } from "../../../src/git/objects/openPacks.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

function open(dir: string): Repository {
  return openRepository(dir) as Repository;
}

/** `count` commits that change one long file a little, so that git stores it as deltas. */
function commitMany(dir: string, count: number): void {
  for (let i = 0; i < count; i++) {
    appendFileSync(path.join(dir, "long.txt"), `${`line ${i} `.repeat(50)}\n`);
    git(dir, "add", "long.txt");
    git(dir, "commit", "--quiet", "--message", `commit ${i}\n\n${"a long body ".repeat(200)}`);
  }
}

function objectsOf(dir: string): string[] {
  const lines = git(dir, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").split("\n");
  return lines.filter((line) => line !== "");
}

describe("openPacks", () => {
  test("reads every object as git does, deltas of both kinds too", () => {
    const dir = gitRepo();
    commitMany(dir, 30);
    for (const settings of [
      ["-c", "repack.useDeltaBaseOffset=true"],
      ["-c", "repack.useDeltaBaseOffset=false"],
    ]) {
      git(dir, ...settings, "repack", "-a", "-d", "-f", "--quiet", "--depth=50", "--window=50");
      const packs = openPacks(open(dir));
      onTestFinished(() => packs.close());
      const kinds = new Set<string>();
      for (const line of objectsOf(dir)) {
        const [oid = "", type = ""] = line.split(" ");
        const object = packs.read(oid);
        expect(object?.type).toBe(type);
        expect(hashObject(type as ObjectType, object?.bytes ?? Buffer.alloc(0))).toBe(oid);
        kinds.add(type);
      }
      expect([...kinds].sort()).toEqual(["blob", "commit", "tree"]);
      expect(git(dir, "verify-pack", "-v", packIndex(dir))).toMatch(/chain length = [2-9]/);
    }
  });

  test("an object that no pack has, damaged packs and indexes: undefined", () => {
    const dir = gitRepo();
    git(dir, "gc", "--quiet");
    const head = git(dir, "rev-parse", "HEAD");
    expect(openPacks(open(dir)).read("0".repeat(40))).toBeUndefined();
    const index = packIndex(dir);
    const pack = index.replace(/idx$/, "pack");
    rmSync(pack);
    writeFileSync(pack, "PACK");
    expect(openPacks(open(dir)).read(head)).toBeUndefined();
    rmSync(index);
    writeFileSync(index, "no index");
    expect(openPacks(open(dir)).read(head)).toBeUndefined();
  });
});

describe("openCommits", () => {
  test("loose, packed, packed while it is open, borrowed and missing ones", () => {
    const dir = gitRepo();
    const reader = openCommits(open(dir));
    onTestFinished(() => reader.close());
    const first = git(dir, "rev-parse", "HEAD");
    expect(`${reader.read(first)}`).toContain("\n\nstart");
    git(dir, "gc", "--quiet");
    expect(existsSync(path.join(dir, ".git/objects", first.slice(0, 2), first.slice(2)))).toBe(false);
    expect(`${reader.read(first)}`).toContain("\n\nstart");
    git(dir, "commit", "--quiet", "--allow-empty", "--message=second");
    const second = git(dir, "rev-parse", "HEAD");
    git(dir, "gc", "--quiet");
    expect(`${reader.read(second)}`).toContain("\n\nsecond");
    expect(reader.read("1".repeat(40))).toBeUndefined();
    expect(reader.read(git(dir, "rev-parse", "HEAD^{tree}"))).toBeUndefined();
    const clone = path.join(tempDir(), "clone");
    git(dir, "clone", "--quiet", "--shared", dir, clone);
    const borrowing = openCommits(open(clone));
    onTestFinished(() => borrowing.close());
    expect(`${borrowing.read(second)}`).toContain("\n\nsecond");
  });
});

function packIndex(dir: string): string {
  const folder = path.join(dir, ".git/objects/pack");
  const name = readdirSync(folder).find((one) => one.endsWith(".idx")) ?? "";
  return path.join(folder, name);
}
