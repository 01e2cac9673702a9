import { posix } from "node:path";
import { followStore } from "../../store/events/follow.ts";
import { historyObjects } from "../../store/history/historyObjects.ts";
import type { HistoryRow } from "../../store/history/historyRow.ts";
import { type HistoryTable, rowsBackwards } from "../../store/history/historyTable.ts";
import { ticketSteps } from "../../store/history/ticketHistory.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import type { Board } from "../../ticket/rules/board.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** What events since a commit tell, by ticket. */
export interface Happened {
  /** The event that finished it last: closed, cancelled or failed. */
  readonly finished: ReadonlyMap<string, TicketEvent>;
  /** The hand edit that did what the gate would have refused. */
  readonly skipped: ReadonlyMap<string, TicketEvent>;
  /** Tickets whose claim ran out or went to another. */
  readonly lostClaims: ReadonlySet<string>;
}

const FINISHED = ["ticket.closed", "ticket.cancelled", "ticket.failed"];

/** Reads what happened after a commit (undefined: from the beginning). */
export async function happenedSince(store: Store, journal: Journal, after: string | undefined): Promise<Happened> {
  const finished = new Map<string, TicketEvent>();
  const skipped = new Map<string, TicketEvent>();
  const lostClaims = new Set<string>();
  const follower = await followStore(store, journal, { after });
  for await (const events of follower.next()) {
    for (const event of events) {
      const { id } = event.ticket;
      if (FINISHED.includes(event.event)) finished.set(id, event);
      if (event.event === "ticket.gate_skipped") skipped.set(id, event);
      const { claimedBy } = event.changes;
      const isTaken = typeof claimedBy?.from === "string" && typeof claimedBy.to === "string";
      // A review goes from its author to whoever does it: that takes nothing away.
      const isWork = event.ticket.category !== "review";
      if (isWork && (event.event === "ticket.lease_expired" || isTaken)) lostClaims.add(id);
    }
  }
  return { finished, skipped, lostClaims };
}

/** How often a ticket went from one claimant to another. */
export async function takeovers(
  store: Store,
  journal: Journal,
  table: HistoryTable,
  { path: file }: Ticket,
  board: Board,
): Promise<number> {
  const objects = historyObjects(store, journal);
  const holders: string[] = [];
  for (const { path, after } of ticketSteps(table, posix.basename(file, ".md"))) {
    const then = (await objects.snapshot(path, after))?.ticket;
    if (then === undefined || categoryOf(board, then.status) === "review") continue;
    const holder = then.fields.claimedBy;
    if (holder !== undefined && holder !== holders.at(-1)) holders.push(holder);
  }
  return Math.max(0, holders.length - 1);
}

/** The last commit that changed each of these files of the top directory. */
export function lastChanges(table: HistoryTable, files: ReadonlySet<string>): Map<string, HistoryRow> {
  const left = new Set(files);
  const last = new Map<string, HistoryRow>();
  for (const row of left.size === 0 ? [] : rowsBackwards(table)) {
    for (const { path } of row.changes) {
      const name = posix.basename(path);
      if (left.delete(name)) last.set(name, row);
    }
    if (left.size === 0) break;
  }
  return last;
}
