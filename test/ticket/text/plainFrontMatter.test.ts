import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonOf } from "../../../src/ticket/jsonValues.ts";
import { formatKey, formatList, formatScalar } from "../../../src/ticket/text/formatScalar.ts";
import { parseFrontMatter } from "../../../src/ticket/text/frontMatter.ts";
import { readPlainFrontMatter } from "../../../src/ticket/text/plainFrontMatter.ts";
import { soup, word, yaml } from "../../helpers/yamlSoup.ts";

const SOURCE = { path: "x.md", firstLine: 2 };
/** Lone surrogates cannot be in a file. */
const isWellFormed = (one: string) => !/\p{Cs}/u.test(one);

describe("readPlainFrontMatter", () => {
  test("reads what tickets usually hold", () => {
    const text =
      "id: ayo-x7k2\nstatus: open\ndeps: [ayo-9fq1, 'a b']\nlinks: []\nassignee: '@coder'\nlead: @me\ndue:\n";
    expect({ ...readPlainFrontMatter(text) }).toEqual({
      id: "ayo-x7k2",
      status: "open",
      deps: ["ayo-9fq1", "a b"],
      links: [],
      assignee: "@coder",
      lead: "@me",
      due: "",
    });
  });

  test.each([
    ["a comment", "a: b # c\n"],
    ["a comment line", "# c\na: b\n"],
    ["an anchor", "a: &x b\n"],
    ["an alias", "a: *x\n"],
    ["a tag", "a: !!js/function x\n"],
    ["a block list", "a:\n  - b\n"],
    ["a block scalar", "a: |\n  b\n"],
    ["a second line", "a: b\n  c\n"],
    ["a twin", "a: b\na: c\n"],
    ["__proto__", "__proto__: b\n"],
    ["an escape", 'a: "\\x41"\n'],
    ["an indented key", " a: b\n"],
    ["a mapping", "a: {b: c}\n"],
    ["a nested list", "a: [[b]]\n"],
    ["a conflict", "<<<<<<< HEAD\na: b\n"],
    ["no space", "a:b\n"],
  ])("leaves %s to the YAML parser", (_, text) => {
    expect(readPlainFrontMatter(text)).toBeUndefined();
  });

  test("agrees with gray-matter and js-yaml whenever it answers", () => {
    let answers = 0;
    fc.assert(
      fc.property(yaml, (text) => {
        const plain = readPlainFrontMatter(text);
        if (plain === undefined) return;
        answers++;
        const parsed = parseFrontMatter(text, SOURCE);
        expect(plain).toEqual(parsed);
        for (const key of Object.keys(plain)) expect(jsonOf(plain, key)).toEqual(jsonOf(parsed, key));
      }),
      { numRuns: Number(process.env.FUZZ ?? 3000) },
    );
    expect(answers).toBeGreaterThan(100);
  });

  test("what we format reads back the same, most of it without the YAML parser", () => {
    const text = fc.oneof(word, soup, fc.string({ unit: "binary", maxLength: 20 }), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (one, many) => {
        const lines = `${formatKey("a")}: ${formatScalar(one)}\nb: ${formatList(many)}\n`;
        const read = readPlainFrontMatter(lines) ?? parseFrontMatter(lines, SOURCE);
        expect({ ...read }).toEqual({
          a: isWellFormed(one) ? one : expect.anything(),
          b: many.map((item) => (isWellFormed(item) ? item : expect.anything())),
        });
      }),
      { numRuns: Number(process.env.FUZZ ?? 2000) },
    );
    expect(readPlainFrontMatter(`a: ${formatScalar("it's: odd # yes")}\n`)).toEqual({ a: "it's: odd # yes" });
  });
});
