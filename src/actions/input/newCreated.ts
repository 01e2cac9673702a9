import { TRAITS } from "../../store/disk/table/traits.ts";
import type { View } from "../../store/disk/view.ts";
import { fieldOf, type Ticket } from "../../ticket/ticket.ts";
import { formatMoment, parseTime } from "../../ticket/time.ts";

const SECOND = 1000;

/**
 * When a ticket that is made now was created: a whole second, or where another ticket has that one, a millisecond after
 * the last, so that tickets of one batch, or of two processes, keep the order in which they were made.
 */
export function newCreated(view: View): string {
  const recent = recentTickets(view).flatMap((ticket) => parseTime(fieldOf(ticket, "created") ?? "") ?? []);
  for (let second = view.now - (view.now % SECOND); ; second += SECOND) {
    const last = recent.reduce((latest, at) => (at < second + SECOND ? Math.max(latest, at) : latest), -1);
    if (last < second) return formatMoment(second);
    const next = Math.max(last + 1, view.now);
    if (next < second + SECOND) return formatMoment(next);
  }
}

/** Tickets that may be of this second: those since the cache was written, and of those in it what was written lately. */
function recentTickets(view: View): readonly Ticket[] {
  const { entries, now } = view;
  if (entries === undefined) return view.tickets;
  const since = now - (now % SECOND) - SECOND;
  const found = [...entries.changed.values()].flatMap((entry) => entry?.ticket ?? []);
  const { table, replaced } = entries;
  for (let at = 0; at < table.count; at++) {
    if ((table.stamps[at * 4] as number) < since || replaced[at] !== 0 || !table.has(at, TRAITS.ticket)) continue;
    found.push(table.ticket(at));
  }
  return found;
}
