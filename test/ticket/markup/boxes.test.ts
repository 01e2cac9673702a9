import { describe, expect, test } from "vitest";
import { boxesIn, sameLine, tickLine } from "../../../src/ticket/markup/boxes.ts";
import { lineOfNote } from "../../../src/web/ticket/text/noteLine.ts";

const TEXT = `Before

- [ ] one
  - [x] inner
1. [X] number
> * [ ] quoted

\`\`\`md
- [ ] code
\`\`\`
- [ ]
- [] none
-[ ] none
- [y] none
- words [ ] none
- [ ] last\r
`;

describe("boxes of a text", () => {
  test("are found by their lines, but not in code", () => {
    expect(boxesIn(TEXT)).toEqual([
      { line: 2, isDone: false },
      { line: 3, isDone: true },
      { line: 4, isDone: true },
      { line: 5, isDone: false },
      { line: 15, isDone: false },
    ]);
    expect(boxesIn("```\n- [ ] never closed\n")).toEqual([]);
    expect(boxesIn("~~~\n```\n- [ ] code\n~~~\n- [ ] box")).toEqual([{ line: 4, isDone: false }]);
  });

  test("are ticked in their own line, and no other byte changes", () => {
    for (const { line, isDone } of boxesIn(TEXT)) {
      const ticked = tickLine(TEXT, line, !isDone) ?? "";
      const changed = ticked.split("\n").flatMap((words, n) => (words === TEXT.split("\n")[n] ? [] : n));
      expect(changed).toEqual([line]);
      expect(tickLine(ticked, line, isDone)?.toLowerCase()).toBe(TEXT.toLowerCase());
    }
    expect(tickLine(TEXT, 15, true)).toContain("- [x] last\r\n");
    expect([tickLine(TEXT, 0, true), tickLine(TEXT, 99, true)]).toEqual([undefined, undefined]);
  });
});

test("a line is found again where others changed the text around it, and not where there are two of it", () => {
  const text = "- [ ] a\n- [ ] b";
  expect([
    sameLine(text, 1, text),
    sameLine(text, 1, "new\n- [ ] x\n- [ ] b"),
    sameLine(text, 1, "- [ ] a\n- [x] b"),
    sameLine(text, 1, "- [ ] b\nx\n- [ ] b"),
    sameLine(text, 1, ""),
  ]).toEqual([1, 2, undefined, undefined, undefined]);
});

describe("a line of a note", () => {
  const note = (at: string, by: string | null, text: string) => ({ id: `${at}${by}${text}`, at, by, text });
  const at = "2026-11-21T03:40:00Z";
  const notes = [
    note(at, "@coder", "- [ ] a\n- [ ] b"),
    note(at, "@coder", "- [ ] a\n- [ ] b"),
    note(at, null, "# head\n- [ ] c"),
  ];
  const head = `**${at}** @coder`;
  const body = `# Title\n\n${head} is no header\n\n## Notes\n\n${head}\n\n- [ ] a\n- [ ] b\n\n${head}\n- [ ] a\n- [ ] b\n\n**${at}**\n\n\\# head\n- [ ] c\n`;
  const lineAt = (n: number, line: number): string | undefined => {
    const found = lineOfNote(body, notes, n, line);
    return found === undefined ? undefined : `${found} ${body.split("\n")[found]}`;
  };

  test("is found in the body, of notes that are the same in each its own", () => {
    expect([lineAt(0, 0), lineAt(0, 1), lineAt(1, 0), lineAt(2, 1)]).toEqual([
      "8 - [ ] a",
      "9 - [ ] b",
      "12 - [ ] a",
      "18 - [ ] c",
    ]);
    expect(lineOfNote(body.replaceAll("\n", "\r\n"), notes, 1, 0)).toBe(12);
  });

  test("is not found where the note reads otherwise now", () => {
    expect(lineOfNote(body.replace("[ ] c", "[x] c"), notes, 2, 1)).toBeUndefined();
    expect(lineOfNote(body, notes, 3, 0)).toBeUndefined();
  });
});
