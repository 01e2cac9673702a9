import type { Outcome } from "../../store/change/changing.ts";
import { readArchived } from "../../store/disk/archive/archive.ts";
import { archiveOf, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./describe.ts";

/** The tickets that a change is about, as they are after it; `ticket` is the one, where it is about one. */
export interface WithTickets {
  readonly tickets: readonly TicketJson[];
  readonly ticket?: TicketJson;
}

/** The tickets of these ids after a change. */
export async function ticketsAfter(
  store: Store,
  outcome: Pick<Outcome<unknown>, "after">,
  ids: readonly string[],
): Promise<WithTickets> {
  const after = await outcome.after();
  return withTicket((await ticketsOf(store, after, ids)).map((ticket) => ticketJson(after, ticket)));
}

/** The tickets of these ids, archived ones too, without those that are nowhere. */
export async function ticketsOf(store: Store, view: View, ids: readonly string[]): Promise<Ticket[]> {
  const tickets: Ticket[] = [];
  for (const id of ids) {
    const ticket = view.byId.get(id) ?? (await archivedTicket(store, view, id));
    if (ticket !== undefined) tickets.push(ticket);
  }
  return tickets;
}

async function archivedTicket(store: Store, view: View, id: string): Promise<Ticket | undefined> {
  const archived = (await archiveOf(store, view)).find(id);
  return archived === undefined ? undefined : readArchived(store, archived.path);
}

/** Tickets of an answer, with `ticket` where they are one. */
export function withTicket<T extends TicketJson>(
  tickets: readonly T[],
): { readonly tickets: readonly T[]; readonly ticket?: T } {
  const [first] = tickets;
  return tickets.length === 1 && first !== undefined ? { tickets, ticket: first } : { tickets };
}
