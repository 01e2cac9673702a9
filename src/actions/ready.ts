import * as v from "valibot";
import { actorOf } from "../store/identity.ts";
import type { Store } from "../store/store.ts";
import { readStore, type View } from "../store/view.ts";
import { compareReady } from "../ticket/readiness.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action, flag, optionalText, writeOptions } from "./action.ts";
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
    role: optionalText("only for this role; a reviewer sees what others submitted"),
    as: writeOptions.as,
  }),
  run: async (store, input): Promise<ReadyList> => {
    const view = await readStore(store);
    const tickets = await filterTickets(store, view, view.tickets, input as Filters);
    const { role } = input;
    const isFor = role === undefined ? undefined : await roleTest(store, view, role, input.as);
    const found = tickets.filter((ticket) => isFor?.(ticket) ?? view.isReady(ticket)).sort(compareReady);
    const answer = listed(view, found, input.limit);
    if (!input.explain) return answer;
    const others = tickets.filter((ticket) => isOpen(view, ticket) && !view.isReady(ticket)).sort(compareReady);
    const notReady = others.map((ticket) => ({
      id: ticket.id,
      title: ticket.title,
      reasons: view.readiness(ticket).reasons,
    }));
    return { ...answer, notReady };
  },
});

/** What is ready for a role: the tickets that name it, and for a reviewer what others wait to have approved. */
async function roleTest(
  store: Store,
  view: View,
  role: string,
  as: string | undefined,
): Promise<(ticket: Ticket) => boolean> {
  const { isForRole } = await import("../ticket/claim.ts");
  const { isReviewer, isToReview } = await import("./claims/reviews.ts");
  const reviews = isReviewer(role);
  const { name } = actorOf(as, store);
  return (ticket) => (reviews && isToReview(view, ticket, name)) || (isForRole(ticket, role) && view.isReady(ticket));
}
