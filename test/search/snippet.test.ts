import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { snippetOf } from "../../src/search/snippet.ts";
import { stem } from "../../src/search/words/tokens.ts";

const snippet = (text: string, ...words: string[]) => snippetOf(text, new Set(words.map(stem)));
const LONG = "Everything here is about something else and says so at some length, as people do. ".repeat(3);

describe("a snippet", () => {
  test.each([
    [
      "the sentence that matched, from its beginning",
      `${LONG}Users lose their session after lunch. Then more.`,
      ["session"],
      "…Users lose their session after lunch. Then more.",
    ],
    [
      "the sentence with most of the words",
      `The session. ${LONG}The session of a user expires. ${LONG}`,
      ["session", "expires"],
      "…The session of a user expires. Everything",
    ],
    [
      "an item of a list",
      `${LONG}\n\n- One thing\n- Rotate the key\n- Another thing`,
      ["rotate"],
      "…Rotate the key Another thing",
    ],
    ["what stands below a heading", `## Why\n\n${LONG}\n\n## How\nBy a cron job`, ["cron"], "…By a cron job"],
    ["a heading", `${LONG}\n## Rotate keys\nText below`, ["rotate"], "…Rotate keys Text below"],
    [
      "a row of a table, as its cells",
      `${LONG}\n\n| what | how |\n|:--|---|\n| Rotate | by a cron job |\n| Keep | by hand |`,
      ["rotate"],
      "…Rotate · by a cron job Keep · by hand",
    ],
    ["the beginning where no word matched", "First. Second.", ["third"], "First. Second."],
    [
      "whole where a full stop ends no sentence",
      `${LONG}Use e.g. The Cookie, see 1. It works`,
      ["cookie"],
      "…Use e.g. The Cookie, see 1. It works",
    ],
  ])("is %s", (_, text, words, expected) => {
    expect(snippet(text, ...words).text.startsWith(expected)).toBe(true);
  });

  test("of a sentence without end is a piece around the words", () => {
    const { text, marks } = snippet(`${"word ".repeat(200)}needle ${"word ".repeat(200)}`, "needle");
    const [[start, end] = [0, 0]] = marks;
    expect([text.slice(start, end), text.length < 170, text.startsWith("…"), text.endsWith("…")]).toEqual([
      "needle",
      true,
      true,
      true,
    ]);
  });

  test("marks words that were looked for, whatever the text is", () => {
    const part = fc.constantFrom(
      "needle",
      "hay",
      ". ",
      "\n",
      "\n\n",
      "# ",
      "- ",
      "Needle. ",
      "x".repeat(50),
      " ",
      "…",
      "**2026-01-06T10:00:00Z** @x\n",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const { text, marks } = snippet(parts.join(" "), "needle");
        for (const [start, end] of marks) expect(text.slice(start, end).toLowerCase()).toBe("needle");
        expect(marks.length > 0).toBe(/needle/i.test(parts.join(" ")));
        expect(text).not.toContain("\n");
        expect(text.length).toBeLessThanOrEqual(220);
      }),
    );
  });
});
