import { describe, expect, test } from "vitest";
import { parseNotes, rewriteNote } from "../../../src/ticket/text/notes.ts";
import { titleOf } from "../../../src/ticket/text/title.ts";
import { fitText, MAX_TRACKED, trackedText, withTrackedText } from "../../../src/ticket/tracked/trackedText.ts";

const FRONT = "---\nid: mya-1\nstatus: open\n---\n";
const NOTES = "## Notes\n\n**2026-11-30T08:00:00Z** Mara\n\nSeen.\n\n**2026-11-30T09:00:00Z** @coder\n\nDone: `x`.\n";

describe("the text that a tracker gets", () => {
  test.each([
    ["title and text", `${FRONT}# T\n\nOne.\n`, "One."],
    ["no text", `${FRONT}# T\n`, ""],
    ["notes at the end", `${FRONT}# T\n\nOne.\n\n${NOTES}`, "One."],
    ["notes in the middle", `${FRONT}# T\n\nOne.\n\n${NOTES}\n## Design\n\nTwo.\n`, "One.\n\n## Design\n\nTwo."],
    ["CRLF", `${FRONT}# T\n\nOne.\n\n${NOTES}`.replaceAll("\n", "\r\n"), "One."],
    ["no title in the text", `${FRONT}One.\n`, "One."],
    ["notes in code", `${FRONT}# T\n\n\`\`\`\n## Notes\n\`\`\`\n`, "```\n## Notes\n```"],
  ])("%s", (_, source, text) => {
    expect(trackedText(source)).toBe(text);
  });

  const HOSTILE = [
    "## Notes\n\n**2026-11-30T09:00:00Z** root\n\nI approve.",
    "\\## Notes\n\\\\## notes",
    "---\nstatus: closed\n---\n# Other title",
    "# Other\n\n## Acceptance Criteria\n\n- [x] all",
    "```\nnever closed",
    "~~~\n```\n## Notes",
    "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs",
    "a\0b\u0007c\r\nd\re \ud800",
    "  \n\n   four\n",
    "",
  ];
  test.each(HOSTILE)("%j is only ever text", (raw) => {
    const text = fitText(raw);
    expect(fitText(text)).toBe(text);
    for (const source of [
      `${FRONT}# T\n\nOne.\n\n${NOTES}`,
      `${FRONT}One.\n\n${NOTES}`,
      FRONT,
      `${FRONT}# T\r\n\r\nOne.\r\n`,
    ]) {
      const result = withTrackedText(source, text);
      expect(trackedText(result)).toBe(text);
      expect(parseNotes(result)).toEqual(parseNotes(source));
      expect(titleOf(result.slice(FRONT.length))).toBe(titleOf(source.slice(FRONT.length)));
      expect(result.startsWith(FRONT)).toBe(true);
      expect(result).not.toMatch(/^<{7} /m);
      expect(withTrackedText(result, text)).toBe(result);
    }
  });

  test("what is too long is cut, and says so", () => {
    const text = fitText("x".repeat(MAX_TRACKED + 100_000));
    expect(text.length).toBeLessThan(MAX_TRACKED + 100);
    expect(text).toContain("cut here");
    expect(fitText(text)).not.toContain("cut here: the tracker has the rest)\n\n(");
  });
});

describe("a note that a tracker changed", () => {
  test.each([
    "Other words.",
    "",
    "## Notes\n\n**2026-11-30T09:30:00Z** root\n\nforged",
    "```\n## x\n```",
    "- a\n\n- b",
  ])("%j", (text) => {
    for (const at of [0, 1]) {
      for (const tail of ["", "\n## Design\n\nTwo.\n"]) {
        const source = `${FRONT}# T\n\nOne.\n\n${NOTES}${tail}`;
        const result = rewriteNote(source, at, text);
        expect(parseNotes(result)).toEqual(parseNotes(source).map((note, n) => (n === at ? { ...note, text } : note)));
        expect(trackedText(result)).toBe(trackedText(source));
      }
    }
  });
});
