import fc from "fast-check";
import { expect, test } from "vitest";
import { clusterWidth, cut, isSimple, widthOf } from "../../../src/textWidth.ts";

test.each([
  ["abc", 3],
  ["日本", 4],
  ["e\u0301", 1],
  ["👍🏽", 2],
  ["👨‍👩‍👧", 2],
  ["🇩🇪", 2],
  ["❤️", 2],
  ["\u200b\u0301", 0],
  ["한국", 4],
  ["ｱ", 1],
  ["Ａ", 2],
])("the width of %s is %i", (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test("letters that are taken to be simple are told the same by the rules for all", () => {
  const all = Array.from({ length: 0x2800 }, (_, code) => String.fromCharCode(code)).filter(isSimple);
  expect(all.length).toBeGreaterThan(1000);
  expect(all.filter((char) => clusterWidth(`${char}\u200b`) !== 1)).toEqual([]);
  // Of each two none joins with the other.
  expect([...new Intl.Segmenter("en").segment(all.join(""))]).toHaveLength(all.length);
});

test("a text that is cut never takes more cells, and says that it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(12), (text, width) => {
      const shown = cut(text, width);
      expect(widthOf(shown)).toBeLessThanOrEqual(width);
      if (widthOf(text) > width && width > 0) expect(shown.endsWith("…")).toBe(true);
      else if (width > 0) expect(shown).toBe(text);
    }),
  );
});
