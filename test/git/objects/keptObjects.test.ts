import { deflateSync, inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { KeptObjects } from "../../../src/git/objects/keptObjects.ts";

const blob = (length: number): { readonly bytes: Buffer } => ({ bytes: Buffer.alloc(length, "x") });

test("the last ones are kept, and those that were asked for, as many as may take so much memory", () => {
  const kept = new KeptObjects<number, { readonly bytes: Buffer }>(10_000);
  for (let n = 0; n < 5; n++) kept.set(n, blob(2_000));
  expect(kept.get(0)).toBeUndefined();
  expect(kept.get(1)?.bytes).toHaveLength(2_000);
  kept.set(5, blob(2_000));
  expect([1, 2, 5].map((key) => kept.get(key)?.bytes.length)).toEqual([2_000, undefined, 2_000]);
  for (let again = 0; again < 9; again++) kept.set(5, blob(2_000));
  expect(kept.get(1)?.bytes).toHaveLength(2_000);
  kept.set(6, blob(10_001));
  expect([1, 5, 6].map((key) => kept.get(key))).toEqual([undefined, undefined, undefined]);
});

test("a few bytes hold no more memory than they are, as those from zlib would", () => {
  const bytes = inflateSync(deflateSync("note"));
  expect(bytes.buffer.byteLength).toBeGreaterThan(10_000);
  const kept = new KeptObjects<string, { readonly bytes: Buffer }>(1_000_000);
  kept.set("a", { bytes });
  expect(kept.get("a")?.bytes.toString()).toBe("note");
  expect(kept.get("a")?.bytes.buffer.byteLength).toBeLessThan(100);
});
