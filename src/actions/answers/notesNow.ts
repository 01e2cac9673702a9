import type { View } from "../../store/disk/view.ts";
import { defaultNote } from "../../ticket/rules/questions.ts";
import { withIds } from "../../ticket/text/noteId.ts";
import { appendNow, parseNotes } from "../../ticket/text/notes.ts";
import type { IdentifiedNote, Ticket } from "../../ticket/ticket.ts";

/** The notes of a ticket's text, with the default answer that is in force and not written yet. */
export function notesNow({ answered }: View, { path }: Ticket, text: string): IdentifiedNote[] {
  const notes = parseNotes(text);
  const asked = answered.find((one) => one.path === path);
  return withIds(asked === undefined ? notes : [...notes, appendNow(text, defaultNote(asked, notes)).note]);
}
