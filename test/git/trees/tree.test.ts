import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashObject } from "../../../src/git/objects/objects.ts";
import { findInTree, parseTree, spliceTree, type TreeItem } from "../../../src/git/trees/tree.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";

const MODES = ["100644", "100755", "120000", "160000", "40000"] as const;
const KINDS: Readonly<Record<string, string>> = { "40000": "tree", "160000": "commit" };

/** The id that git gives to a tree of these items; it sorts them itself. */
function mktree(dir: string, items: ReadonlyMap<string, TreeItem>): string {
  const lines = [...items].map(([name, { mode, oid }]) => `${mode} ${KINDS[mode] ?? "blob"} ${oid}\t${name}\0`);
  const run = spawnSync("git", ["mktree", "-z", "--missing"], {
    cwd: dir,
    env: hermeticEnv(sharedHome()),
    input: lines.join(""),
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout.trim();
}

const item = fc.record({
  mode: fc.constantFrom(...MODES),
  oid: fc.integer({ min: 0, max: 2 ** 31 }).map((n) => n.toString(16).padStart(40, "a")),
});
/** Names that are each other's beginnings, with what sorts around a slash between them. */
const name = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[ab][-.0/ab]{0,3}$/).map((text) => text.replaceAll("/", "_")) },
  fc.constantFrom("a", "a.", "a-", "a0", "a b", "ä", "日本", "a\u{1f600}", "ab", "a.md", "a-b", "A"),
);

describe("spliceTree", () => {
  test("makes the tree that git makes, whatever changes", () => {
    const dir = gitRepo();
    const maps = fc.array(fc.tuple(name, item), { maxLength: 8 }).map((pairs) => new Map<string, TreeItem>(pairs));
    const changes = fc
      .array(fc.tuple(name, fc.option(item)), { maxLength: 8 })
      .map((pairs) => new Map<string, TreeItem | null>(pairs));
    const check = (before: Map<string, TreeItem>, change: Map<string, TreeItem | null>): void => {
      const old = spliceTree(undefined, before);
      expect(hashObject("tree", old)).toBe(mktree(dir, before));
      const after = new Map(before);
      for (const [key, value] of change) {
        if (value === null) after.delete(key);
        else after.set(key, value);
      }
      const bytes = spliceTree(old, change);
      expect(hashObject("tree", bytes)).toBe(mktree(dir, after));
      expect(new Map(parseTree(bytes).map((entry) => [entry.name, { mode: entry.mode, oid: entry.oid }]))).toEqual(
        after,
      );
      for (const key of [...before.keys(), ...change.keys()]) {
        expect(findInTree(bytes, key)).toEqual(after.has(key) ? { name: key, ...after.get(key) } : undefined);
      }
    };
    fc.assert(fc.property(maps, changes, check), { numRuns: 150 });
  });

  test("a file takes a folder's name and the other way round, also with names between the two places", () => {
    const file = { mode: "100644", oid: "1".repeat(40) };
    const folder = { mode: "40000", oid: "2".repeat(40) };
    const names = (bytes: Buffer): string[] => parseTree(bytes).map((entry) => `${entry.mode} ${entry.name}`);
    const tree = spliceTree(
      undefined,
      new Map([
        ["a", file],
        ["a.b", file],
        ["a0", file],
      ]),
    );
    const turned = spliceTree(tree, new Map([["a", folder]]));
    expect(names(turned)).toEqual(["100644 a.b", "40000 a", "100644 a0"]);
    expect(names(spliceTree(turned, new Map([["a", file]])))).toEqual(["100644 a", "100644 a.b", "100644 a0"]);
    expect(names(spliceTree(turned, new Map([["a", null]])))).toEqual(["100644 a.b", "100644 a0"]);
  });

  test("a mode can be made of the one that the name had, and a folder's place is no file's", () => {
    const had: (string | undefined)[] = [];
    const keep = (mode: string | undefined): string => {
      had.push(mode);
      return mode === "100755" ? mode : "100644";
    };
    const oid = "1".repeat(40);
    const tree = spliceTree(
      undefined,
      new Map([
        ["a", { mode: "40000", oid }],
        ["b", { mode: "100755", oid }],
        ["c", { mode: "100644", oid }],
      ]),
    );
    const changes = new Map(["a", "b", "c", "d"].map((name) => [name, { mode: keep, oid: "2".repeat(40) }]));
    const modes = parseTree(spliceTree(tree, changes)).map(({ mode, name }) => `${mode} ${name}`);
    expect(modes).toEqual(["100644 a", "100755 b", "100644 c", "100644 d"]);
    expect(had).toEqual(["40000", "100755", "100644", undefined]);
  });

  test("a tree whose damage lies far from the change is an error", () => {
    const entry = (name: string): Buffer => Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.alloc(20, 1)]);
    const damaged = Buffer.from("100644xg\0".padEnd(29, "1"));
    const tree = Buffer.concat([..."abcdef".split("").map(entry), damaged, entry("h")]);
    expect(() => spliceTree(tree, new Map([["a", null]]))).toThrow(/damaged/);
  });

  test("old trees with padded modes are read and keep their bytes", () => {
    const old = Buffer.concat([Buffer.from("040000 a\0"), Buffer.alloc(20, 1)]);
    expect(parseTree(old)).toEqual([{ mode: "40000", name: "a", oid: "01".repeat(20) }]);
    const bytes = spliceTree(old, new Map([["b", { mode: "100644", oid: "2".repeat(40) }]]));
    expect(bytes.subarray(0, old.length).equals(old)).toBe(true);
  });

  test.each([
    ["no end", "100644 a"],
    ["no id", "100644 a\0abc"],
    ["no mode", `hello world\0${"x".repeat(20)}`],
  ])("a damaged tree (%s) is an error", (_, text) => {
    expect(() => parseTree(Buffer.from(text))).toThrow(/damaged/);
    expect(() => spliceTree(Buffer.from(text), new Map([["b", null]]))).toThrow(/damaged/);
  });
});
