/**
 * A colour: `undefined` is the terminal's own, 0 to 15 are those that its user has chosen, up to 255 the fixed ones, and
 * a text `#rrggbb`.
 */
export type Colour = number | `#${string}` | undefined;

/** How a cell looks. */
export interface Style {
  readonly fg?: Colour;
  readonly bg?: Colour;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
  readonly strike?: boolean;
}

/** A piece of a line in one style. */
export interface Span {
  readonly text: string;
  readonly style?: Style | undefined;
}

const ESC = "\u001b";
const CSI = `(?:${ESC}\\[|\u009b)`;
const STRING = `(?:${ESC}[\\]PX^_]|[\u0090\u0098\u009d-\u009f])`;
/** Colours and styles (their codes are kept), other sequences, texts for the terminal itself, and what is left of a broken one. */
const ESCAPES = new RegExp(
  `${CSI}([0-9;:]*)m|${CSI}[0-9;:<=>?]*[ -/]*[@-~]?|${STRING}[^\u0007\u009c${ESC}]*(?:\u0007|\u009c|${ESC}\\\\)?|${ESC}[ -/]*[0-~]?`,
  "g",
);
const COLOURS = new RegExp(`${ESC}\\[[0-9;:]*m`, "g");

/** What a program printed, as lines of pieces: of its sequences only colours and styles count. */
export function linesOf(text: string): Span[][] {
  let style: Style | undefined;
  return text.split("\n").map((line) => {
    const spans: Span[] = [];
    let last = 0;
    // What comes back to the beginning of a line, as progress bars do, writes over it.
    const shown = line.replace(/\r+$/, "").split("\r").at(-1) ?? "";
    for (const found of shown.matchAll(ESCAPES)) {
      if (found.index > last) spans.push({ text: shown.slice(last, found.index), style });
      last = found.index + found[0].length;
      if (found[1] !== undefined) style = styleAfter(style, found[1]);
    }
    if (last < shown.length) spans.push({ text: shown.slice(last), style });
    return spans;
  });
}

/** A text without the colours and styles that are kept of what programs print. */
export function withoutColours(text: string): string {
  return text.includes(ESC) ? text.replaceAll(COLOURS, "") : text;
}

const ON: Readonly<Record<number, Style>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
};
const OFF: Readonly<Record<number, Style>> = {
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: undefined },
  49: { bg: undefined },
};

function styleAfter(before: Style | undefined, codes: string): Style | undefined {
  let numbers = codes.split(/[;:]/).map(Number);
  let style: Style = before ?? {};
  while (numbers.length > 0) {
    const [code = 0, ...rest] = numbers;
    numbers = rest;
    if (code === 0) style = {};
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(rest);
      style = { ...style, [code === 38 ? "fg" : "bg"]: colour };
      numbers = rest.slice(used);
    } else style = { ...style, ...(ON[code] ?? OFF[code] ?? plainColour(code)) };
  }
  return Object.values(style).some((value) => value !== undefined && value !== false) ? style : undefined;
}

function plainColour(code: number): Style {
  if (code >= 30 && code < 38) return { fg: code - 30 };
  if (code >= 40 && code < 48) return { bg: code - 40 };
  if (code >= 90 && code < 98) return { fg: code - 82 };
  if (code >= 100 && code < 108) return { bg: code - 92 };
  return {};
}

function extended([kind, ...rest]: readonly number[]): [Style["fg"], number] {
  if (kind === 5) return [Math.min(255, rest[0] ?? 0), 2];
  if (kind !== 2) return [undefined, 1];
  const hex = rest.slice(0, 3).map((part) =>
    Math.min(255, part || 0)
      .toString(16)
      .padStart(2, "0"),
  );
  return [hex.length === 3 ? `#${hex.join("")}` : undefined, 4];
}
