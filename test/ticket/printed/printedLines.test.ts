import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linesOf } from "../../../src/ticket/printed/printedLines.ts";

describe("what programs print", () => {
  test("colours and styles become those of pieces, until they end", () => {
    expect(linesOf("a\u001b[1;31mb\u001b[22mc\nd\u001b[0me")).toEqual([
      [
        { text: "a", style: undefined },
        { text: "b", style: { bold: true, fg: 1 } },
        { text: "c", style: { bold: false, dim: false, fg: 1 } },
      ],
      [
        { text: "d", style: { bold: false, dim: false, fg: 1 } },
        { text: "e", style: undefined },
      ],
    ]);
    expect(linesOf("\u001b[38;5;200;48;2;1;2;255;4mx")).toEqual([
      [{ text: "x", style: { fg: 200, bg: "#0102ff", underline: true } }],
    ]);
    expect(linesOf("\u001b[92;103mx\u001b[39;49my")[0]?.[0]?.style).toEqual({ fg: 10, bg: 11 });
  });

  test.each([
    ["a title", "\u001b]0;evil\u0007x", "x"],
    ["a clipboard", "\u001b]52;c;ZXZpbA==\u001b\\x", "x"],
    ["a link", "\u001b]8;;http://e.example\u0007link\u001b]8;;\u0007", "link"],
    ["a device's string", "\u001bPq#0\u001b\\x", "x"],
    ["moves and wipes", "a\u001b[2J\u001b[10;10H\u001b[?1049lb", "ab"],
    ["C1 forms", "a\u009b2J\u009d0;evil\u009cb", "ab"],
    ["charsets and resets", "a\u001b(0\u001bcb", "ab"],
    ["progress", "10 %\r50 %\r100 %\r", "100 %"],
    ["a string that ends never", "a\u001b]0;evil", "a"],
  ])("%s leaves no trace", (_, text, shown) => {
    expect(
      linesOf(text)
        .map((line) => line.map((span) => span.text).join(""))
        .join("\n"),
    ).toBe(shown);
  });

  test("of no text more remains than it has, and no sequence is torn", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."\u001b[]m;0138Pa\u0007\\\n\r?"), maxLength: 60 }), (text) => {
        const shown = linesOf(text)
          .flat()
          .map((span) => span.text)
          .join("");
        expect(shown.length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
