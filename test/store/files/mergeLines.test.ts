import fc from "fast-check";
import { diff3Merge } from "node-diff3";
import { expect, test } from "vitest";
import { mergeLines, mergeOnto } from "../../../src/store/files/mergeLines.ts";

async function onto(ours: string, base: string, theirs: string): Promise<[text: string, gaveWay: boolean]> {
  const { bytes, gaveWay } = await mergeOnto(Buffer.from(ours), Buffer.from(base), Buffer.from(theirs));
  return [bytes.toString(), gaveWay];
}

test("what both append stays, ours first, so that who appends goes on at the end", async () => {
  expect(await onto("a\nNOTE\n", "a\n", "a\nx\ny\n")).toEqual(["a\nNOTE\nx\ny\n", false]);
  expect(await onto("a\nNOTE\n", "a\n", "a\nhalf a li")).toEqual(["a\nNOTE\nhalf a li", false]);
  expect(await onto("a\n\nNOTE\n", "a", "abc\nd\n")).toEqual(["abc\nd\n\nNOTE\n", false]);
});

test("what one added to lines that the other changed, or took away, stays with what the other made of them", async () => {
  expect(await onto("a\nNOTE\n", "a\nx\n", "a\nx\ny\n")).toEqual(["a\nNOTE\ny\n", false]);
  expect(await onto("a\n", "a\nx\n", "a\nx\ny\n")).toEqual(["a\ny\n", false]);
  expect(await onto("a\nx\nNOTE\n", "a\nx\n", "a\nX\n")).toEqual(["a\nX\nNOTE\n", false]);
  expect(await onto("X\nb\n", "x\nb\n", "y\nx\nb\n")).toEqual(["y\nX\nb\n", false]);
  expect(await onto("X\ny\n", "x\n", "x\ny\n")).toEqual(["X\ny\n", false]);
});

test("what is merged already is not merged twice", async () => {
  expect(await onto("a\nx\nNOTE\n", "a\n", "a\nx\n")).toEqual(["a\nx\nNOTE\n", false]);
  expect(await onto("a\nx\n", "a\n", "a\nx\ny\n")).toEqual(["a\nx\ny\n", false]);
  expect(await onto("a\nx\n", "a\n", "a\nx\n")).toEqual(["a\nx\n", false]);
});

test("neighbouring lines that each side changed one of are both changed; of the same line theirs stays", async () => {
  expect(await onto("p: 1\nq: 2\n", "p: 0\nq: 2\n", "p: 0\nq: 3\n")).toEqual(["p: 1\nq: 3\n", false]);
  expect(await onto("p: 1\nq: 2\n", "p: 0\nq: 2\n", "p: 5\nq: 2\nz\n")).toEqual(["p: 5\nq: 2\nz\n", true]);
});

test("a log of 200,000 lines that somebody goes on with is merged without comparing every line with every other", async () => {
  const log = Array.from({ length: 200_000 }, (_, at) => `line ${at}`).join("\n");
  const [ours, theirs] = [`updated: 2\nx\n${log}\nNOTE\n`, `updated: 1\nx\n${log}\nmore\n`];
  expect(await onto(ours, `updated: 1\nx\n${log}\n`, theirs)).toEqual([`updated: 2\nx\n${log}\nNOTE\nmore\n`, false]);
});

test("where both rewrote so much that comparing would take minutes, theirs stays, and it is told", async () => {
  const text = (mark: string) => Array.from({ length: 30_000 }, (_, at) => `${mark} ${at}\n`).join("");
  expect(await onto(text("ours"), text("base"), text("theirs"))).toEqual([text("theirs"), true]);
});

test("bytes that are no text come through", async () => {
  const odd = Buffer.from([0xff, 10, 0, 0xfe, 10]);
  const { bytes } = await mergeOnto(Buffer.concat([odd, Buffer.from("x\n")]), odd, Buffer.concat([odd, odd]));
  expect(bytes.equals(Buffer.concat([odd, Buffer.from("x\n"), odd]))).toBe(true);
  expect((await mergeLines(odd, odd, odd))?.equals(odd)).toBe(true);
});

test("no line that one side added is ever missing", async () => {
  const line = fc.constantFrom("a", "b", "c", "d");
  // A long one is merged by its runs, of lines that are there once and of others.
  const log = Array.from({ length: 600 }, (_, at) => (at % 3 === 0 ? "a" : `line ${at}`));
  const start = fc.constantFrom<readonly string[]>([], [], log);
  const lines = fc.tuple(fc.array(line, { maxLength: 6 }), start).map(([few, many]) => [...few, ...many, ...few]);
  const insertInto = (base: readonly string[], added: readonly [number, string][]): string[] =>
    added.reduce((all, [at, text]) => all.toSpliced(at % (all.length + 1), 0, text), [...base]);
  const added = (mark: string) =>
    fc.array(
      fc.tuple(
        fc.nat(700),
        fc.nat(99).map((n) => `${mark}${n}`),
      ),
      { maxLength: 4 },
    );
  await fc.assert(
    fc.asyncProperty(lines, added("o"), added("t"), fc.boolean(), async (base, ours, theirs, isEnded) => {
      const text = (all: readonly string[]): string => all.join("\n") + (isEnded && all.length > 0 ? "\n" : "");
      const [merged] = await onto(text(insertInto(base, ours)), text(base), text(insertInto(base, theirs)));
      for (const [, one] of [...ours, ...theirs]) expect(merged.split("\n")).toContain(one);
    }),
  );
});

test("where lines are unique, what is merged round node-diff3 is what node-diff3 merges, and its conflicts are ours", async () => {
  // A long base is merged by its runs.
  const base = fc.constantFrom(0, 1, 3, 8, 20, 600).map((length) => Array.from({ length }, (_, at) => `line ${at}`));
  const edit = fc.tuple(fc.nat(700), fc.nat(3), fc.nat(3));
  const edits = fc.array(edit, { maxLength: 3 });
  const edited = (lines: readonly string[], all: readonly [number, number, number][], mark: string): string[] =>
    all.reduce<string[]>(
      (now, [at, removed, added], n) =>
        now.toSpliced(at % (now.length + 1), removed, ...Array.from({ length: added }, (_, m) => `${mark} ${n} ${m}`)),
      [...lines],
    );
  let [merged, conflicts] = [0, 0];
  const bytes = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(""));
  await fc.assert(
    fc.asyncProperty(base, edits, edits, fc.boolean(), async (old, left, right, isSame) => {
      const ours = edited(old, left, "ours");
      const theirs = isSame ? edited(ours, right, "theirs") : edited(old, right, "theirs");
      const regions = diff3Merge(ours, old, theirs, { excludeFalseConflicts: true });
      const expected = regions.some(({ conflict }) => conflict !== undefined)
        ? undefined
        : bytes(regions.flatMap(({ ok }) => ok ?? [])).toString();
      expect((await mergeLines(bytes(ours), bytes(old), bytes(theirs)))?.toString()).toBe(expected);
      if (expected === undefined) conflicts++;
      else merged++;
    }),
    { numRuns: 400 },
  );
  expect(merged).toBeGreaterThan(50);
  expect(conflicts).toBeGreaterThan(50);
});
