import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { templateText, withoutComments, withoutTemplate } from "../../src/search/templateText.ts";

describe("what is searched of a text has no comments", () => {
  test.each([
    ["a <!-- b --> c", "a  c"],
    ["a <!-- b\n\n## Notes\n--> c", "a  c"],
    ["<!-- ```\nb\n``` -->c", "c"],
    ["a `<!-- b -->` c", "a `<!-- b -->` c"],
    ["```\n<!-- b -->\n```\n<!-- c -->d", "```\n<!-- b -->\n```\nd"],
    ["a <!-- b", "a <!-- b"],
    ["a <!--> b --> c", "a  b --> c"],
    ["<!-- a --><!-- b -->", ""],
    ["a --> b", "a --> b"],
  ])("%j is %j", (text, expected) => {
    expect(withoutComments(text)).toBe(expected);
  });

  test("and nothing else is lost of it, whatever it is", () => {
    const part = fc.constantFrom("<!--", "-->", "`", "```", "~~~", "\n", "word ", "-", "<!");
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join("");
        const left = withoutComments(text);
        const comments = text.length - left.length;
        expect(comments === 0 || /<!--(?:[\s\S]*-->|-?>)/.test(text)).toBe(true);
        expect(left.split("word").length <= text.split("word").length).toBe(true);
      }),
    );
  });

  test("a megabyte of openings takes no longer than a megabyte of words", () => {
    expect(withoutComments("<!-- ".repeat(200_000)).length).toBe(1_000_000);
    expect(withoutComments(`${"`a ".repeat(300_000)}<!-- b -->c`).endsWith("c")).toBe(true);
  });
});

describe("what is searched of a text has no line that a template brought", () => {
  const template = templateText([
    "# {{title}}\n\n## What happens\n\n<!-- The exact\nmessage -->\n\n- [ ] A test  fails\n",
    "Part of {{title}}.\n",
  ]);

  test.each([
    ["## What happens\n\nIt hangs.", "\nIt hangs."],
    ["- [x] A test fails\r\n- [ ] Another", "- [ ] Another"],
    ["  ## What  happens", ""],
    ["What happens here", "What happens here"],
    ["Part of Login.\nPart of Logout.", "Part of Logout."],
    ["## Design\nD\n## Acceptance Criteria\nA", "D\nA"],
    ["a\n\n\nb", "a\n\n\nb"],
  ])("%j is %j", (text, expected) => {
    expect(withoutTemplate(text, "Login", template)).toBe(expected);
  });

  test("another template is another fingerprint", () => {
    expect(templateText(["a", "b"]).fingerprint).not.toBe(templateText(["a", "c"]).fingerprint);
  });
});
