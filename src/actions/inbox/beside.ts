import { posix } from "node:path";
import { readTicketText } from "../../store/disk/readFile.ts";
import type { View } from "../../store/disk/view.ts";
import type { Ancestry } from "../../store/history/ancestry.ts";
import { historyObjects } from "../../store/history/historyObjects.ts";
import { type Step, ticketSteps } from "../../store/history/ticketHistory.ts";
import { type Call, callsBefore } from "../../ticket/calls.ts";
import { withIds } from "../../ticket/text/noteId.ts";
import { parseNotes } from "../../ticket/text/notes.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { Looked } from "./item.ts";
import { isCopied, isSeen } from "./news.ts";

/** Merges of so long ago are not looked at any more; in seconds. */
const RECENT = 30 * 24 * 60 * 60;

/** Tickets that were changed on two machines at once, lately: only they can have what {@link writtenBeside} finds. */
export function mergedTickets(view: View, { changedBeside }: Ancestry): Ticket[] {
  return [...changedBeside(view.now / 1000 - RECENT)].flatMap((name) => view.byId.get(name) ?? []);
}

/**
 * What was said to somebody on one machine while he wrote in the same ticket on another: his note stands below it, and
 * he has not seen it.
 */
export async function writtenBeside(looked: Looked): Promise<ReadonlyMap<Ticket, readonly Call[]>> {
  const found = new Map<Ticket, readonly Call[]>();
  for (const ticket of looked.beside) {
    const calls = callsBefore(textOf(looked.store.dir, ticket), ticket.fields, looked.name);
    const kept = calls.length === 0 ? [] : await unseen(looked, ticket, calls);
    if (kept.length > 0) found.set(ticket, kept);
  }
  return found;
}

/** Those that no commit of his knew. */
async function unseen(looked: Looked, ticket: Ticket, calls: readonly Call[]): Promise<Call[]> {
  const { store, table, past } = looked;
  if (store.journal === undefined) return [];
  const objects = historyObjects(store, store.journal);
  const steps = ticketSteps(table, posix.basename(ticket.path, ".md"));
  const notesAt = async ({ path, after }: Step): Promise<Set<string>> => {
    const text = await objects.text(path, after);
    return new Set(withIds(parseNotes(text ?? "")).map(({ id }) => id));
  };
  const kept: Call[] = [];
  const left = new Map(calls.map((call) => [call.note ?? "", call]));
  for (const step of steps) {
    if (left.size === 0) break;
    const notes = await notesAt(step);
    for (const [note, call] of left) {
      if (!notes.has(note)) continue;
      left.delete(note);
      const rows = past(ticket);
      const place = rows.findIndex(({ oid }) => oid === step.row.oid);
      const isOld = await isCopied(looked, ticket, { note, at: call.at });
      if (!isOld && !isSeen(looked, ticket, rows, place)) kept.push(call);
    }
  }
  return kept;
}

function textOf(dir: string, { path }: Ticket): string {
  try {
    return readTicketText(dir, path);
  } catch {
    // It is told as a file that cannot be read.
    return "";
  }
}
