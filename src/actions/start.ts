import * as v from "valibot";
import type { Draft } from "../store/draft.ts";
import { columnOf } from "../ticket/readiness.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action } from "./action.ts";
import { moveInput, moveTickets } from "./status.ts";

/** `ayo ticket start <id…>`: whoever starts an unassigned ticket is its assignee. */
export const start = action({
  name: "start",
  summary: "Begin work on tickets",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) =>
    moveTickets(store, input, { verb: "start", to: (view) => columnOf(view.board, "active"), fields: assign }),
});

function assign(ticket: Ticket, draft: Draft): Record<string, string> {
  return ticket.fields.assignee === undefined ? { assignee: draft.actor.name } : {};
}
