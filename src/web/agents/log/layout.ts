import type { LogLine } from "./logLines.ts";

/** Letters that take two cells, such as Chinese ones and emoji, and those that take none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3ffff}]/u;
const NONE = /\p{Mn}|\p{Me}|[\u200b-\u200d]/u;

function cellsOf(letter: string): number {
  if (letter < "\u0300") return 1;
  return NONE.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
}

/** Where the rows of a line begin that is so many cells wide: behind a space, or within a word that is longer. */
export function breaksOf(text: string, columns: number): number[] {
  const starts = [0];
  let [start, used, at] = [0, 0, 0];
  /** Behind the last space, and how much of the row lies before it. */
  let space = { at: 0, used: 0 };
  for (const letter of text) {
    const cells = cellsOf(letter);
    while (used + cells > columns && at > start) {
      const isBetween = space.at > start;
      start = isBetween ? space.at : at;
      used -= isBetween ? space.used : used;
      starts.push(start);
    }
    used += cells;
    at += letter.length;
    if (letter === " ") space = { at, used };
  }
  return starts;
}

/** Letters of one cell each; of others none takes more than two. */
const NARROW = /^[ -\u02ff]*$/;

function fits(text: string, columns: number): boolean {
  return 2 * text.length <= columns || (text.length <= columns && NARROW.test(text));
}

/** Which rows the lines of a log take. */
export class Layout {
  readonly columns: number;
  /** The first row behind each line. */
  readonly #ends: number[] = [];

  constructor(lines: readonly LogLine[], columns: number) {
    this.columns = columns;
    this.add(lines, 0);
  }

  /** How many lines are laid out. */
  get size(): number {
    return this.#ends.length;
  }

  /** How many rows there are. */
  get rows(): number {
    return this.#ends.at(-1) ?? 0;
  }

  /** Lays out those lines that came, from one on. */
  add(lines: readonly LogLine[], from = this.size): void {
    for (let n = from; n < lines.length; n++) {
      const text = lines[n]?.text ?? "";
      const rows = fits(text, this.columns) ? 1 : breaksOf(text, this.columns).length;
      this.#ends.push(this.rows + rows);
    }
  }

  /** The first row of a line. */
  rowOf(line: number): number {
    return line <= 0 ? 0 : (this.#ends[Math.min(line, this.size) - 1] ?? 0);
  }

  /** The line that a row is of. */
  lineAt(row: number): number {
    let [low, high] = [0, this.size - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) > row) high = middle;
      else low = middle + 1;
    }
    return Math.max(0, low);
  }
}
