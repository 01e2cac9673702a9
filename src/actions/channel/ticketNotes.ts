import { snapshotOf } from "../../store/events/commitEvents.ts";
import { snapshotAt } from "../../store/history/snapshotAt.ts";
import type { Journal } from "../../store/open/store.ts";
import { partsOfText } from "../../ticket/events/textParts.ts";
import { withIds } from "../../ticket/text/noteId.ts";
import type { IdentifiedNote, Ticket } from "../../ticket/ticket.ts";

type Notes = readonly IdentifiedNote[];

/** The notes that a ticket had at a commit; none where it was not there. */
export async function notesAt(journal: Journal, ticket: Ticket, commit: string): Promise<Notes> {
  const snapshot = await snapshotAt(journal, ticket, commit);
  return snapshot === undefined ? [] : withIds(partsOfText(snapshot.text).notes);
}

/** The notes of one version of a ticket's file; none where it could not be read as one. */
export async function notesOf(journal: Journal, file: string, blob: string | null): Promise<Notes> {
  return withIds((await snapshotNotes(journal, file, blob)) ?? []);
}

/** The same without ids, which cost more than all else where there are thousands. */
export async function snapshotNotes(journal: Journal, file: string, blob: string | null) {
  const snapshot = await snapshotOf(journal, file, blob);
  return snapshot === undefined ? undefined : partsOfText(snapshot.text).notes;
}

/** How often each note is among some, by its id. */
export function countNotes(notes: readonly { readonly id: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of notes) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
