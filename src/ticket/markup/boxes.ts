const FENCE = /^[ \t>]*(`{3,}|~{3,})/;
const BOX = /^([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+\[)([ xX])\](?=[ \t]+\S)/;

/** A box to tick in a text: `- [ ] words`. */
export interface Box {
  /** The line that it stands in, from 0. */
  readonly line: number;
  readonly isDone: boolean;
}

/** The boxes of a text, in order; what stands in blocks of code is none. */
export function boxesIn(text: string): Box[] {
  const boxes: Box[] = [];
  let fence = "";
  for (const [line, words] of text.split("\n").entries()) {
    const mark = FENCE.exec(words)?.[1] ?? "";
    if (fence !== "") {
      if (mark.startsWith(fence)) fence = "";
    } else if (mark !== "") fence = mark;
    else {
      const box = BOX.exec(words);
      if (box !== null) boxes.push({ line, isDone: box[2] !== " " });
    }
  }
  return boxes;
}

/** The text with the box of a line ticked, or not; undefined where that line has none. */
export function tickLine(text: string, line: number, isDone: boolean): string | undefined {
  const lines = text.split("\n");
  const words = lines[line];
  if (words === undefined || !BOX.test(words)) return undefined;
  lines[line] = words.replace(BOX, `$1${isDone ? "x" : " "}]`);
  return lines.join("\n");
}

/** Where a line is in what others made of the text: at its place, or where it stands once; undefined where it is another. */
export function sameLine(text: string, line: number, now: string): number | undefined {
  const words = text.split("\n")[line];
  const lines = now.split("\n");
  if (lines[line] === words) return line;
  const at = lines.indexOf(words ?? "");
  return at >= 0 && at === lines.lastIndexOf(words ?? "") ? at : undefined;
}
