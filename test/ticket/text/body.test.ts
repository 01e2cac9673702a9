import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDescription, readSection, setDescription, setTitle } from "../../../src/ticket/text/body.ts";
import { appendNote, parseNotes } from "../../../src/ticket/text/notes.ts";
import { titleOf } from "../../../src/ticket/text/title.ts";

const FRONT = "---\nid: a\n---\n";
const FULL = `${FRONT}# T\n\nText\n\n### Sub\n\nmore\n\n## Design\n\nplan\n\n## Acceptance Criteria\n\n- [ ] a\n\n## Notes\n`;

describe("setTitle", () => {
  test.each([
    ["the heading's line", `${FRONT}\n# Old #1\r\ntext`, `${FRONT}\n# New\r\ntext`],
    ["not one in code", `${FRONT}\`\`\`\n# code\n\`\`\`\n# Old`, `${FRONT}\`\`\`\n# code\n\`\`\`\n# New`],
    ["the title key", "---\ntitle: 'Old'\n---\ntext\n", "---\ntitle: 'New'\n---\ntext\n"],
    ["above the text", `${FRONT}text\n`, `${FRONT}# New\n\ntext\n`],
    ["above a blank line", `${FRONT}\ntext\n`, `${FRONT}# New\n\ntext\n`],
    ["in an empty body", "---\r\nid: a\r\n---", "---\r\nid: a\r\n---\r\n# New\r\n"],
  ])("changes %s", (_, before, after) => {
    expect(setTitle(before, "New", "x.md")).toBe(after);
  });

  test("stays one line", () => {
    expect(setTitle(`${FRONT}# Old\n`, " a \n b ", "x.md")).toBe(`${FRONT}# a b\n`);
  });
});

describe("description and sections", () => {
  test("the description ends at the first known section", () => {
    expect(readDescription(FULL)).toBe("Text\n\n### Sub\n\nmore");
    expect(readDescription(`${FRONT}no title\n\n## Steps\n\n1\n`)).toBe("no title\n\n## Steps\n\n1");
    expect(readSection(FULL, "design")).toBe("plan");
    expect(readSection(FULL, "Notes")).toBe("");
    expect(readSection(FULL, "Other")).toBeUndefined();
  });

  test("setDescription replaces it and nothing else", () => {
    expect(setDescription(FULL, "\nNew\n\n")).toBe(FULL.replace("Text\n\n### Sub\n\nmore", "New"));
    expect(setDescription(FULL, "")).toBe(FULL.replace("Text\n\n### Sub\n\nmore\n\n", ""));
    expect(setDescription(`${FRONT}# T`, "New")).toBe(`${FRONT}# T\n\nNew\n`);
    expect(setDescription(`${FRONT}`, "New")).toBe(`${FRONT}New\n`);
    expect(setDescription("---\r\nid: a\r\n---\r\n# T\r\n", "a\nb")).toBe(
      "---\r\nid: a\r\n---\r\n# T\r\n\r\na\r\nb\r\n",
    );
  });

  test("a fence left open in it is closed where it would swallow the notes", () => {
    const noted = appendNote(FULL, { at: "2026-11-21T03:40:00Z", by: null, text: "```\n# x\n```" });
    const result = setDescription(noted, "```sh\nopen");
    expect(readDescription(result)).toBe("```sh\nopen\n```");
    expect(parseNotes(result)).toEqual(parseNotes(noted));
    expect(readDescription(setDescription(FULL, "```sh\nopen"))).toBe("```sh\nopen");
  });

  test("over generated texts the sections below stay, and the text reads back", () => {
    const row = fc.constantFrom("", "a", "  b", "```", "~~~", "````", "```js", "### H3", "## Steps", "- [ ] x", "---");
    const texts = fc.array(row, { maxLength: 7 }).map((rows) => rows.join("\n"));
    fc.assert(
      fc.property(texts, texts, texts, (first, second, note) => {
        const start = setDescription(FULL, first);
        const source = appendNote(start, { at: "2026-11-21T03:40:00Z", by: null, text: note });
        const result = setDescription(source, second);
        expect(parseNotes(result)).toEqual(parseNotes(source));
        expect(readSection(result, "Design")).toBe("plan");
        expect(readDescription(result).startsWith(second.trim())).toBe(true);
        expect(titleOf(result.slice(FRONT.length))).toBe("T");
        expect(setDescription(result, second)).toBe(result);
      }),
    );
  });
});
