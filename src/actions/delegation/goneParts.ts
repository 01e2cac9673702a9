import { readArchived } from "../../store/disk/archive/archive.ts";
import { archiveOf, type View } from "../../store/disk/view.ts";
import { historyObjects } from "../../store/history/historyObjects.ts";
import { type HistoryTable, readHistory, rowsBackwards } from "../../store/history/historyTable.ts";
import { type Step, stepsOf } from "../../store/history/ticketHistory.ts";
import type { Store } from "../../store/open/store.ts";
import { type Ticket, ticketWith } from "../../ticket/ticket.ts";

/** The status that a part is told with that was deleted. */
export const DELETED = "deleted";

/**
 * The parts of a ticket that are among the store's tickets no more: archived ones, and as they were deleted ones. Who
 * handed them on is to hear of them all the same.
 */
export type GoneParts = (id: string) => Promise<readonly Ticket[]>;

/** Looks for gone parts; the history is read at the first question. */
export function goneParts(store: Store, view: View): GoneParts {
  let deleted: Promise<ReadonlyMap<string, Ticket[]>> | undefined;
  return async (id) => {
    const archive = await archiveOf(store, view);
    const archived = archive.children(id).filter((part) => !view.byId.has(part.id));
    const read = await Promise.all(archived.map((part) => readArchived(store, part.path)));
    deleted ??= deletedParts(store, view);
    const gone = (await deleted).get(id) ?? [];
    return [...read, ...gone.filter((part) => archive.find(part.id) === undefined)].filter(
      (part) => part !== undefined,
    );
  };
}

/** Every part that was deleted, by the ticket that it was a part of. */
async function deletedParts(store: Store, view: View): Promise<ReadonlyMap<string, Ticket[]>> {
  const found = new Map<string, Ticket[]>();
  if (store.journal === undefined) return found;
  const objects = historyObjects(store, store.journal);
  const seen = new Set<string>();
  for (const { from, before } of deletions(await readHistory(store))) {
    const was = (await objects.snapshot(from, before))?.ticket;
    const parent = was?.fields.parent;
    if (was === undefined || parent === undefined || seen.has(was.id) || view.byId.has(was.id)) continue;
    seen.add(was.id);
    found.set(parent, [...(found.get(parent) ?? []), ticketWith(was, { status: DELETED })]);
  }
  return found;
}

/** The steps that took a ticket away, the newest first. */
function* deletions(table: HistoryTable): Generator<Step> {
  for (const row of rowsBackwards(table)) {
    if (!row.mayHaveTickets || (row.event !== "deleted" && !row.byHand)) continue;
    for (const step of stepsOf(row)) if (step.after === null) yield step;
  }
}
