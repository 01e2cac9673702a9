import { hash } from "../hash.ts";
import type { IdentifiedNote, Note } from "../ticket.ts";

/**
 * What a note is called in its ticket: 8 hex digits made of its time, author and text, so that nothing has to be written
 * into the file, and merges, renames and imports keep it. Equal notes have equal ids.
 */
export function noteId({ at, by, text }: Note): string {
  return hash(JSON.stringify([at, by, text]))
    .toString(16)
    .padStart(8, "0");
}

/** Notes as JSON has them. */
export function withIds(notes: readonly Note[]): IdentifiedNote[] {
  return notes.map((note) => ({ id: noteId(note), at: note.at, by: note.by, text: note.text }));
}
