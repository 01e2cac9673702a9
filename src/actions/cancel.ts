import * as v from "valibot";
import type { Draft } from "../store/change/draft.ts";
import type { View } from "../store/disk/view.ts";
import { countsUnder, madeByAgents } from "../ticket/rules/delegation.ts";
import { isOpenChild } from "../ticket/rules/readiness.ts";
import { compareReady } from "../ticket/rules/readyOrder.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action, flag } from "./input/action.ts";
import { findAll } from "./lifecycle/findAll.ts";
import { type Move, type Moved, moveInput, moveTickets } from "./lifecycle/moveTickets.ts";
import { toCategory } from "./lifecycle/step.ts";

/** `ayo ticket cancel <id…>`. */
export const cancel = action({
  name: "cancel",
  summary: "Give tickets up without doing them",
  writes: true,
  input: v.object({ ...moveInput, children: flag("their open parts too, and the parts of these") }),
  run: async (store, { children, ...input }): Promise<Moved> => {
    const move: Move = { verb: "cancel", step: toCategory("cancelled") };
    if (children) {
      const select = async (draft: Draft) => withParts(draft.view, await findAll(draft, input.ids));
      return moveTickets(store, input, { ...move, select });
    }
    return moveTickets(store, input, move);
  },
});

/**
 * Tickets and every open part of theirs, and what agents made in their runs on them, all the way down, also below parts that
 * are finished: what `ayo ticket tree` shows below them.
 */
function withParts(view: View, tickets: readonly Ticket[]): Ticket[] {
  const made = new Map<string, Ticket[]>();
  for (const one of madeByAgents(view.tickets)) {
    const above = one.fields.parent === undefined ? countsUnder(one.fields) : undefined;
    if (above !== undefined) made.set(above, [...(made.get(above) ?? []), one]);
  }
  const found = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  // A map iterates what is added on the way.
  for (const [id] of found) {
    const parts = [...view.children(id).flatMap((part) => view.byId.get(part.id) ?? []), ...(made.get(id) ?? [])];
    for (const part of parts.sort(compareReady)) if (!found.has(part.id)) found.set(part.id, part);
  }
  const named = new Set(tickets.map(({ id }) => id));
  return [...found.values()].filter((ticket) => named.has(ticket.id) || isOpenChild(view.board, ticket));
}
