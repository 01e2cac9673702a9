import type { Cells } from "./cells.ts";
import type { Styles } from "./style.ts";

/** A run of equal cells shorter than this is written again: to move the cursor costs as much. */
const WORTH_MOVING = 8;

const JOINER = "\u200d";

/** Where the cursor shows, if it does. */
export type Cursor = { readonly x: number; readonly y: number } | undefined;

/**
 * What turns a screen that shows `before` into `after`; "" where nothing differs. All of it where `before` is undefined.
 * On a plain terminal, which loses its place in joined emoji, the first of them stands for all.
 */
export function frameOf(before: Cells | undefined, after: Cells, styles: Styles, isPlain = false): string {
  const pen: Pen = { out: before === undefined ? ["\u001b[0m\u001b[2J"] : [], style: -1, styles, isPlain };
  for (let y = 0; y < after.height; y++) drawRow(before, after, y, pen);
  return pen.out.length === 0 ? "" : `${pen.out.join("")}${pen.style > 0 ? styles.sequence(0) : ""}`;
}

/** What is written, and the style that the terminal has then; -1 where that is not known. */
interface Pen {
  readonly out: string[];
  style: number;
  readonly styles: Styles;
  readonly isPlain: boolean;
}

function drawRow(before: Cells | undefined, after: Cells, y: number, pen: Pen): void {
  const row = y * after.width;
  const isDoubtful = isDoubtfulRow(before, after, row);
  if (isDoubtful && isSameRow(before, after, row)) return;
  // Whatever a terminal has made of it is wiped, and each cell is written: what reaches too far is written over.
  if (isDoubtful) {
    pen.out.push(`\u001b[${y + 1};1H${pen.styles.sequence(0)}\u001b[2K`);
    pen.style = 0;
  }
  // Where the terminal's cursor is in this row; -1 where that is not known.
  let cursor = -1;
  for (let x = 0; x < after.width; x++) {
    const at = row + x;
    const text = after.texts[at] as string;
    if (text === "" || (!isDoubtful && isSame(before, after, at))) continue;
    if (cursor !== x) pen.out.push(wayTo(after, { x, y, from: cursor, style: pen.style }));
    if (after.styles[at] !== pen.style) {
      pen.style = after.styles[at] as number;
      pen.out.push(pen.styles.sequence(pen.style));
    }
    pen.out.push(written(text, pen));
    // Terminals do not agree about the width of much that is no ASCII.
    cursor = isSimple(text) ? x + 1 : -1;
  }
}

function written(cluster: string, { isPlain }: Pen): string {
  return isPlain && cluster.length > 2 ? (cluster.split(JOINER)[0] as string) : cluster;
}

/** Whether terminals disagree about what stands in a row, or stood: joined emoji may take 2 cells or 8. */
function isDoubtfulRow(before: Cells | undefined, after: Cells, row: number): boolean {
  for (let at = row; at < row + after.width; at++)
    if ((after.texts[at] as string).length > 1 || (before?.texts[at]?.length ?? 0) > 1) return true;
  return false;
}

function isSameRow(before: Cells | undefined, after: Cells, row: number): boolean {
  for (let at = row; at < row + after.width; at++) if (!isSame(before, after, at)) return false;
  return true;
}

function isSame(before: Cells | undefined, after: Cells, at: number): boolean {
  // A screen that was cleared is blank.
  if (before === undefined) return after.texts[at] === " " && after.styles[at] === 0;
  const isWide = after.texts[at + 1] === "";
  return (
    before.texts[at] === after.texts[at] &&
    before.styles[at] === after.styles[at] &&
    (before.texts[at + 1] === "") === isWide
  );
}

/** Moves the terminal's cursor to a cell: a few cells are cheaper written once more. */
function wayTo(
  { texts, styles, width }: Cells,
  { x, y, from, style }: { readonly x: number; readonly y: number; readonly from: number; readonly style: number },
): string {
  const move = `\u001b[${y + 1};${x + 1}H`;
  if (from < 0 || from > x || x - from > WORTH_MOVING) return move;
  let run = "";
  for (let at = y * width + from; at < y * width + x; at++) {
    if (!isSimple(texts[at] as string) || styles[at] !== style) return move;
    run += texts[at];
  }
  return run;
}

/** Printable ASCII, and what draws boxes: every terminal gives it one cell. */
function isSimple(cluster: string): boolean {
  if (cluster.length !== 1) return false;
  const code = cluster.charCodeAt(0);
  return (code >= 32 && code < 127) || (code >= 0x2500 && code < 0x25a0);
}
