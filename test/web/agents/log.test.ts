import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { findIn, nearest, patternOf } from "../../../src/web/agents/log/find.ts";
import { breaksOf, Layout } from "../../../src/web/agents/log/layout.ts";
import { LogBuffer } from "../../../src/web/agents/log/logBuffer.ts";
import { type LogLine, logLines } from "../../../src/web/agents/log/logLines.ts";
import { lookOf, piecesOf } from "../../../src/web/agents/log/pieces.ts";
import { withWords } from "../../../src/web/words/say.ts";

beforeAll(() => withWords(Promise.resolve()));

const at = "2026-11-30T10:00:00.000Z";
const text = (words: string) => ({ at, type: "text", text: words });
const lines = (...texts: readonly string[]): LogLine[] => texts.flatMap((one) => logLines(text(one)));
const textOf = (some: readonly LogLine[]): string[] => some.map((line) => line.text);

describe("what happened in a run as lines", () => {
  test.each([
    [{ type: "tool", phase: "begin", name: "sh", detail: "npm test" }, "tool", ["▸ sh npm test"]],
    [{ type: "tool", phase: "end", name: "sh", ok: true, detail: "one\ntwo" }, "done", ["✓ sh", "one", "two"]],
    [{ type: "tool", phase: "end", ok: false, detail: "no" }, "failed", ["✗ no"]],
    [{ type: "usage", tokens: 1200, cost: 0.425 }, "aside", ["used 1,200 tokens, $0.42"]],
    [{ type: "denied", what: "rm -rf" }, "failed", ["was not allowed: rm -rf"]],
    [{ type: "end", ok: false, why: "no model" }, "failed", ["its program failed: no model"]],
    [{ type: "ayo", text: "started" }, "ayo", ["ayo: started"]],
    [{ type: "raw", line: "???" }, "aside", ["???"]],
    [{ type: "of tomorrow" }, "aside", ["of tomorrow"]],
    [{ type: "text", text: { no: "text" } }, "said", [""]],
  ])("%o", (event, kind, shown) => {
    const made = logLines({ at, ...event });
    expect(textOf(made)).toEqual(shown);
    expect(made.map((line) => [line.kind, line.isFirst])).toEqual(shown.map((_, n) => [kind, n === 0]));
  });

  test("have letters and colours alone, whatever is printed", () => {
    const [line] = logLines(text("a\u001b[31mb\u0000\u202ec\u001b]0;t\u0007\td\u001b[0m<b>\ud800"));
    expect(line?.text).toBe("abc    d<b>");
    expect(line?.spans).toEqual([
      { text: "a", style: undefined },
      { text: "bc", style: { fg: 1 } },
      { text: "    d", style: { fg: 1 } },
      { text: "<b>", style: undefined },
    ]);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."\u001b[]m;01\u0007\\\n\r\t\u202e\u009bab"), maxLength: 40 }),
        (printed) => {
          for (const one of logLines(text(printed))) expect(one.text).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
        },
      ),
    );
  });

  test("are not endless, however many an event has", () => {
    const made = logLines(text("x\n".repeat(16_000)));
    expect(made).toHaveLength(1001);
    expect(made.at(-1)?.text).toBe("…");
  });
});

describe("what is held of a log", () => {
  const part = (from: number, count: number) => Array.from({ length: count }, (_, n) => text(`line ${from + n}`));

  test("is bounded: the oldest goes and is read again, and lines keep their numbers", () => {
    const buffer = new LogBuffer({ chars: 1_000_000, lines: 100 });
    for (let n = 0; n < 30; n++) buffer.append(part(n * 10, 10), n * 1000);
    expect(buffer.lines.length).toBeLessThanOrEqual(100);
    expect(buffer.lines.at(-1)?.text).toBe("line 299");
    expect(buffer.lines[0]?.text).toBe(`line ${buffer.first}`);
    expect(buffer).toMatchObject({ hasEarlier: true, from: buffer.first * 100 });
    const { first } = buffer;
    expect(buffer.hasRoom).toBe(false);
    const small = new LogBuffer({ chars: 1_000_000, lines: 100 });
    small.append(part(20, 10), 2000);
    small.prepend(part(10, 10), 1000, true);
    expect(textOf(small.lines).slice(9, 11)).toEqual(["line 19", "line 20"]);
    expect(small).toMatchObject({ first: -10, from: 1000, hasEarlier: true, hasRoom: true });
    expect(first).toBeGreaterThan(0);
  });

  test("is bounded by its letters, too, and the newest part stays however long it is", () => {
    const buffer = new LogBuffer({ chars: 1000, lines: 100 });
    for (let n = 0; n < 10; n++) buffer.append([text("x".repeat(300))], n);
    expect(buffer.lines.length).toBeLessThanOrEqual(3);
    buffer.append([text("y".repeat(5000))], 10);
    expect(textOf(buffer.lines)).toEqual(["y".repeat(5000)]);
  });
});

describe("rows", () => {
  const rowsOf = (line: string, columns: number): string[] => {
    const starts = breaksOf(line, columns);
    return starts.map((from, n) => line.slice(from, starts[n + 1]));
  };

  test.each([
    ["", 10, [""]],
    ["short", 10, ["short"]],
    ["one two three", 8, ["one two ", "three"]],
    ["abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["a 日本語日本語", 6, ["a ", "日本語", "日本語"]],
    ["👍👍👍", 4, ["👍👍", "👍"]],
    ["e\u0301e\u0301e\u0301", 3, ["e\u0301e\u0301e\u0301"]],
  ])("of %o at %i", (line, columns, rows) => {
    expect(rowsOf(line, columns)).toEqual(rows);
  });

  test("are as wide as there is room, and together the line", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."ab  cdé日") }),
        fc.integer({ min: 2, max: 12 }),
        (line, columns) => {
          const rows = rowsOf(line, columns);
          expect(rows.join("")).toBe(line);
          for (const row of rows)
            expect([...row].reduce((sum, one) => sum + (one === "日" ? 2 : 1), 0)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  test("are found by line and line by row, also of lines that come later", () => {
    const some = lines("one two three", "", "abcdefghijkl", "x");
    const layout = new Layout(some.slice(0, 2), 8);
    layout.add(some);
    expect([0, 1, 2, 3, 4].map((line) => layout.rowOf(line))).toEqual([0, 2, 3, 5, 6]);
    expect([0, 1, 2, 3, 4, 5].map((row) => layout.lineAt(row))).toEqual([0, 0, 1, 2, 2, 3]);
    expect(layout.rows).toBe(6);
    expect(new Layout(some, 8).rows).toBe(6);
  });
});

test("words are found whatever their capitals, as they are and not as a pattern", () => {
  const some = lines("An Error (1)", "none", "error (1) and ERROR (1)");
  const found = findIn(some, patternOf("error (1)") as RegExp, 100);
  expect(found).toEqual([
    { line: 100, at: 3 },
    { line: 102, at: 0 },
    { line: 102, at: 14 },
  ]);
  expect([nearest(found, 0), nearest(found, 101), nearest(found, 103), nearest([], 0)]).toEqual([0, 1, 2, -1]);
  expect(patternOf("")).toBeUndefined();
});

test("a row is cut where its colours and what is found begin and end", () => {
  const [line] = lines("ab\u001b[32mcdef\u001b[0mgh") as [LogLine];
  const marked = [{ from: 3, to: 7, isCurrent: true }];
  expect(piecesOf(line, 1, 8, marked)).toEqual([
    { text: "b", look: "" },
    { text: "c", look: "in-green" },
    { text: "def", look: "in-green", mark: "current" },
    { text: "g", look: "", mark: "current" },
    { text: "h", look: "" },
  ]);
  expect(piecesOf(line, 2, 4).map((piece) => piece.text)).toEqual(["cd"]);
});

test.each([
  [undefined, ""],
  [{ fg: 1, bold: true }, "bold in-red"],
  [{ fg: 15 }, ""],
  [{ fg: 8 }, "in-grey"],
  [{ fg: 0, bg: 1 }, "on-red"],
  [{ fg: 208 }, "in-amber"],
  [{ fg: "#3060ff" as const }, "in-blue"],
  [{ fg: 244 }, "in-grey"],
  [{ fg: 51, underline: true, dim: false }, "underline in-teal"],
  [{ inverse: true, fg: 2 }, "inverse in-green"],
])("the look of %o is %o", (style, look) => {
  expect(lookOf(style)).toBe(look);
});
