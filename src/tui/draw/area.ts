import type { Span, Style } from "../../ticket/printed/printedLines.ts";
import { type Cells, put, restyle } from "../screen/cells.ts";
import type { Styles } from "../screen/style.ts";
import type { Glyphs } from "./theme.ts";
import { THEME } from "./theme.ts";

/** A place that a mouse can press. */
export interface Zone {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly onPress?: (isTwice: boolean) => void;
  /** Turns of the wheel: -1 up, 1 down. */
  readonly onWheel?: (step: number) => void;
}

/** A part of the screen; nothing that is drawn in it leaves it. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly glyphs: Glyphs;
  /** Puts a text into a line, and answers with the column after it. */
  put(x: number, y: number, text: string, style?: Style): number;
  spans(x: number, y: number, spans: readonly Span[]): number;
  /** Changes the look of a line, whatever stands in it. */
  mark(y: number, style: Style): void;
  /** Blanks, in a style. */
  wipe(): void;
  part(x: number, y: number, width: number, height: number): Area;
  /** A frame with a title; the answer is what is inside. */
  box(title: string, isActive: boolean, right?: string): Area;
  zone(zone: Pick<Zone, "onPress" | "onWheel">): void;
}

/** What areas draw on. */
export interface Canvas {
  readonly cells: Cells;
  readonly styles: Styles;
  readonly glyphs: Glyphs;
  readonly zones: Zone[];
}

/** A part of a canvas; without one all of it. */
export function areaOf(
  canvas: Canvas,
  { x, y, width, height }: { x: number; y: number; width: number; height: number } = {
    x: 0,
    y: 0,
    width: canvas.cells.width,
    height: canvas.cells.height,
  },
): Area {
  const { cells, styles, glyphs, zones } = canvas;
  const area: Area = {
    x,
    y,
    width: Math.max(0, width),
    height: Math.max(0, height),
    glyphs,
    put: (atX, atY, text, style) => {
      if (atY < 0 || atY >= height || atX >= width) return atX;
      const drawn = glyphs.isAscii ? asciiOf(text) : text;
      return atX + put(cells, x + atX, y + atY, drawn, styles.idOf(style), width - atX);
    },
    spans: (atX, atY, spans) => {
      let at = atX;
      for (const { text, style } of spans) at = area.put(at, atY, text, style);
      return at;
    },
    mark: (atY, style) => {
      if (atY < 0 || atY >= height) return;
      const id = styles.idOf(style);
      restyle(cells, x, y + atY, width, () => id);
    },
    wipe: () => {
      for (let line = 0; line < area.height; line++) area.put(0, line, " ".repeat(area.width));
    },
    part: (partX, partY, partWidth, partHeight) =>
      areaOf(canvas, {
        x: x + partX,
        y: y + partY,
        width: Math.min(partWidth, width - partX),
        height: Math.min(partHeight, height - partY),
      }),
    box: (title, isActive, right = "") => {
      drawBox(area, { title, right, style: isActive ? THEME.borderActive : THEME.border });
      return area.part(1, 1, width - 2, height - 2);
    },
    zone: (zone) => void zones.push({ x, y, width: area.width, height: area.height, ...zone }),
  };
  return area;
}

const PLAIN: Readonly<Record<string, string>> = { "…": ">", "·": "-", "→": ">", "←": "<", "↑": "^", "↓": "v" };

/** Signs of our own for terminals that have none; what people wrote stays. */
function asciiOf(text: string): string {
  return text.replaceAll(/[…·→←↑↓]/g, (sign) => PLAIN[sign] ?? sign);
}

function drawBox(
  area: Area,
  { title, right, style }: { readonly title: string; readonly right: string; readonly style: Style },
): void {
  const { width, height, glyphs } = area;
  if (width < 2 || height < 2) return;
  const [topLeft, topRight, bottomLeft, bottomRight] = glyphs.corners;
  const line = glyphs.across.repeat(width - 2);
  area.put(0, 0, `${topLeft}${line}${topRight}`, style);
  for (let y = 1; y < height - 1; y++) {
    area.put(0, y, glyphs.down, style);
    area.put(width - 1, y, glyphs.down, style);
  }
  area.put(0, height - 1, `${bottomLeft}${line}${bottomRight}`, style);
  const inner = area.part(1, 0, width - 2, 1);
  if (title !== "") inner.put(0, 0, ` ${title} `, style);
  if (right !== "" && right.length + title.length + 6 < width)
    inner.put(width - 4 - right.length, 0, ` ${right} `, style);
}
