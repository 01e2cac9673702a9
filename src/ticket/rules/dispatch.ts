import type { FieldChanges } from "../text/patchTicket.ts";
import type { Fields, Ticket } from "../ticket.ts";
import type { Board, Column } from "./board.ts";
import { isSameName } from "./claim.ts";
import { categoryOf, columnAt } from "./columns.ts";
import { isForOther } from "./roles.ts";

/** The mark that a dispatcher's claim leaves in a ticket, so that nobody starts the same assignment again. */
export interface Dispatch {
  /** Whose program was started: `@coder`. */
  readonly agent: string;
  /** How often. */
  readonly tries: number;
  /** Its lease ran out: nobody showed a sign of life, and it may be tried again. */
  readonly isLost: boolean;
  /** It handed parts of its work on and ended: it goes on when the last of them is over. */
  readonly isWaiting?: boolean;
}

const MARK = /^(@[A-Za-z0-9][A-Za-z0-9._-]{0,63}) (\d{1,4})( lost| waits)?$/;

/** What a `dispatched:` says; undefined where it is none, which keeps the ticket from being started too. */
export function parseDispatch(text: string): Dispatch | undefined {
  const [, agent, tries, word] = MARK.exec(text) ?? [];
  if (agent === undefined) return undefined;
  const isWaiting = word === " waits" ? { isWaiting: true } : {};
  return { agent, tries: Number(tries), isLost: word === " lost", ...isWaiting };
}

/** The same as text: `@coder 1`, `@coder 2 lost`, `@coder 1 waits`. */
export function formatDispatch({ agent, tries, isLost, isWaiting = false }: Dispatch): string {
  return `${agent} ${tries}${isLost ? " lost" : isWaiting ? " waits" : ""}`;
}

/** The change that the end of a run makes whose agent handed parts on that are not over. */
export function waitingDispatch({ dispatched }: Fields): FieldChanges {
  const mark = dispatched === undefined ? undefined : parseDispatch(dispatched);
  return mark === undefined ? {} : { dispatched: formatDispatch({ ...mark, isLost: false, isWaiting: true }) };
}

/** The change that a lease makes which ran out while an agent's program had the ticket. */
export function lostDispatch({ dispatched, claimedBy }: Fields): FieldChanges {
  const mark = dispatched === undefined ? undefined : parseDispatch(dispatched);
  if (mark === undefined || claimedBy === undefined || !isSameName(claimedBy, mark.agent)) return {};
  return { dispatched: formatDispatch({ ...mark, isWaiting: false, isLost: true }) };
}

/** The change that has a ticket started anew; nothing where it was not started, or the started agent itself says so. */
export function undispatched({ fields: { dispatched } }: Pick<Ticket, "fields">, by: string): FieldChanges {
  if (dispatched === undefined) return {};
  const mark = parseDispatch(dispatched);
  return mark !== undefined && isSameName(mark.agent, by) ? {} : { dispatched: null };
}

/**
 * The same for a move: what was parked, submitted or finished and is to be worked on again, and what comes to a column
 * for a role, is a new assignment; for another role than before it is one for whoever has that role, the started agent
 * among them.
 */
export function undispatchedBy(ticket: Ticket, to: Column, board: Board, by: string): FieldChanges {
  if (ticket.fields.dispatched === undefined) return {};
  const from = categoryOf(board, ticket.status);
  const isWork = to.category === "todo" || to.category === "active";
  const isTakenUp = isWork && from !== "todo" && from !== "active";
  const isForRole = isWork && to.role !== undefined && to.id !== ticket.status;
  if (isForRole && isForOther(columnAt(board, ticket.status), to)) return { dispatched: null };
  return isTakenUp || isForRole ? undispatched(ticket, by) : {};
}
