import * as v from "valibot";
import { readStore, type View } from "../store/disk/view.ts";
import { actorOf } from "../store/open/identity.ts";
import type { Store } from "../store/open/store.ts";
import { categoryOf, columnAt } from "../ticket/rules/columns.ts";
import { compareReady } from "../ticket/rules/readiness.ts";
import type { Caller } from "../ticket/rules/roles.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action, flag, optionalText, writeOptions } from "./input/action.ts";
import { type Filters, filters, filterTickets, isOpen, type Listed, listed } from "./list.ts";

/** A list with, where asked for, why the other unfinished tickets are not in it. */
export interface ReadyList extends Listed {
  readonly notReady?: readonly { readonly id: string; readonly title: string; readonly reasons: readonly string[] }[];
}

/** `ayo ticket ready`: what can be begun now, best first. */
export const ready = action({
  name: "ready",
  summary: "List tickets that can be worked on now, best first",
  writes: false,
  input: v.object({
    ...filters,
    explain: flag("say why the other tickets are not ready"),
    role: optionalText("only for this role: worker, reviewer, …; and what it is to review"),
    as: writeOptions.as,
  }),
  run: async (store, input): Promise<ReadyList> => {
    const view = await readStore(store);
    const tickets = await filterTickets(store, view, view.tickets, input as Filters);
    const test = await readyTest(store, view, tickets, input);
    const found = tickets.filter(test).sort(compareReady);
    const answer = listed(view, found, input.limit);
    if (!input.explain) return answer;
    const others = tickets.filter((ticket) => isOpen(view, ticket) && !test(ticket)).sort(compareReady);
    const { role } = input;
    const notReady = others.map((ticket) => ({ id: ticket.id, title: ticket.title, reasons: why(view, ticket, role) }));
    return { ...answer, notReady };
  },
});

/** What is ready for a caller: what can be worked on, by those of a role where one is asked for, and its reviews. */
async function readyTest(
  store: Store,
  view: View,
  tickets: readonly Ticket[],
  { role, as }: { readonly role?: string | undefined; readonly as?: string | undefined },
): Promise<(ticket: Ticket) => boolean> {
  // Who asks matters to reviews alone, and most stores name no reviewers.
  const asksWho = role !== undefined || tickets.some(({ fields }) => fields.reviewer !== undefined);
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
