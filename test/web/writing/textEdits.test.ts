import { describe, expect, test } from "vitest";
import { continueList, indentList, makeLink, type TextEdit, toggleMarks } from "../../../src/web/writing/textEdits.ts";

/** A text with its selection: `a|b` is a caret, `a[b]c` what is selected, written `«b»` here. */
function read(marked: string): { readonly text: string; readonly from: number; readonly to: number } {
  const caret = marked.indexOf("|");
  if (caret >= 0) return { text: marked.replace("|", ""), from: caret, to: caret };
  return { text: marked.replace(/[«»]/g, ""), from: marked.indexOf("«"), to: marked.indexOf("»") - 1 };
}

function written(text: string, edit: TextEdit | undefined): string | undefined {
  if (edit === undefined) return undefined;
  const { from, to, insert, select } = edit;
  const made = text.slice(0, from) + insert + text.slice(to);
  const [start, end] = select;
  const middle = start === end ? "|" : `«${made.slice(start, end)}»`;
  return made.slice(0, start) + middle + made.slice(end);
}

type Command = (text: string, from: number, to: number) => TextEdit | undefined;

function edited(marked: string, command: Command): string | undefined {
  const { text, from, to } = read(marked);
  return written(text, command(text, from, to));
}

describe("Enter in a list", () => {
  test.each([
    ["- one|", "- one\n- |"],
    ["a\n* one|\nb", "a\n* one\n* |\nb"],
    ["1. one|", "1. one\n2. |"],
    ["9) nine|", "9) nine\n10) |"],
    ["- [x] done|", "- [x] done\n- [ ] |"],
    ["  - [ ] in|side", "  - [ ] in\n  - [ ] |side"],
    // An item without words ends the list, or goes one level out.
    ["- one\n- |", "- one\n|"],
    ["- [ ] |", "|"],
    ["- one\n  - |", "- one\n- |"],
    ["1. one\n   1. |", "1. one\n1. |"],
  ])("%j becomes %j", (before, wanted) => {
    expect(edited(before, continueList)).toBe(wanted);
  });

  test.each(["one|", "|- one", "-| one", "«- one»", "-one|", "```\n- one|\n", "---|", "**bold**|"])(
    "%j is an ordinary line",
    (before) => {
      expect(edited(before, continueList)).toBeUndefined();
    },
  );

  test("after a block of code it is a list again", () => {
    expect(edited("```\n- x\n```\n- one|", continueList)).toBe("```\n- x\n```\n- one\n- |");
  });
});

describe("Tab in a list", () => {
  const into: Command = (text, from, to) => indentList(text, from, to, false);
  const out: Command = (text, from, to) => indentList(text, from, to, true);

  test.each([
    ["- a\n- b|", "- a\n  - b|"],
    ["1. a\n2. b|", "1. a\n   2. b|"],
    ["- «a\n- b»\nc", "  - «a\n  - b»\nc"],
  ])("%j becomes %j", (before, wanted) => {
    expect(edited(before, into)).toBe(wanted);
    // Back again is what it was.
    expect(edited(wanted, out)).toBe(before);
  });

  test("leaves the field in other lines, and where nothing is to be taken out", () => {
    expect([edited("words|", into), edited("- a|", out), edited("```\n- a|", into)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("marks", () => {
  const bold: Command = (text, from, to) => toggleMarks(text, from, to, "**");
  // With nothing selected the second one steps out of what the first has begun.
  expect(toggleMarks("a **bold**", 8, 8, "**")).toEqual({ from: 8, to: 8, insert: "", select: [10, 10] });
  const italic: Command = (text, from, to) => toggleMarks(text, from, to, "*");

  test.each([
    ["a «b» c", bold, "a **«b»** c"],
    ["a **«b»** c", bold, "a «b» c"],
    ["a «**b**» c", bold, "a «b» c"],
    ["a |", bold, "a **|**"],
    ["**|**", bold, "|"],
    // What is bold is not italic too.
    ["**«b»**", italic, "***«b»***"],
    ["a «b»", makeLink, "a [b](«url»)"],
    ["|", makeLink, "[|](url)"],
    ["«https://a.example/b»", makeLink, "[|](https://a.example/b)"],
  ])("%j", (before, command, wanted) => {
    expect(edited(before, command)).toBe(wanted);
  });
});
