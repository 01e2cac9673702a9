import xterm from "@xterm/headless";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Style } from "../../../src/ticket/printed/printedLines.ts";
import { type Cells, cellsOf, clear, put } from "../../../src/tui/screen/cells.ts";
import { frameOf } from "../../../src/tui/screen/frame.ts";
import { stylesOf } from "../../../src/tui/screen/style.ts";

const [COLS, ROWS] = [24, 6];
const PIECES = [
  ..."abc xyz-0123456789",
  "  ",
  "        ",
  "─│█",
  "日本",
  "漢",
  "한국",
  "e\u0301",
  "a\u0308\u0323",
  "👍",
  "👍🏽",
  "👨‍👩‍👧",
  "🇩🇪",
  "❤️",
  "⚠",
  "\u200b",
  "\u0301",
  "ﷺ",
  "ไทย",
  "\u001b[31m",
  "\u0007",
  "\u009b2J",
  "\u202eabc",
];
const STYLES: readonly (Style | undefined)[] = [
  undefined,
  undefined,
  { bold: true },
  { fg: 2 },
  { fg: "#ff8800", bg: 17 },
  { inverse: true, underline: true },
  { dim: true, italic: true, strike: true },
];

const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((parts) => parts.join(""));
const puts = fc.array(fc.tuple(fc.integer({ min: -3, max: COLS }), fc.nat(ROWS), text, fc.nat(STYLES.length - 1)), {
  maxLength: 8,
});

/** A screen as an emulator shows it: each cell's text, width and look. */
function seen(term: InstanceType<typeof xterm.Terminal>): string[] {
  return Array.from({ length: ROWS }, (_, y) =>
    Array.from({ length: COLS }, (__, x) => {
      const cell = term.buffer.active.getLine(y)?.getCell(x);
      if (cell === undefined) return "?";
      const flags = [
        cell.isBold(),
        cell.isDim(),
        cell.isItalic(),
        cell.isInverse(),
        cell.isUnderline(),
        cell.isStrikethrough(),
      ];
      const look = [
        ...flags.map((flag) => (flag === 0 ? "" : "+")),
        cell.getFgColorMode(),
        cell.getFgColor(),
        cell.getBgColor(),
      ];
      return `${cell.getChars().trim()}${look.join(",")}`;
    }).join("|"),
  );
}

function emulator(): InstanceType<typeof xterm.Terminal> {
  const term = new xterm.Terminal({ cols: COLS, rows: ROWS, allowProposedApi: true, scrollback: 0 });
  term.write("\u001b[?7l");
  return term;
}

const write = (term: InstanceType<typeof xterm.Terminal>, frame: string): Promise<void> =>
  new Promise((resolve) => term.write(frame, resolve));

/** Terminals that give every character one cell, and those that know wide ones. */
const TERMINALS = ["6", "wide"] as const;

function withWidths(term: InstanceType<typeof xterm.Terminal>, widths: (typeof TERMINALS)[number]): void {
  if (widths === "6") return;
  const wcwidth = (code: number): 0 | 1 | 2 =>
    code === 0x200d || (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x300 && code < 0x370) || code === 0x200b
      ? 0
      : code >= 0x1f000 || (code >= 0x3000 && code < 0xa4d0) || (code >= 0xac00 && code < 0xd7a4)
        ? 2
        : 1;
  term.unicode.register({
    version: "wide",
    wcwidth,
    charProperties: (code, before) => {
      const width = wcwidth(code);
      const joins = width === 0 && before !== 0;
      return (joins ? 1 : 0) | (width << 1) | 0;
    },
  });
  term.unicode.activeVersion = "wide";
}

describe.each(TERMINALS)("frames on a terminal of widths %s", (widths) => {
  test("what is drawn by differences shows what is drawn at once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(puts, { minLength: 1, maxLength: 6 }), async (screens) => {
        const styles = stylesOf(16777216);
        const byDifference = emulator();
        withWidths(byDifference, widths);
        let before: Cells | undefined;
        for (const screen of screens) {
          const cells = cellsOf(COLS, ROWS);
          for (const [x, y, line, style] of screen) put(cells, x, y, line, styles.idOf(STYLES[style]));
          await write(byDifference, frameOf(before, cells, styles));
          const atOnce = emulator();
          withWidths(atOnce, widths);
          await write(atOnce, frameOf(undefined, cells, styles));
          expect(seen(byDifference)).toEqual(seen(atOnce));
          expect(frameOf(cells, cells, styles)).toBe("");
          atOnce.dispose();
          before = cells;
        }
        byDifference.dispose();
      }),
      { numRuns: process.env.AYO_LONG === "1" ? 1000 : 60 },
    );
  });
});

test("a frame has nothing that steers a terminal but moves and styles", () => {
  fc.assert(
    fc.property(puts, fc.string({ unit: "binary", maxLength: 30 }), (screen, any) => {
      const styles = stylesOf(256);
      const cells = cellsOf(COLS, ROWS);
      for (const [x, y, line, style] of screen) put(cells, x, y, line, styles.idOf(STYLES[style]));
      put(cells, 0, 0, any, 0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what terminals obey
      const rest = frameOf(undefined, cells, styles).replaceAll(/\u001b\[(?:\d+;\d+H|[\d;]*m|2J|2K)/g, "");
      expect(rest).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/u);
    }),
  );
});

test("the cells of a screen that is cleared are blank again", () => {
  const cells = cellsOf(4, 1);
  put(cells, 0, 0, "日本", 3);
  clear(cells);
  expect(cells).toEqual(cellsOf(4, 1));
});

test("a wide character of which half is written over goes", () => {
  const cells = cellsOf(6, 1);
  put(cells, 0, 0, "日本", 0);
  put(cells, 1, 0, "x", 0);
  expect(cells.texts).toEqual([" ", "x", "本", "", " ", " "]);
  put(cells, 2, 0, "y", 0);
  expect(cells.texts).toEqual([" ", "x", "y", " ", " ", " "]);
  expect(put(cells, 5, 0, "日", 0)).toBe(0);
  put(cells, -1, 0, "日z", 0);
  expect(cells.texts.slice(0, 2)).toEqual([" ", "z"]);
});
