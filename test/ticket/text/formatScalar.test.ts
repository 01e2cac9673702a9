import fc from "fast-check";
import { CORE_SCHEMA, load, YAML11_SCHEMA } from "js-yaml";
import { describe, expect, test } from "vitest";
import { formatKey, formatList, formatQuoted, formatScalar, isLone } from "../../../src/ticket/text/formatScalar.ts";

const RUNS = Number(process.env.FUZZ ?? 2000);

describe("formatScalar", () => {
  test.each([
    ["open", "open"],
    ["ayo-x7k2", "ayo-x7k2"],
    ["in progress", "in progress"],
    ["http://a/b?c=d", "http://a/b?c=d"],
    ["Über, naïve", "Über, naïve"],
    ["it's", "it's"],
    ["@coder", "'@coder'"],
    ["no", "'no'"],
    ["Y", "'Y'"],
    ["null", "'null'"],
    ["", "''"],
    [" a", "' a'"],
    ["a: b", "'a: b'"],
    ["a #b", "'a #b'"],
    ["- a", "'- a'"],
    ["1e3", "'1e3'"],
    ["0123", "'0123'"],
    ["1_000", "'1_000'"],
    ["12:30", "'12:30'"],
    ["2026-12-31", "'2026-12-31'"],
    ["2026-11-21T03:38:00Z", "'2026-11-21T03:38:00Z'"],
    ["a\nb", '"a\\nb"'],
    ["a\u2028b\u0085", '"a\\u2028b\\u0085"'],
  ])("%j is written %s", (text, yaml) => {
    expect(formatScalar(text)).toBe(yaml);
  });

  test("times stay without quotes where the field is a time", () => {
    expect(formatScalar("2026-11-21T03:38:00Z", { time: true })).toBe("2026-11-21T03:38:00Z");
    expect(formatScalar("2026-12-31", { time: true })).toBe("2026-12-31");
    expect(formatScalar("1e3", { time: true })).toBe("'1e3'");
  });

  test("commas and colons are quoted in lists only", () => {
    expect(formatList(["a,b", "a:b", "[c]"])).toBe("['a,b', 'a:b', '[c]']");
    expect(formatScalar("a:b, c")).toBe("a:b, c");
  });

  test("readers of YAML 1.1 and 1.2 both take it for this text", () => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789_.:-+eExXoObBTZ "), maxLength: 8 });
    const text = fc.oneof(
      digits,
      fc.string({ unit: "grapheme", maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(..."ab ,:#'\"[]{}&*!|>%@`\\\t\n-?=<~."), maxLength: 8 }),
      fc.constantFrom(
        "yes",
        "NO",
        "On",
        "off",
        "TRUE",
        "n",
        ".inf",
        "-.INF",
        ".NaN",
        "~",
        "=",
        "<<",
        "0o17",
        "0b11",
        "0x1F",
        "---",
        "...",
      ),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(CORE_SCHEMA, YAML11_SCHEMA), (one, schema) => {
        const yaml = `a: ${formatScalar(one)}\nb: ${formatList([one, one])}\nc: ${formatQuoted(one, '"')}\nd: ${formatQuoted(one, "'")}\n`;
        expect(load(yaml, { schema })).toEqual({ a: one, b: [one, one], c: one, d: one });
        if (one !== "__proto__") expect(load(`${formatKey(one)}: x\n`, { schema })).toEqual({ [one]: "x" });
      }),
      { numRuns: RUNS },
    );
  });
});

test.each([
  [["a"], true],
  [["a,b"], false],
  [["null"], false],
  [[""], false],
  [["a", "b"], false],
  [[], false],
])("isLone(%j) is %s", (items, answer) => {
  expect(isLone(items)).toBe(answer);
});
