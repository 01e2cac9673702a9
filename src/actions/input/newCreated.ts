import type { View } from "../../store/disk/view.ts";
import { fieldOf } from "../../ticket/ticket.ts";
import { formatMoment, parseTime } from "../../ticket/time.ts";

const SECOND = 1000;

/**
 * When a ticket that is made now was created: a whole second, or where another ticket has that one, a millisecond after
 * the last, so that tickets of one batch, or of two processes, keep the order in which they were made.
 */
export function newCreated(view: View): string {
  // Those since the cache was written, and of those in it what was written lately.
  const written = view.entries?.writtenSince(view.now - (view.now % SECOND) - SECOND) ?? view.tickets;
  const recent = written.flatMap((ticket) => parseTime(fieldOf(ticket, "created") ?? "") ?? []);
  for (let second = view.now - (view.now % SECOND); ; second += SECOND) {
    const last = recent.reduce((latest, at) => (at < second + SECOND ? Math.max(latest, at) : latest), -1);
    if (last < second) return formatMoment(second);
    const next = Math.max(last + 1, view.now);
    if (next < second + SECOND) return formatMoment(next);
  }
}
