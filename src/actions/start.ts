import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/draft.ts";
import { categoryOf, columnOf } from "../ticket/readiness.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { parseTime } from "../ticket/time.ts";
import { action } from "./action.ts";
import { moveInput, moveTickets } from "./status.ts";

/** `ayo ticket start <id…>`: whoever starts an unassigned ticket is its assignee. */
export const start = action({
  name: "start",
  summary: "Begin work on tickets",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) =>
    moveTickets(store, input, {
      verb: "start",
      to: (view) => columnOf(view.board, "active"),
      check: refuseTaken,
      fields: assign,
    }),
});

/** Of several who start one ticket only the first may believe that it is theirs. */
function refuseTaken(ticket: Ticket, { actor, view }: Draft): void {
  const { claimedBy, lease, assignee = [] } = ticket.fields;
  const holder = claimedBy ?? assignee[0];
  const expired = lease !== undefined && (parseTime(lease) ?? Number.POSITIVE_INFINITY) <= view.now;
  if (categoryOf(view.board, ticket.status) !== "active" || holder === undefined || expired) return;
  if (holder === actor.name || (claimedBy === undefined && assignee.includes(actor.name))) return;
  throw new AyoError("claimed", `${ticket.id} is being worked on by ${holder}`, {
    try: ["ayo", "ticket", "ready"],
    data: { id: ticket.id, by: holder, since: ticket.fields.started ?? null },
  });
}

function assign(ticket: Ticket, draft: Draft): Record<string, string> {
  return ticket.fields.assignee === undefined ? { assignee: draft.actor.name } : {};
}
