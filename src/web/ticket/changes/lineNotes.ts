import type { Shown } from "../../data/shapes.ts";
import type { DiffLine } from "./parseDiff.ts";

/** What is said of a line, as a note that whoever works on the ticket reads: the place, the line, the words. */
export function noteOnLine(path: string, line: DiffLine, text: string): string {
  return `${headOf(path, line)}\n\n${text.trim()}`;
}

/** The place and the line, as a note begins that is about them. */
function headOf(path: string, line: DiffLine): string {
  const at = line.after ?? line.before ?? 0;
  const fence = "`".repeat(Math.max(1, ...[...line.text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const space = fence.length > 1 ? " " : "";
  const code = line.text.trim() === "" ? "" : `\n\n> ${fence}${space}${line.text.trim()}${space}${fence}`;
  return `\`${path}:${at}\`${line.kind === "removed" ? " (removed)" : ""}${code}`;
}

type Note = Shown["ticket"]["notes"][number];

/** The words of the notes that are about a line, as it still is. */
export function notesOnLine(notes: readonly Note[], path: string, line: DiffLine): Note[] {
  const head = `${headOf(path, line)}\n\n`;
  return notes.flatMap((note) => (note.text.startsWith(head) ? [{ ...note, text: note.text.slice(head.length) }] : []));
}
