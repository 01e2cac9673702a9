import * as v from "valibot";
import { readStore } from "../store/view.ts";
import { compareReady } from "../ticket/readiness.ts";
import { action, flag } from "./action.ts";
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
  input: v.object({ ...filters, explain: flag("say why the other tickets are not ready") }),
  run: async (store, input): Promise<ReadyList> => {
    const view = await readStore(store);
    const tickets = await filterTickets(store, view, view.tickets, input as Filters);
    const found = tickets.filter((ticket) => view.isReady(ticket)).sort(compareReady);
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
