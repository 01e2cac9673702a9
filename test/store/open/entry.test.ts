import { expect, test } from "vitest";
import {
  copyOfIndex,
  emptyIndex,
  isRacy,
  keeperOf,
  markStale,
  type Stamp,
  setEntry,
} from "../../../src/store/open/entry.ts";

const NOW = 1_800_000_000_000;
const stamp = (changed: number, touched = changed): Stamp => [changed, touched, 100, 7];

test("a stamp is doubted for as long as another change could get the same one", () => {
  expect(isRacy(stamp(NOW - 10.5), NOW)).toBe(true);
  expect(isRacy(stamp(NOW - 500.5), NOW)).toBe(false);
  expect(isRacy(stamp(NOW - 500.5, NOW - 10.5), NOW)).toBe(true);
  // An editor may set the one back; nobody can set the other.
  expect(isRacy(stamp(NOW - 5_000, NOW - 10.5), NOW)).toBe(true);
});

test("where stamps are whole seconds they are doubted for two seconds, which is what the coarsest file systems have", () => {
  expect(isRacy(stamp(NOW - 1_000), NOW)).toBe(true);
  expect(isRacy(stamp(NOW - 2_000), NOW)).toBe(true);
  expect(isRacy(stamp(NOW - 9_000, NOW - 2_000), NOW)).toBe(true);
  expect(isRacy(stamp(NOW - 3_000), NOW)).toBe(false);
  // Only one of the two is whole: the file system knows parts of seconds, and somebody set a time.
  expect(isRacy(stamp(NOW - 1_000, NOW - 999.5), NOW)).toBe(false);
});

test("of a refresh a few bytes are kept: 64 files, 8 MiB in all", () => {
  const many = emptyIndex();
  const keep = keeperOf(many);
  for (let n = 0; n < 100; n++) keep(`${n}.md`, Buffer.from("text"));
  expect([...many.kept.keys()]).toEqual(Array.from({ length: 64 }, (_, n) => `${n}.md`));
  const large = emptyIndex();
  const keepLarge = keeperOf(large);
  for (const [name, mib] of Object.entries({ a: 5, b: 4, c: 3 })) keepLarge(name, Buffer.alloc(mib * 1024 * 1024));
  expect([...large.kept.keys()]).toEqual(["a", "c"]);
});

test("a copy of an index does not change it, and what is distrusted there is read again", () => {
  const index = emptyIndex();
  const entry = { stamp: stamp(1), racy: false, oid: "a".repeat(40) };
  setEntry(index, "a.md", entry);
  const copy = copyOfIndex(index);
  markStale(copy, "a.md");
  setEntry(copy, "b.md", entry);
  copy.unread.set("hooks", { path: "hooks", line: 0, code: "unreadable", message: "" });
  expect(copy.entries.get("a.md")).toMatchObject({ racy: true, oid: entry.oid });
  expect([[...index.entries], index.unread.size, [...index.uncommitted]]).toEqual([
    [["a.md", entry]],
    0,
    [["a.md", null]],
  ]);
});
