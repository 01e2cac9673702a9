import type { Style } from "../../ticket/printed/printedLines.ts";

/** How each kind of thing looks; colours are those that the terminal's user has chosen, until `tui.yml` names others. */
export interface Theme {
  readonly dim: Style;
  readonly bold: Style;
  readonly id: Style;
  readonly title: Style;
  readonly border: Style;
  readonly borderActive: Style;
  readonly cursor: Style;
  readonly cursorAway: Style;
  readonly marked: Style;
  readonly error: Style;
  readonly good: Style;
  readonly warning: Style;
  readonly who: Style;
  readonly agent: Style;
  readonly tag: Style;
  readonly heading: Style;
  readonly code: Style;
  readonly link: Style;
  readonly bar: Style;
  readonly key: Style;
  readonly found: Style;
}

/** Every name of a theme with its look; `tui.yml` may change them before the first frame. */
export const THEME: { -readonly [Name in keyof Theme]: Style } = {
  dim: { dim: true },
  bold: { bold: true },
  id: { fg: 6 },
  title: { bold: true },
  border: { dim: true },
  borderActive: { fg: 2, bold: true },
  cursor: { inverse: true },
  cursorAway: { underline: true },
  marked: { fg: 5, bold: true },
  error: { fg: 1, bold: true },
  good: { fg: 2 },
  warning: { fg: 3 },
  who: { fg: 3 },
  agent: { fg: 5 },
  tag: { fg: 4 },
  heading: { bold: true, underline: true },
  code: { fg: 2 },
  link: { fg: 4, underline: true },
  bar: { inverse: true },
  key: { fg: 6, bold: true },
  found: { fg: 3, bold: true, underline: true },
};

const CATEGORY: Readonly<Record<string, Style>> = {
  todo: { fg: 4, bold: true },
  active: { fg: 3, bold: true },
  blocked: { fg: 1, bold: true },
  review: { fg: 5, bold: true },
  done: { fg: 2, bold: true },
  cancelled: { dim: true },
  failed: { fg: 1, bold: true },
};

/** How a status of this category looks. */
export function categoryStyle(category: string | null): Style {
  return CATEGORY[category ?? ""] ?? THEME.dim;
}

/** What frames and marks are drawn with. */
export interface Glyphs {
  readonly isAscii: boolean;
  readonly corners: readonly [string, string, string, string];
  readonly across: string;
  readonly down: string;
  readonly blocked: string;
  readonly ready: string;
  readonly marked: string;
  readonly more: string;
  readonly thumb: string;
  readonly done: string;
  readonly open: string;
  /** Leads from a line of the graph to what waits for it. */
  readonly branch: string;
}

/** For terminals that draw more than ASCII. */
export const UNICODE: Glyphs = {
  isAscii: false,
  corners: ["┌", "┐", "└", "┘"],
  across: "─",
  down: "│",
  blocked: "⊘",
  ready: "●",
  marked: "▪",
  more: "…",
  thumb: "█",
  done: "✓",
  open: "○",
  branch: "└",
};

/** For those that do not. */
export const ASCII: Glyphs = {
  isAscii: true,
  corners: ["+", "+", "+", "+"],
  across: "-",
  down: "|",
  blocked: "x",
  ready: "*",
  marked: "#",
  more: ">",
  thumb: "#",
  done: "v",
  open: "o",
  branch: "\\",
};

/** For the Linux console, whose font has the lines and few signs. */
export const CONSOLE: Glyphs = { ...UNICODE, blocked: "x", ready: "•", marked: "■", done: "√", open: "o" };
