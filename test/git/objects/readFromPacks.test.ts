import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readObject } from "../../../src/git/objects/objects.ts";
import { readFromPacks } from "../../../src/git/objects/readFromPacks.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";

/** A repository whose objects are packed by git as differences to each other. */
function packed(...flags: string[]): { dir: string; all: [oid: string, type: string, size: string][] } {
  const dir = gitRepo();
  const lines = fc.sample(fc.string({ minLength: 5, maxLength: 60 }), { numRuns: 400, seed: 7 });
  for (let n = 0; n < 12; n++) {
    writeFileSync(
      path.join(dir, "long.txt"),
      [...lines.slice(0, n * 20), `line ${n}`, ...lines.slice(n * 20)].join("\n"),
    );
    writeFileSync(path.join(dir, `${n}.bin`), Buffer.alloc(n * 20_000, `${n}`));
    git(dir, "add", ".");
    git(dir, "commit", "--quiet", `--message=commit ${n}`);
  }
  git(dir, "tag", "--annotate", "v1", "--message=one");
  git(dir, ...flags, "repack", "-adq", "--depth=50", "--window=50");
  git(dir, "prune-packed");
  const all = git(dir, "cat-file", "--batch-all-objects", "--batch-check").split("\n");
  return { dir, all: all.map((line) => line.split(" ") as [string, string, string]) };
}

test.each([
  ["differences by offset", []],
  ["differences by id", ["-c", "repack.useDeltaBaseOffset=false"]],
])("every object is read as git reads it: %s", async (_, flags) => {
  const { dir, all } = packed(...flags);
  const repository = openRepository(dir) as Repository;
  expect(git(dir, "verify-pack", "-v", ...packs(dir, "idx"))).toMatch(/chain length = \d/);
  for (const [oid, type, size] of all) {
    const { bytes } = await readObject(repository, oid);
    const found = readFromPacks(repository.commonDir, oid);
    if (typeof found !== "object") throw new Error(`${oid} is ${found}`);
    expect(found.type).toBe(type);
    // Byte by byte, expect() takes a second for a large one.
    expect(found.bytes.equals(bytes), oid).toBe(true);
    expect(String(bytes.length)).toBe(size);
  }
  expect(readFromPacks(repository.commonDir, "0".repeat(40))).toBe("absent");
});

test("an index whose pack is gone keeps nobody from the other packs, and makes nothing sure", () => {
  const { dir, all } = packed();
  const { commonDir } = openRepository(dir) as Repository;
  const folder = path.join(commonDir, "objects", "pack");
  const [index = ""] = packs(dir, "idx");
  // Before and after the other in a listing.
  for (const digit of ["0", "f"]) writeFileSync(`${folder}/pack-${digit.repeat(40)}.idx`, readFileSync(index));
  for (const [oid, type] of all) expect((readFromPacks(commonDir, oid) as { type?: string }).type).toBe(type);
  expect(readFromPacks(commonDir, "0".repeat(40))).toBe("unsure");
});

test("a pack that git replaces while it is open is followed", async () => {
  const { dir, all } = packed();
  const repository = openRepository(dir) as Repository;
  const [oid, type] = all[3] as [string, string, string];
  await readObject(repository, oid);
  writeFileSync(path.join(dir, "new.txt"), "new\n");
  git(dir, "add", ".");
  git(dir, "commit", "--quiet", "--message=new");
  git(dir, "repack", "-adq");
  git(dir, "prune-packed");
  const fresh = git(dir, "rev-parse", "HEAD:new.txt");
  expect((await readObject(repository, fresh)).bytes.toString()).toBe("new\n");
  expect((await readObject(repository, oid)).type).toBe(type);
});

test("a damaged pack is not believed", async () => {
  const { dir, all } = packed();
  const [pack = ""] = packs(dir, "pack");
  const bytes = readFileSync(pack);
  bytes.fill(0x55, 12, bytes.length - 20);
  writeFileSync(pack.replace("pack-", "pack-0"), bytes);
  const [idx = ""] = packs(dir, "idx");
  writeFileSync(idx.replace("pack-", "pack-0"), readFileSync(idx));
  const repository = openRepository(dir) as Repository;
  // The damaged copy comes first by name; the other is found behind it.
  for (const [oid, type] of all) expect((await readObject(repository, oid)).type).toBe(type);
});

function packs(dir: string, ext: string): string[] {
  const folder = path.join(dir, ".git/objects/pack");
  return readdirSync(folder)
    .filter((name) => name.endsWith(`.${ext}`))
    .map((name) => path.join(folder, name));
}
