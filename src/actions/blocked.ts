import * as v from "valibot";
import { readStore } from "../store/disk/view.ts";
import { compareReady } from "../ticket/rules/readiness.ts";
import { action } from "./input/action.ts";
import { filters, filterTickets, type Listed, listed } from "./list.ts";

/** `ayo ticket blocked`: unfinished tickets that wait for something. */
export const blocked = action({
  name: "blocked",
  summary: "List tickets that wait for others, and for which",
  writes: false,
  input: v.object(filters),
  run: async (store, input): Promise<Listed> => {
    const view = await readStore(store);
    const tickets = await filterTickets(store, view, view.tickets, input);
    const found = tickets.filter((ticket) => view.readiness(ticket).blocked).sort(compareReady);
    return listed(view, found, input.limit);
  },
});
