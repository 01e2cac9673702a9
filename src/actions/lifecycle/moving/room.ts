import type { Draft } from "../../../store/change/draft.ts";
import type { View } from "../../../store/disk/view.ts";
import type { Column } from "../../../ticket/rules/board.ts";
import { categoryOf, columnAt } from "../../../ticket/rules/columns.ts";
import { beginColumn } from "../../../ticket/rules/phases.ts";
import { assertRoom, countIn, heldText } from "../../../ticket/rules/room.ts";
import type { Ticket } from "../../../ticket/ticket.ts";

/** How many other tickets a column holds, with what this change moves and makes besides. */
export function othersIn({ view, columns }: Draft, { id }: Ticket, to: Column): number {
  const { board, tickets, byId } = view;
  let count = countIn(board, to, tickets, id);
  for (const [other, column] of columns) {
    if (other === id) continue;
    const was = byId.get(other);
    const isThere = was !== undefined && columnAt(board, was.status)?.id === to.id;
    count += Number(column === to.id) - Number(isThere);
  }
  return count;
}

/**
 * A ticket that a person makes right in a column passes no gate but what the column asks for, and a column that is full takes none of anybody.
 * @throws wip_limit
 */
export function assertRoomForNew(draft: Draft, ticket: Ticket, to: Column, isForced: boolean): void {
  if (!isForced) assertRoom(ticket, undefined, to, () => othersIn(draft, ticket, to));
  draft.columns.set(ticket.id, to.id);
}

/** What is taken back or handed on is never refused: that a column holds more than it takes is told. */
export function tellOverfull(draft: Draft, ticket: Ticket, to: Column): void {
  if (to.refuse === undefined || to.limit === undefined) return;
  const count = othersIn(draft, ticket, to) + 1;
  if (count > to.limit) draft.notices.push(`${to.id} ${heldText(to, count)}`);
}

/**
 * Whether there is room for tickets where a claim would take them, each that is asked about taking a place of it; why
 * not, where there is none. `starting`: tickets that are being claimed already.
 */
export function roomIn(view: View, starting: Iterable<string>): (ticket: Ticket) => string | undefined {
  const { board, tickets, byId } = view;
  const counts = new Map<string, number>();
  const goesTo = (ticket: Ticket): Column | undefined => {
    // Work and reviews stay where they are.
    const category = categoryOf(board, ticket.status);
    const to = category === "active" || category === "review" ? undefined : beginColumn(view, ticket);
    return to?.refuse === undefined ? undefined : to;
  };
  const take = (to: Column): number => {
    const count = counts.get(to.id) ?? countIn(board, to, tickets, "");
    counts.set(to.id, count + 1);
    return count;
  };
  for (const id of starting) {
    const ticket = byId.get(id);
    const to = ticket === undefined ? undefined : goesTo(ticket);
    if (to !== undefined) take(to);
  }
  return (ticket) => {
    const to = goesTo(ticket);
    const count = to === undefined ? 0 : (counts.get(to.id) ?? countIn(board, to, tickets, ""));
    if (to?.limit === undefined) return undefined;
    if (count >= to.limit) return `${to.id} ${heldText(to, count)}`;
    take(to);
    return undefined;
  };
}
