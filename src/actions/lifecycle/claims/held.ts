import { AyoError } from "../../../error.ts";
import { readStore, type View } from "../../../store/disk/view.ts";
import { actorOf, runTicketOf } from "../../../store/open/identity/identity.ts";
import type { Store } from "../../../store/open/store.ts";
import { reviewerOf } from "../../../ticket/rules/authors.ts";
import { isHeld } from "../../../ticket/rules/claim.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import { compareReady } from "../../../ticket/rules/readyOrder.ts";
import type { Ticket } from "../../../ticket/ticket.ts";

/** The tickets that somebody holds and works on now, or reviews, best first. */
export function heldBy(view: View, name: string): Ticket[] {
  const held = view.tickets.filter(
    (ticket) => ticket.fields.claimedBy === name && isHeld(ticket, view.now) && isAtWork(view, ticket),
  );
  return held.sort(compareReady);
}

/**
 * The ticket that a caller means who names none: the one that its run is for, else the only one that it holds: an agent
 * may have several runs at once, all under its name.
 * @throws bad_input where there is none, or more
 */
export async function onlyHeld(store: Store, as: string | undefined): Promise<string> {
  const { name } = actorOf(as, store);
  const held = heldBy(await readStore(store), name).map(({ id }) => id);
  const own = runTicketOf(store.host);
  if (own !== undefined && (held.length === 0 || held.includes(own))) return own;
  const [only] = held;
  if (only !== undefined && held.length === 1) return only;
  const has = held.length === 0 ? "holds none" : `holds ${held.join(", ")}`;
  throw new AyoError("bad_input", `no ticket is named, and ${name} ${has}`, { data: { field: "id", held } });
}

/** Whether the claim of a ticket is that of somebody who works on it now, or reviews it. */
function isAtWork({ board }: View, ticket: Ticket): boolean {
  const category = categoryOf(board, ticket.status);
  return category === "active" || (category === "review" && reviewerOf(ticket) !== undefined);
}
