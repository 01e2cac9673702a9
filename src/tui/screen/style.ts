import type { Colour, Style } from "../../ticket/printed/printedLines.ts";

/** How many colours a terminal has: none, 16, 256, or all. */
export type Depth = 0 | 16 | 256 | 16777216;

/** The sequences of the styles that a screen has used, each known by a number; 0 is the terminal's own style. */
export interface Styles {
  /** The number of a style. */
  idOf(style: Style | undefined): number;
  /** What turns any style into this one. */
  sequence(id: number): string;
}

const ATTRIBUTES = [
  ["bold", 1],
  ["dim", 2],
  ["italic", 3],
  ["underline", 4],
  ["inverse", 7],
  ["strike", 9],
] as const;

/** The styles of a screen with so many colours. */
export function stylesOf(depth: Depth): Styles {
  const ids = new Map<string, number>([["0", 0]]);
  const sequences = ["\u001b[0m"];
  const known = new WeakMap<Style, number>();
  return {
    idOf: (style) => {
      if (style === undefined) return 0;
      const before = known.get(style);
      if (before !== undefined) return before;
      const codes = codesOf(style, depth);
      const id = ids.get(codes) ?? sequences.push(`\u001b[${codes}m`) - 1;
      ids.set(codes, id);
      known.set(style, id);
      return id;
    },
    sequence: (id) => sequences[id] ?? "\u001b[0m",
  };
}

function codesOf(style: Style, depth: Depth): string {
  const codes = ["0"];
  for (const [name, code] of ATTRIBUTES) if (style[name] === true) codes.push(String(code));
  if (depth > 0) codes.push(...colourCodes(style.fg, 30, depth), ...colourCodes(style.bg, 40, depth));
  return codes.join(";");
}

function colourCodes(colour: Colour, base: 30 | 40, depth: Depth): string[] {
  if (colour === undefined) return [];
  if (typeof colour === "string") {
    const rgb = rgbOf(colour);
    if (depth > 256) return [`${base + 8};2;${rgb.join(";")}`];
    return colourCodes(nearest(rgb, depth === 256 ? 16 : 0, depth === 256 ? 255 : 15), base, depth);
  }
  if (colour < 8) return [String(base + colour)];
  if (colour < 16) return [String(base + 52 + colour)];
  if (depth >= 256) return [`${base + 8};5;${colour}`];
  return colourCodes(nearest(rgbAt(colour), 0, 15), base, depth);
}

type Rgb = readonly [number, number, number];

function rgbOf(text: string): Rgb {
  const value = Number.parseInt(text.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** xterm's colours: 16 by name, a cube of 6 steps, and greys. */
function rgbAt(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  if (index >= 16) {
    const step = (place: number): number => {
      const value = Math.floor((index - 16) / place) % 6;
      return value === 0 ? 0 : 55 + value * 40;
    };
    return [step(36), step(6), step(1)];
  }
  const level = index < 8 ? 205 : 255;
  if (index === 8) return [127, 127, 127];
  return [index & 1 ? level : 0, index & 2 ? level : 0, index & 4 ? level : 0];
}

function nearest(wanted: Rgb, first: number, last: number): number {
  let best = first;
  let least = Number.POSITIVE_INFINITY;
  for (let index = first; index <= last; index++) {
    const [red, green, blue] = rgbAt(index);
    const distance = (red - wanted[0]) ** 2 + (green - wanted[1]) ** 2 + (blue - wanted[2]) ** 2;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}
