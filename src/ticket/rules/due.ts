import { dueEnd } from "../moments.ts";
import { fieldOf, type Ticket } from "../ticket.ts";
import type { Board } from "./board.ts";
import { categoryOf } from "./columns.ts";

/** Whether an unfinished ticket should have been done before `now`, in milliseconds since 1970. */
export function isOverdue(ticket: Ticket, board: Board, now: number): boolean {
  const at = overdueAt(ticket, board);
  return at !== undefined && at <= now;
}

/** When an unfinished ticket is overdue, in milliseconds since 1970; undefined for those that are due at no time. */
export function overdueAt(ticket: Ticket, board: Board): number | undefined {
  const due = fieldOf(ticket, "due");
  if (due === undefined) return undefined;
  const category = categoryOf(board, ticket.status);
  return category === "done" || category === "cancelled" || category === "failed" ? undefined : dueEnd(due);
}
