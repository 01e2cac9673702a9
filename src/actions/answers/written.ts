import type { Outcome } from "../../store/change/changing.ts";
import { type TicketJson, ticketJson } from "./describe.ts";

/** The tickets that a change is about, as they are after it; `ticket` is the one, where it is about one. */
export interface WithTickets {
  readonly tickets: readonly TicketJson[];
  readonly ticket?: TicketJson;
}

/** The tickets of these ids after a change. */
export async function ticketsAfter(
  outcome: Pick<Outcome<unknown>, "after">,
  ids: readonly string[],
): Promise<WithTickets> {
  const after = await outcome.after();
  return withTicket(ids.flatMap((id) => after.byId.get(id) ?? []).map((ticket) => ticketJson(after, ticket)));
}

/** Tickets of an answer, with `ticket` where they are one. */
export function withTicket<T extends TicketJson>(
  tickets: readonly T[],
): { readonly tickets: readonly T[]; readonly ticket?: T } {
  const [first] = tickets;
  return tickets.length === 1 && first !== undefined ? { tickets, ticket: first } : { tickets };
}
