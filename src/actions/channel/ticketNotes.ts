import { snapshotOf } from "../../store/events/commitEvents.ts";
import { snapshotAt } from "../../store/history/snapshotAt.ts";
import type { Journal } from "../../store/open/store.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import { withIds } from "../../ticket/text/noteId.ts";
import { parseNotes } from "../../ticket/text/notes.ts";
import type { IdentifiedNote, Ticket } from "../../ticket/ticket.ts";

type Notes = readonly IdentifiedNote[];

/** The notes that a ticket had at a commit; none where it was not there. */
export async function notesAt(journal: Journal, ticket: Ticket, commit: string): Promise<Notes> {
  return notesIn(await snapshotAt(journal, ticket, commit));
}

/** The notes of one version of a ticket's file; none where it could not be read as one. */
export async function notesOf(journal: Journal, file: string, blob: string | null): Promise<Notes> {
  return notesIn(await snapshotOf(journal, file, blob));
}

function notesIn(snapshot: Snapshot | undefined): Notes {
  return snapshot === undefined ? [] : withIds(parseNotes(snapshot.text));
}

/** How often each note is among some, by its id. */
export function countNotes(notes: readonly { readonly id: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of notes) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
