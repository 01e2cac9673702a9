import * as v from "valibot";
import type { Draft } from "../store/change/draft.ts";
import { categoryOf } from "../ticket/rules/columns.ts";
import { beginColumn, begunPhase } from "../ticket/rules/phases.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action } from "./input/action.ts";
import { claimedBySomebody } from "./lifecycle/claims/holder.ts";
import { startingWork } from "./lifecycle/claims/starting.ts";
import { type Move, moveInput, moveTickets } from "./lifecycle/moveTickets.ts";
import { isIn } from "./lifecycle/step.ts";

/** `ayo ticket start <id…>`: a person becomes the assignee of unassigned tickets; an agent claims them. */
export const start = action({
  name: "start",
  summary: "Begin work on tickets; an agent claims them",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) => {
    const agents = startingWork(store, input.claim);
    const move: Move = {
      verb: "start",
      check: (ticket, draft) => (draft.actor.agent ? agents.check(ticket, draft) : refuseTaken(ticket, draft)),
      step: (ticket, draft) => {
        const to = beginColumn(draft.view, ticket);
        const fields = isIn(draft.view, ticket, to)
          ? takenUp(ticket, draft)
          : { ...begun(ticket, draft), ...begunPhase(ticket) };
        return { to, fields, begins: "actor" };
      },
    };
    const takenUp = (ticket: Ticket, draft: Draft) => (draft.actor.agent ? agents.inPlace(ticket, draft) : undefined);
    return moveTickets(store, input, move, { sparesNone: true });
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

/** A person becomes the assignee; an agent's claim comes with the move. */
function begun({ fields }: Ticket, { actor }: Draft): Record<string, string> {
  return actor.agent || fields.assignee !== undefined ? {} : { assignee: actor.name };
}
