import * as v from "valibot";
import { readStore } from "../store/disk/view.ts";
import { inReadyOrder } from "../ticket/rules/readyOrder.ts";
import { filters, filterTickets, listAction, upTo } from "./list.ts";

/** `ayo ticket blocked`: unfinished tickets that wait for something. */
export const blocked = listAction({
  name: "blocked",
  summary: "List tickets that wait for others, and for which",
  input: v.object(filters),
  find: async (store, input) => {
    const view = await readStore(store);
    const tickets = await filterTickets(store, view, view.tickets, input);
    const found = inReadyOrder(tickets.filter((ticket) => view.isBlocked(ticket)));
    return upTo(input.limit, view, found);
  },
});
