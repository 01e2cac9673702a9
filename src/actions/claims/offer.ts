import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/draft.ts";
import type { Store } from "../../store/store.ts";
import type { View } from "../../store/view.ts";
import { isAssignedTo, isForRole, isHeld } from "../../ticket/claim.ts";
import { passGate } from "../../ticket/gate.ts";
import { columnOf, compareReady } from "../../ticket/readiness.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Which tickets `claim --next` may offer. */
export interface OfferFilter {
  readonly count?: number | undefined;
  /** The filter language of lists. */
  readonly query?: string | undefined;
  readonly role?: string | undefined;
  readonly type?: string[] | undefined;
  readonly tag?: string[] | undefined;
  readonly project?: string | undefined;
}

/**
 * The best tickets to claim: what is assigned to the caller first, then what is nobody's, never somebody else's; then
 * by priority, age and id (design.md section 7).
 */
export async function offered(
  store: Store,
  { view, actor }: Pick<Draft, "view" | "actor">,
  filter: OfferFilter,
  by: string = actor.name,
): Promise<Ticket[]> {
  const { role } = filter;
  const wanted = await filtered(store, view, filter);
  const found = wanted.filter(
    (ticket) =>
      (role === undefined || isForRole(ticket, role)) &&
      view.isReady(ticket) &&
      !isTaken(view, ticket) &&
      isOpenTo(ticket, by) &&
      mayBegin(view, ticket),
  );
  const isOwn = (ticket: Ticket): number => Number(!isAssignedTo(ticket, by));
  return found.sort((a, b) => isOwn(a) - isOwn(b) || compareReady(a, b)).slice(0, filter.count ?? 1);
}

async function filtered(store: Store, view: View, filter: OfferFilter): Promise<readonly Ticket[]> {
  const { query, type, tag, project } = filter;
  if ([query, type, tag, project].every((one) => one === undefined)) return view.tickets;
  const { filterTickets } = await import("../list.ts");
  return filterTickets(store, view, view.tickets, { query, type, tag, project });
}

function isTaken({ now }: View, ticket: Ticket): boolean {
  return ticket.fields.lease !== undefined && isHeld(ticket, now);
}

function isOpenTo(ticket: Ticket, by: string): boolean {
  return (ticket.fields.assignee ?? []).length === 0 || isAssignedTo(ticket, by);
}

/** A board whose `transitions:` let nobody begin a ticket from where it is does not offer it. */
function mayBegin({ board, lookup }: View, ticket: Ticket): boolean {
  if (board.transitions === undefined) return true;
  try {
    passGate(ticket, columnOf(board, "active"), { board, lookup, openChildren: [] }, false);
    return true;
  } catch (error) {
    if (error instanceof AyoError) return false;
    throw error;
  }
}
