import type { Shown } from "../../data/shapes.ts";

type Note = Shown["ticket"]["notes"][number];

/** Which line of a body a line of a note is, where the note stands there as it was read; both count from 0. */
export function lineOfNote(body: string, notes: readonly Note[], n: number, line: number): number | undefined {
  const note = notes[n];
  if (note === undefined) return undefined;
  const lines = body.split("\n").map((one) => one.replace(/\r$/, ""));
  // Notes that are the same stand in the order in which they were read.
  let before = notes.slice(0, n).filter(({ id }) => id === note.id).length;
  for (let at = 0; at < lines.length; at++) {
    if (!isHeader(lines[at] as string, note)) continue;
    const start = beginningOf(lines, at + 1, note.text.split("\n"));
    if (start !== undefined && before-- === 0) return start + line;
  }
  return undefined;
}

function isHeader(line: string, { at, by }: Note): boolean {
  const words = line.trimEnd();
  const author = by === null ? "" : ` ${by}`;
  return words === `**${at}**${author}` || words === `### ${at}${author}`;
}

/** Where a note's text begins, after the empty lines below its header; undefined where another text stands there. */
function beginningOf(lines: readonly string[], after: number, text: readonly string[]): number | undefined {
  let start = after;
  while (lines[start]?.trim() === "") start++;
  // A backslash stands before what would be a heading.
  const isThere = text.every((words, n) => lines[start + n] === words || lines[start + n] === `\\${words}`);
  return isThere ? start : undefined;
}
