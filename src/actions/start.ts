import * as v from "valibot";
import type { Draft } from "../store/change/draft.ts";
import { categoryOf, columnOf } from "../ticket/readiness.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action } from "./input/action.ts";
import { claimedBySomebody } from "./lifecycle/claims/holder.ts";
import { startingWork } from "./lifecycle/claims/starting.ts";
import { moveInput, moveTickets } from "./status.ts";

/** `ayo ticket start <id…>`: a person becomes the assignee of unassigned tickets; an agent claims them. */
export const start = action({
  name: "start",
  summary: "Begin work on tickets; an agent claims them",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) => {
    const agents = startingWork(store, input.claim);
    return moveTickets(store, input, {
      verb: "start",
      to: (view) => columnOf(view.board, "active"),
      check: (ticket, draft) => (draft.actor.agent ? agents.check(ticket, draft) : refuseTaken(ticket, draft)),
      fields: (ticket, draft) => (draft.actor.agent ? {} : assign(ticket, draft)),
      inPlace: (ticket, draft) => (draft.actor.agent ? agents.inPlace(ticket, draft) : undefined),
      begins: "actor",
      sparesNone: true,
    });
  },
});

/** Of several who start one ticket only the first may believe that it is theirs. */
function refuseTaken(ticket: Ticket, { actor, view }: Draft): void {
  const { claimedBy, assignee = [] } = ticket.fields;
  const holder = claimedBy ?? assignee[0];
  if (categoryOf(view.board, ticket.status) !== "active" || holder === undefined) return;
  if (holder === actor.name || (claimedBy === undefined && assignee.includes(actor.name))) return;
  throw claimedBySomebody(ticket, holder);
}

function assign(ticket: Ticket, draft: Draft): Record<string, string> {
  return ticket.fields.assignee === undefined ? { assignee: draft.actor.name } : {};
}
