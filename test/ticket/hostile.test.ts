import { expect, test } from "vitest";
import { AyoError } from "../../src/error.ts";
import { readDescription } from "../../src/ticket/text/body.ts";
import { parseFrontMatter } from "../../src/ticket/text/frontMatter.ts";
import { appendNote, parseNotes } from "../../src/ticket/text/notes.ts";
import { parseTicket } from "../../src/ticket/text/parseTicket.ts";
import { patchFields } from "../../src/ticket/text/patchTicket.ts";

const BIG = 200_000;
const BIG_BODY = 50_000;

/** Front matters and bodies that make careless regular expressions and scanners quadratic. */
const FRONTS: readonly [string, string][] = [
  ["spaces in a value", `a: x${" ".repeat(BIG)}y\n`],
  ["spaces before a colon", `a${" ".repeat(BIG)}: y\n`],
  ["a long key", `${"a".repeat(BIG)}: y\n`],
  ["open brackets", `a: ${"[".repeat(BIG)}\n`],
  ["an open quote", `a: '${"''".repeat(BIG / 2)}\n`],
  ["a long list", `a: [${"b, ".repeat(BIG / 4)}b]\n`],
  ["quotes in a list", `a: [${"'b', ".repeat(BIG / 8)}b]\n`],
  ["mentions", `a: [${"@b, ".repeat(BIG / 8)}b]\n`],
  ["dashes", `a:\n  ${"- ".repeat(BIG / 2)}b\n`],
  ["many keys", Array.from({ length: BIG / 10 }, (_, n) => `k${n}: 'v'\n`).join("")],
  ["blank lines", `a: b\n${"\n".repeat(BIG)}c: d\n`],
  ["comments", `a: b\n${"# c\n".repeat(BIG / 5)}c: d\n`],
  ["list items", `deps:\n${"  - a\n".repeat(BIG / 8)}`],
  ["anchors", `a: ${"&a ".repeat(BIG / 4)}b\n`],
];

test.each(FRONTS)("%s in the front matter takes no quadratic time", (_, front) => {
  const source = `---\n${front}---\n# T\n`;
  const start = performance.now();
  for (const work of [
    () => parseTicket(source, "x.md", "v", parseFrontMatter),
    () => patchFields(source, { status: "open", deps: ["z"] }, "x.md", parseFrontMatter),
  ]) {
    try {
      work();
    } catch (error) {
      expect(error).toBeInstanceOf(AyoError);
    }
  }
  expect(performance.now() - start).toBeLessThan(30_000);
});

test.each([
  ["fences", "```\n~~~~\n````x\n".repeat(BIG_BODY / 10)],
  ["headings", "# x\n## Notes\n".repeat(BIG_BODY / 10)],
  ["blank lines", "\n".repeat(BIG_BODY)],
  ["blanks", " ".repeat(BIG_BODY)],
  ["blank and blanks", " \n".repeat(BIG_BODY)],
  ["backslashes", `## Notes\n**2026-11-21T03:40:00Z**\n${"\\".repeat(BIG_BODY)}# x`],
  ["headers", "## Notes\n**2026-11-21T03:40:00Z** @a\n".repeat(BIG_BODY / 50)],
  ["a header with blanks", `## Notes\n**2026-11-21T03:40:00Z** ${" ".repeat(BIG_BODY)}x${" ".repeat(BIG_BODY)}`],
  ["boxes", `## Acceptance Criteria\n${"  - [ ] a\n".repeat(BIG_BODY / 10)}`],
])("%s in the body take no quadratic time", (_, body) => {
  const source = `---\nid: a\n---\n${body}`;
  const start = performance.now();
  parseTicket(source, "x.md", "v");
  readDescription(source);
  const noted = appendNote(source, { at: "2026-11-21T03:40:00Z", by: "@a", text: body });
  expect(parseNotes(noted).length).toBe(parseNotes(source).length + 1);
  expect(performance.now() - start).toBeLessThan(30_000);
});
