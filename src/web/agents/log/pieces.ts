import type { Colour, Style } from "../../../ticket/printed/printedLines.ts";
import type { LogLine } from "./logLines.ts";

/** A piece of a row, and how it looks. */
export interface Piece {
  readonly text: string;
  /** Its classes; "" for plain text. */
  readonly look: string;
  /** It is what is looked for; `current` where that is shown. */
  readonly mark?: "found" | "current";
}

/** A stretch of a line that is looked for. */
export interface Marked {
  readonly from: number;
  readonly to: number;
  readonly isCurrent: boolean;
}

const ATTRIBUTES = ["bold", "dim", "italic", "underline", "strike", "inverse"] as const;

/** The classes of a style. A background has the page's own letters, so that they can be read on it. */
export function lookOf(style: Style | undefined): string {
  if (style === undefined) return "";
  const names: string[] = ATTRIBUTES.filter((name) => style[name] === true);
  const [letters, ground] = [hueOf(style.fg), hueOf(style.bg)];
  if (ground !== undefined) names.push(`on-${ground}`);
  else if (letters !== undefined) names.push(`in-${letters}`);
  return names.join(" ");
}

/** By their places among the eight of a terminal; black and white are the page's own. */
const HUES = [undefined, "red", "green", "amber", "blue", "violet", "teal", undefined] as const;

/** One of the page's six colours, which can be read in light and dark; undefined for what is near to black, grey or white. */
function hueOf(colour: Colour): string | undefined {
  if (colour === undefined) return undefined;
  if (typeof colour === "number" && colour < 16) return colour === 8 ? "grey" : HUES[colour % 8];
  const [red, green, blue] = rgbOf(colour);
  const most = Math.max(red, green, blue);
  if (most - Math.min(red, green, blue) < 48) return most > 90 && most < 180 ? "grey" : undefined;
  const isIn = (part: number): number => (part > most * 0.5 ? 1 : 0);
  return HUES[isIn(red) + 2 * isIn(green) + 4 * isIn(blue)];
}

function rgbOf(colour: number | `#${string}`): readonly [number, number, number] {
  if (typeof colour === "string") {
    const value = Number.parseInt(colour.slice(1), 16);
    return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
  }
  if (colour >= 232) return [8 + (colour - 232) * 10, 8 + (colour - 232) * 10, 8 + (colour - 232) * 10];
  const step = (place: number): number => {
    const value = Math.floor((colour - 16) / place) % 6;
    return value === 0 ? 0 : 55 + value * 40;
  };
  return [step(36), step(6), step(1)];
}

/** The pieces of one row of a line: its letters from one place to another. */
export function piecesOf(line: LogLine, from: number, to: number, marked: readonly Marked[] = []): Piece[] {
  const pieces: Piece[] = [];
  let begin = 0;
  for (const { text, style } of line.spans ?? [{ text: line.text, style: undefined }]) {
    const end = begin + text.length;
    const look = lookOf(style);
    for (const part of cutAt(Math.max(begin, from), Math.min(end, to), marked)) {
      pieces.push({ text: text.slice(part.from - begin, part.to - begin), look, ...part.mark });
    }
    begin = end;
  }
  return pieces;
}

type Cut = { readonly from: number; readonly to: number; readonly mark: Pick<Piece, "mark"> };

/** A stretch in pieces that are looked for and those between. */
function* cutAt(from: number, to: number, marked: readonly Marked[]): Generator<Cut> {
  let at = from;
  for (const one of marked) {
    const [begin, end] = [Math.max(at, one.from), Math.min(to, one.to)];
    if (begin >= end) continue;
    if (begin > at) yield { from: at, to: begin, mark: {} };
    yield { from: begin, to: end, mark: { mark: one.isCurrent ? "current" : "found" } };
    at = end;
  }
  if (at < to) yield { from: at, to, mark: {} };
}
