import { AyoError } from "../../error.ts";
import type { Ticket } from "../ticket.ts";
import type { Board, Column } from "./board.ts";
import { columnAt } from "./columns.ts";

/**
 * Makes sure that a column which refuses more than its limit takes one more ticket; what is in it already stays.
 * @throws wip_limit
 */
export function assertRoom({ id }: Ticket, from: Column | undefined, to: Column, held: () => number): void {
  if (to.refuse === undefined || to.limit === undefined || from?.id === to.id) return;
  const count = held();
  if (count < to.limit) return;
  throw new AyoError("wip_limit", `${id} cannot come into ${to.id}: it ${heldText(to, count)}`, {
    try: ["ayo", "ticket", "list", "--status", to.id],
    data: { id, column: to.id, limit: to.limit, count },
  });
}

/** `holds 3 tickets, and more than 3 are refused`. */
export function heldText({ limit = 0 }: Column, count: number): string {
  return `holds ${count} ${count === 1 ? "ticket" : "tickets"}, and takes no more than ${limit}`;
}

/** How many of some tickets are in a column, one of them left out. */
export function countIn(board: Board, column: Column, tickets: Iterable<Ticket>, without: string): number {
  let count = 0;
  for (const { id, status } of tickets) if (id !== without && columnAt(board, status)?.id === column.id) count++;
  return count;
}
