import { compareRank } from "../rank.ts";
import type { Ticket } from "../ticket.ts";
import { compareTime } from "../time.ts";

/** The order of ready lists: priority (0 first, none is 2), then the order by hand, then created, then id. */
export function compareReady(left: Ticket, right: Ticket): number {
  const [one, other] = [left.known, right.known];
  if (one !== undefined && one.among === other?.among) return one.place - other.place;
  return (
    (left.fields.priority ?? 2) - (right.fields.priority ?? 2) ||
    compareRank(left.fields.rank, right.fields.rank) ||
    compareTime(left.fields.created ?? "", right.fields.created ?? "") ||
    compareText(left.id, right.id)
  );
}

/** A list in the order of {@link compareReady}; most of thousands are told by their places alone. */
export function inReadyOrder(tickets: readonly Ticket[]): Ticket[] {
  const among = tickets.find(({ known }) => known !== undefined)?.known?.among;
  const placed = tickets.filter(({ known }) => known !== undefined && known.among === among);
  if (placed.length + FEW < tickets.length) return [...tickets].sort(compareReady);
  // A place and where it stands in the list in one number, since numbers are sorted much faster than objects.
  const count = placed.length;
  const sorted = Array.from(
    Float64Array.from(placed, ({ known }, at) => (known?.place ?? 0) * count + at).sort(),
    (number) => placed[number % count] as Ticket,
  );
  for (const ticket of tickets) {
    if (ticket.known !== undefined && ticket.known.among === among) continue;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareReady(sorted[middle] as Ticket, ticket) <= 0) low = middle + 1;
      else high = middle;
    }
    sorted.splice(low, 0, ticket);
  }
  return sorted;
}

/** So many tickets that have no place are put among the others one by one. */
const FEW = 200;

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
