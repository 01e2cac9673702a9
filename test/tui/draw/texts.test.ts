import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { widthOf } from "../../../src/textWidth.ts";
import { edited, inserted, type LineField, lineField } from "../../../src/tui/draw/lineField.ts";
import { markdownLines, wrapSpans } from "../../../src/tui/draw/textLines.ts";

/** A line after keys; `|` is its cursor. */
function typed(text: string, ...keys: readonly string[]): string {
  let field = fieldOf(text);
  for (const key of keys) field = edited(field, key) ?? field;
  return shown(field);
}

function fieldOf(text: string): LineField {
  const [left = "", right = ""] = text.split("|");
  return { text: left + right, at: lineField(left).at };
}

function shown({ text, at }: LineField): string {
  const parts = [...new Intl.Segmenter("en").segment(text)].map(({ segment }) => segment);
  return [...parts.slice(0, at), "|", ...parts.slice(at)].join("");
}

describe("a line that is typed", () => {
  test.each([
    ["ab|", ["c"], "abc|"],
    ["a|b", ["space"], "a |b"],
    ["a|b", ["left", "left", "x"], "x|ab"],
    ["a|b", ["right", "right", "ctrl+b"], "a|b"],
    ["one two|", ["ctrl+w"], "one |"],
    ["one two  |", ["alt+backspace"], "one |"],
    ["one| two", ["ctrl+k"], "one|"],
    ["one| two", ["ctrl+u"], "| two"],
    ["one |two", ["alt+d"], "one |"],
    ["one two|", ["alt+b", "alt+b", "alt+f"], "one| two"],
    ["one two|", ["ctrl+left"], "one |two"],
    ["ab|c", ["ctrl+a", "delete", "ctrl+e", "backspace"], "b|"],
    ["日👨‍👩‍👧|x", ["backspace", "delete"], "日|"],
    ["|", ["backspace", "delete", "ctrl+w", "alt+d", "left", "right"], "|"],
    ["a|", ["f5", "ctrl+q", "alt+x", "up", "shift+tab", "pageup"], "a|"],
    ["a|", ["é", "日", "👍"], "aé日👍|"],
    ["a|", ["+", "-", "/", ":", "?"], "a+-/:?|"],
  ])("%s after %j is %s", (before, keys, text) => {
    expect(typed(before, ...keys)).toBe(text);
  });

  test("a paste is one line", () => {
    expect(shown(inserted(fieldOf("a|b"), "one\n\ttwo\u2028"))).toBe("aone two |b");
  });

  test("an accent that is typed by itself joins the letter before it", () => {
    expect(typed("e|x", "\u0301")).toBe("é|x".normalize("NFD"));
  });

  test("the cursor is never outside of the text", () => {
    const key = fc.constantFrom(
      "left",
      "right",
      "home",
      "end",
      "backspace",
      "delete",
      "ctrl+w",
      "alt+d",
      "ctrl+k",
      "a",
      "日",
      "\u0301",
      "🇩",
      "👍",
      "\u200d",
    );
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        let field = lineField("ab c");
        for (const one of keys) field = edited(field, one) ?? field;
        const count = [...new Intl.Segmenter("en").segment(field.text)].length;
        expect(field.at).toBeGreaterThanOrEqual(0);
        expect(field.at).toBeLessThanOrEqual(count);
      }),
    );
  });
});

describe("texts as lines", () => {
  const plain = (lines: readonly (readonly { readonly text: string }[])[]): string[] =>
    lines.map((line) =>
      line
        .map(({ text }) => text)
        .join("")
        .trimEnd(),
    );

  test("words are broken where there is room, and words that are too long anywhere", () => {
    expect(plain(wrapSpans([{ text: "one two three" }], 8))).toEqual(["one two", "three"]);
    expect(plain(wrapSpans([{ text: "日本語日本語 x" }], 5))).toEqual(["日本", "語日", "本語", "x"]);
    expect(plain(wrapSpans([{ text: "abcdefghij" }], 4, "  "))).toEqual(["abcd", "  ef", "  gh", "  ij"]);
    expect(plain(wrapSpans([{ text: "a b" }, { text: "c d" }], 4))).toEqual(["a bc", "d"]);
  });

  test("markdown keeps its words", () => {
    expect(plain(markdownLines("## Head\n- one `two` **three**\n- [x] done\n\n> told\n\tcode", 40))).toEqual([
      "Head",
      "- one `two` three",
      "- [x] done",
      "",
      "> told",
      "    code",
    ]);
    expect(plain(markdownLines("```js\nconst a = **1**;\n# no head\n```\n# head", 40))).toEqual([
      "```js",
      "const a = **1**;",
      "# no head",
      "```",
      "head",
    ]);
    expect(plain(markdownLines("1. one two three four", 12))).toEqual(["1. one two", "   three", "   four"]);
  });

  test("no line is wider than it may be, and no word is lost", () => {
    const word = fc.constantFrom(
      "a",
      "日本",
      "👨‍👩‍👧",
      "wörter",
      "averyveryverylongword",
      "`x",
      "**y**",
      "-",
      "1.",
      "#",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), fc.integer({ min: 4, max: 30 }), (words, width) => {
        const text = words.join(" ");
        const lines = plain(wrapSpans([{ text }], width));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        for (const line of plain(markdownLines(text, width))) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test("a text that is made to be slow is not", () => {
    const nasty = [
      "`".repeat(20_000),
      "*".repeat(20_000),
      "_".repeat(20_000),
      " ".repeat(20_000),
      "- ".repeat(10_000),
      "http://".repeat(3_000),
    ];
    for (const text of nasty) expect(markdownLines(text, 80).length).toBeGreaterThan(0);
  });
});
