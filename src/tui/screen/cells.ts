import { clusters, clusterWidth, isSimple } from "../../textWidth.ts";

/** What stands on a screen: a cluster and the number of a style for each cell; "" is the right half of a wide one. */
export interface Cells {
  readonly width: number;
  readonly height: number;
  readonly texts: string[];
  readonly styles: Uint32Array;
}

/** A blank screen. */
export function cellsOf(width: number, height: number): Cells {
  return {
    width,
    height,
    texts: new Array<string>(width * height).fill(" "),
    styles: new Uint32Array(width * height),
  };
}

/** Makes it blank again. */
export function clear({ texts, styles }: Cells): void {
  texts.fill(" ");
  styles.fill(0);
}

/**
 * Puts a text into a row, at most `most` cells of it; answers with how many it took. What is outside of the screen is
 * left out. A control character is drawn as `␀` or its like: nothing that a cell holds can steer a terminal.
 */
export function put(cells: Cells, x: number, y: number, text: string, style: number, most = cells.width - x): number {
  if (y < 0 || y >= cells.height) return 0;
  const end = Math.min(x + most, cells.width);
  let at = x;
  if (isSimple(text)) {
    for (let index = 0; index < text.length && at < end; index++, at++) set(cells, at, y, text[index] as string, style);
    return at - x;
  }
  for (const cluster of clusters(text)) {
    const drawn = drawable(cluster);
    const width = clusterWidth(drawn);
    if (width === 0) continue;
    if (at + width > end) break;
    setCluster(cells, { x: at, y, width }, drawn, style);
    at += width;
  }
  return at - x;
}

/** Gives a style to cells whatever stands in them. */
export function restyle(cells: Cells, x: number, y: number, width: number, change: (style: number) => number): void {
  if (y < 0 || y >= cells.height) return;
  const row = y * cells.width;
  for (let at = Math.max(0, x); at < Math.min(x + width, cells.width); at++)
    cells.styles[row + at] = change(cells.styles[row + at] as number);
}

/** Of a wide one at the left edge only half is on the screen, and halves are not drawn. */
function setCluster(
  cells: Cells,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
  cluster: string,
  style: number,
): void {
  const isHalf = width === 2 && x < 0;
  set(cells, isHalf ? x + 1 : x, y, isHalf ? " " : cluster, style);
  if (width === 2 && !isHalf) setHalf(cells, x + 1, y, style);
}

function set(cells: Cells, x: number, y: number, cluster: string, style: number): void {
  if (x < 0) return;
  const at = y * cells.width + x;
  const { texts } = cells;
  // The other half of a wide one that is written over would stay.
  if (texts[at] === "" && x > 0) texts[at - 1] = " ";
  if (x + 1 < cells.width && texts[at + 1] === "") texts[at + 1] = " ";
  texts[at] = cluster;
  cells.styles[at] = style;
}

function setHalf(cells: Cells, x: number, y: number, style: number): void {
  const at = y * cells.width + x;
  if (x + 1 < cells.width && cells.texts[at + 1] === "") cells.texts[at + 1] = " ";
  cells.texts[at] = "";
  cells.styles[at] = style;
}

/** C0, DEL and C1, and what turns the direction of a line around. */
const STEERS = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

function drawable(cluster: string): string {
  return cluster.replaceAll(STEERS, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 32 ? String.fromCodePoint(0x2400 + code) : code === 127 ? "␡" : code < 160 ? "�" : "";
  });
}
