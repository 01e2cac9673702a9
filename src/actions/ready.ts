import * as v from "valibot";
import { readStore, type View } from "../store/disk/view.ts";
import { actorOf } from "../store/open/identity/identity.ts";
import type { Store } from "../store/open/store.ts";
import { categoryOf, columnAt } from "../ticket/rules/columns.ts";
import { inReadyOrder } from "../ticket/rules/readyOrder.ts";
import type { Caller } from "../ticket/rules/roles.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { flag, optionalText } from "./input/action.ts";
import { type Filters, type Found, filters, filterTickets, isOpen, listAction, upTo } from "./list.ts";

/** Where asked for, why the other unfinished tickets are not in a list. */
export interface ReadyMore {
  readonly notReady?: readonly { readonly id: string; readonly title: string; readonly reasons: readonly string[] }[];
}

/** `ayo ticket ready`: what can be begun now, best first. */
export const ready = listAction({
  name: "ready",
  summary: "List tickets that can be worked on now, best first",
  input: v.object({
    ...filters,
    explain: flag("say why the other tickets are not ready"),
    role: optionalText("only for this role: worker, reviewer, …; and what it is to review"),
    as: optionalText("what is ready for this agent"),
  }),
  find: async (store, input): Promise<Found<ReadyMore>> => {
    const view = await readStore(store);
    const tickets = await filterTickets(store, view, view.tickets, input as Filters);
    const test = await readyTest(store, view, tickets, input);
    const found = inReadyOrder(tickets.filter(test));
    const answer = upTo(input.limit, view, found);
    if (!input.explain) return answer;
    const others = inReadyOrder(tickets.filter((ticket) => isOpen(view, ticket) && !test(ticket)));
    const { role } = input;
    const notReady = others.map((ticket) => ({ id: ticket.id, title: ticket.title, reasons: why(view, ticket, role) }));
    return { ...answer, more: { notReady } };
  },
});

function hasReviewer(ticket: Ticket): boolean {
  return ticket.known?.hasReviewer ?? ticket.fields.reviewer !== undefined;
}

/** What is ready for a caller: what can be worked on, by those of a role where one is asked for, and its reviews. */
async function readyTest(
  store: Store,
  view: View,
  tickets: readonly Ticket[],
  { role, as }: { readonly role?: string | undefined; readonly as?: string | undefined },
): Promise<(ticket: Ticket) => boolean> {
  // Who asks matters to reviews alone, and most stores name no reviewers.
  const asksWho = role !== undefined || tickets.some(hasReviewer);
  if (!asksWho) return view.isReady;
  const { isReadyFor, isReviewOf } = await import("./lifecycle/claims/offer.ts");
  const caller: Caller = { name: actorOf(as, store).name, role };
  return (ticket) =>
    categoryOf(view.board, ticket.status) === "review"
      ? isReviewOf(view, ticket, caller)
      : isReadyFor(view, ticket, role);
}

/** Why a ticket is not offered: what keeps it from everybody, or that it is for another role. */
function why(view: View, ticket: Ticket, role: string | undefined): readonly string[] {
  const { reasons, ready } = view.readiness(ticket);
  if (!ready || role === undefined) return reasons;
  const column = columnAt(view.board, ticket.status);
  const own = column?.role;
  return [
    own === undefined ? `is for a ${ticket.fields.role ?? "worker"}` : `is in ${column?.id}, which is for a ${own}`,
  ];
}
