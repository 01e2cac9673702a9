import type { Ticket } from "../ticket.ts";
import type { Board } from "./board.ts";
import { categoryOf } from "./columns.ts";
import { madeByAgents, rootOf } from "./delegation.ts";

/** What it takes to know that. */
interface Known {
  readonly byId: ReadonlyMap<string, Ticket>;
  readonly board: Board;
}

/** Whether limits and costs count a ticket that agents made: as long as its root is not finished. */
export function countsStill({ byId, board }: Known, ticket: Ticket): boolean {
  if (madeByAgents([ticket]).length === 0) return false;
  return !["done", "cancelled", "failed"].includes(categoryOf(board, rootOf(byId, ticket).status) ?? "");
}
