import fc from "fast-check";
import { expect, test } from "vitest";
import { applyDelta } from "../../../src/git/objects/packFormat.ts";
import { makeDelta } from "../../../src/git/packing/delta.ts";
import { spliceTree, type TreeItem } from "../../../src/git/trees/tree.ts";

const oid = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("hex"));
const names = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 });
const tree = fc.tuple(names, fc.array(oid, { minLength: 5, maxLength: 5 })).map(([ids, oids]) => {
  const items = new Map<string, TreeItem>();
  for (const id of ids) items.set(`t-${id}.md`, { mode: "100644", oid: oids[id % 5] as string });
  return spliceTree(undefined, items);
});
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }).map((one) => Buffer.from(one)),
  fc.integer({ min: 0, max: 300_000 }).map((length) => Buffer.alloc(length, "many the same ")),
);

test.each([
  ["trees", tree, true],
  ["texts", bytes, false],
] as const)("a difference between two %s leads from one to the other", (_, made, areTrees) => {
  fc.assert(
    fc.property(made, made, bytes, (base, other, middle) => {
      const at = Math.floor(base.length / 2);
      const edited = areTrees ? other : Buffer.concat([base.subarray(0, at), middle, base.subarray(at)]);
      for (const [from, to] of [
        [base, other],
        [other, base],
        [base, edited],
        [edited, base],
        [base, base],
      ] as const) {
        const delta = makeDelta(from, to, areTrees);
        if (delta !== undefined) expect(applyDelta({ type: "x", bytes: from }, delta).bytes.equals(to)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

test("of ten thousand lines those that changed are written, wherever they lie", () => {
  const items = new Map<string, TreeItem>();
  for (let n = 0; n < 10_000; n++) items.set(`t-${n}.md`, { mode: "100644", oid: n.toString(16).padStart(40, "0") });
  const base = spliceTree(undefined, items);
  for (const n of [0, 5_000, 9_999]) items.set(`t-${n}.md`, { mode: "100644", oid: "f".repeat(40) });
  items.delete("t-77.md");
  items.set("u.md", { mode: "100644", oid: "a".repeat(40) });
  const target = spliceTree(undefined, items);
  const delta = makeDelta(base, target, true) as Buffer;
  expect(delta.length).toBeLessThan(400);
  expect(applyDelta({ type: "tree", bytes: base }, delta).bytes.equals(target)).toBe(true);
});
