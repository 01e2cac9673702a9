import { spawnSync } from "node:child_process";
import { lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type IndexItem, parseIndex, readIndexFile } from "../../../src/git/index/indexFile.ts";
import { indexNames } from "../../../src/git/index/indexNames.ts";
import { compressVersion4, expandVersion4 } from "../../../src/git/index/indexVersion4.ts";
import { spliceIndex } from "../../../src/git/index/spliceIndex.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";

const LONG = process.env.AYO_LONG === "1";

/** An entry as `git update-index --index-info` takes it. */
interface Entry {
  readonly name: string;
  readonly stage: 0 | 1 | 2 | 3;
  readonly flag: "none" | "skip-worktree" | "assume-unchanged";
}

const word = fc.constantFrom("a", "b", "ab", "a.b", "x y", "ä", "日本", "long".repeat(40), ".t", "0", "~");
const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("/"));
const entries = fc
  .uniqueArray(
    fc.record<Entry>({
      name,
      stage: fc.constantFrom(0, 0, 0, 1, 2, 3),
      flag: fc.constantFrom("none", "none", "skip-worktree", "assume-unchanged"),
    }),
    { selector: (one) => one.name, maxLength: 12 },
  )
  // A path that is a file and a folder at once is none that git keeps.
  .map((all) => all.filter((one) => !all.some((other) => other.name.startsWith(`${one.name}/`))));

function run(dir: string, args: readonly string[], input = ""): string {
  const child = spawnSync("git", args, { cwd: dir, env: hermeticEnv(sharedHome()), input, encoding: "utf8" });
  if (child.status !== 0) throw new Error(child.stderr);
  return child.stdout;
}

/** Has git make an index of version 4 with these entries. */
function makeIndex(dir: string, oid: string, all: readonly Entry[]): void {
  rmSync(`${dir}/.git/index`, { force: true });
  const lines = all.map((one) => `100644 ${oid} ${one.stage}\t${one.name}\0`).join("");
  run(dir, ["update-index", "-z", "--index-info"], lines);
  for (const flag of ["skip-worktree", "assume-unchanged"] as const) {
    const names = all.filter((one) => one.flag === flag && one.stage === 0).map((one) => `${one.name}\0`);
    if (names.length > 0) run(dir, ["update-index", `--${flag}`, "-z", "--stdin"], names.join(""));
  }
  run(dir, ["update-index", "--force-write-index", "--index-version", "4"]);
}

/** All that git says of an index: entries with stages, flags and stats. */
const told = (dir: string): string[] => [
  run(dir, ["ls-files", "--stage", "-z"]),
  run(dir, ["ls-files", "-v", "-z"]),
  run(dir, ["ls-files", "--debug", "-z"]),
];

/** What was made, or undefined where an unmerged path forbids it. */
function unlessUnmerged(make: () => Buffer): Buffer | undefined {
  try {
    return make();
  } catch (error) {
    expect(error).toMatchObject({ code: "bad_ticket" });
    return undefined;
  }
}

const index = (dir: string): Buffer => readFileSync(`${dir}/.git/index`);
const open = (dir: string): Repository => openRepository(dir) as Repository;

describe("an index of version 4", () => {
  test("says the same as version 2 or 3, and again as version 4: any names, stages and flags", () => {
    const dir = gitRepo();
    const oid = git(dir, "rev-parse", "HEAD:README.md");
    const check = (all: readonly Entry[]): void => {
      makeIndex(dir, oid, all);
      const compressed = index(dir);
      expect(compressed.readUInt32BE(4)).toBe(4);
      const before = told(dir);
      const plain = expandVersion4(compressed);
      expect(plain.readUInt32BE(4)).toBe(all.some((one) => one.flag === "skip-worktree" && one.stage === 0) ? 3 : 2);
      expect([...indexNames(compressed)]).toEqual([...indexNames(plain)]);
      writeFileSync(`${dir}/.git/index`, plain);
      expect(told(dir)).toEqual(before);
      writeFileSync(`${dir}/.git/index`, compressVersion4(plain));
      expect(told(dir)).toEqual(before);
      // Git's own bytes, but for the extensions that say where entries lie.
      run(dir, ["update-index", "--force-write-index"]);
      expect(index(dir).equals(compressed)).toBe(true);
    };
    fc.assert(fc.property(entries, check), { numRuns: LONG ? 300 : 15 });
  });

  test("is spliced as one of version 2 is, and stays of version 4", () => {
    const dir = gitRepo();
    const oid = git(dir, "rev-parse", "HEAD:README.md");
    const stat = lstatSync(`${dir}/README.md`);
    const item: IndexItem = { oid, mode: "100644", stat };
    const change = fc.uniqueArray(fc.tuple(name, fc.boolean()), { selector: ([one]) => one, maxLength: 4 });
    const check = (all: readonly Entry[], changes: readonly (readonly [string, boolean])[]): void => {
      const wanted = changes.filter(([one]) => !changes.some(([other]) => other.startsWith(`${one}/`)));
      const map = new Map(wanted.map(([one, isThere]) => [one, isThere ? item : null]));
      makeIndex(dir, oid, all);
      const compressed = index(dir);
      const plain = expandVersion4(compressed);
      const whole = unlessUnmerged(() => spliceIndex(plain, map));
      if (whole === undefined) {
        expect(unlessUnmerged(() => spliceIndex(compressed, map))).toBeUndefined();
        return;
      }
      writeFileSync(`${dir}/.git/index`, whole);
      const expected = told(dir);
      const spliced = spliceIndex(compressed, map);
      expect(spliced.readUInt32BE(4)).toBe(4);
      writeFileSync(`${dir}/.git/index`, spliced);
      expect(told(dir)).toEqual(expected);
      expect(parseIndex(spliced)).toEqual(parseIndex(whole));
    };
    fc.assert(fc.property(entries, change, check), { numRuns: LONG ? 200 : 15 });
  });

  test("names of which more than 127 and more than 16,511 bytes are cut off", () => {
    const dir = gitRepo();
    const oid = git(dir, "rev-parse", "HEAD:README.md");
    const item: IndexItem = { oid, mode: "100644", stat: lstatSync(`${dir}/README.md`) };
    const names = [100, 127, 128, 129, 4_000, 16_511, 16_512, 16_640].map(
      (length, n) => `${n}/${"x".repeat(length - 2)}`,
    );
    const plain = spliceIndex(undefined, new Map([...names, "9"].map((one) => [one, item])));
    const compressed = compressVersion4(plain);
    writeFileSync(`${dir}/.git/index`, compressed);
    expect(git(dir, "ls-files").split("\n")).toEqual([...names, "9"]);
    expect(expandVersion4(compressed).equals(plain)).toBe(true);
  });

  test.each([
    [
      "a checksum that is wrong",
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) as number) ^ 1)]),
    ],
    ["cut off", (bytes: Buffer) => bytes.subarray(0, 70)],
    ["overwritten", (bytes: Buffer) => Buffer.from(bytes).fill(255, 12)],
    [
      "more entries than there are",
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 8), Buffer.of(0, 0, 9, 9), bytes.subarray(12)]),
    ],
  ])("damage is not taken for an index: %s", (_, damage) => {
    const dir = gitRepo();
    git(dir, "update-index", "--index-version", "4");
    writeFileSync(`${dir}/.git/index`, damage(index(dir)));
    const bytes = readIndexFile(open(dir)) as Buffer;
    for (const use of [() => spliceIndex(bytes, new Map([["a", null]])), () => parseIndex(bytes)]) {
      expect(use).toThrow(expect.objectContaining({ code: "git_unsupported", try: ["ayo", "doctor"] }));
    }
  });

  test("without a checksum, as index.skipHash leaves it, stays without", () => {
    const dir = gitRepo();
    git(dir, "update-index", "--index-version", "4");
    const bytes = Buffer.concat([index(dir).subarray(0, -20), Buffer.alloc(20)]);
    expect(
      expandVersion4(bytes)
        .subarray(-20)
        .every((byte) => byte === 0),
    ).toBe(true);
  });
});
