import type { View } from "../../store/disk/view.ts";
import { isFinished } from "../../store/disk/view.ts";
import { isSameName } from "../../ticket/rules/claim.ts";
import { fieldOf, type Ticket } from "../../ticket/ticket.ts";
import type { Looked, Need } from "./item.ts";
import { isSeen } from "./news.ts";

/** Events by which work that was handed on comes to its end. */
const ENDS: ReadonlySet<string | undefined> = new Set(["closed", "approved", "failed", "cancelled"]);

/** What somebody handed on and is over, where the ticket that it is a part of is not. */
export function delegatedTickets({ board, tickets, byId }: View, name: string): Ticket[] {
  return tickets.filter((ticket) => {
    if (ticket.known?.hasParent === false) return false;
    if (!isFinished(board, ticket.status) || !isSameName(fieldOf(ticket, "delegatedBy"), name)) return false;
    const parent = byId.get(fieldOf(ticket, "parent") ?? "");
    return parent !== undefined && !isFinished(board, parent.status);
  });
}

/** Told until he who handed it on writes in it, or in the ticket that it is a part of. */
export function delegatedNeeds(looked: Looked, tickets: readonly Ticket[]): Need[] {
  return tickets.flatMap((ticket) => {
    const rows = looked.past(ticket);
    const at = rows.findIndex(({ event, byHand }) => ENDS.has(event) || byHand);
    const row = rows[at];
    if (row === undefined || isSameName(row.actor, looked.name) || isSeen(looked, ticket, rows, at)) return [];
    const parent = looked.view.byId.get(fieldOf(ticket, "parent") ?? "");
    const above = parent === undefined ? [] : looked.past(parent);
    if (above.some((one) => isSameName(one.actor, looked.name) && one.time > row.time)) return [];
    const { id, title, status } = ticket;
    const common = { key: `${id}:delegated`, kind: "delegated" as const, id, title, act: "show" };
    return [{ ...common, by: row.actor, at: row.time * 1000, text: `is ${status}; you handed it on`, about: row.oid }];
  });
}
