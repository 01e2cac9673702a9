import * as v from "valibot";
import type { Draft } from "../store/draft.ts";
import type { Store } from "../store/store.ts";
import { categoryOf, columnOf } from "../ticket/readiness.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action } from "./action.ts";
import { claimedBySomebody, standingOf } from "./claims/holder.ts";
import { assertClaimable, claimFields, takingOf } from "./claims/take.ts";
import { moveInput, moveTickets } from "./status.ts";

/** `ayo ticket start <id…>`: a person becomes the assignee of unassigned tickets; an agent claims them. */
export const start = action({
  name: "start",
  summary: "Begin work on tickets; an agent claims them",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) => {
    const agents = claiming(store, input.claim);
    return moveTickets(store, input, {
      verb: "start",
      to: (view) => columnOf(view.board, "active"),
      check: (ticket, draft) => (draft.actor.agent ? agents.check(ticket, draft) : refuseTaken(ticket, draft)),
      fields: (ticket, draft) => (draft.actor.agent ? agents.fields(ticket, draft) : assign(ticket, draft)),
      inPlace: (ticket, draft) => (draft.actor.agent ? agents.inPlace(ticket, draft) : undefined),
      mustCommit: ({ actor }) => actor.agent,
      sparesNone: true,
    });
  },
});

/** An agent's start is a claim (design.md section 6), also of a ticket that somebody left in the column. */
function claiming(store: Store, token: string | undefined) {
  const fields = (ticket: Ticket, draft: Draft) => {
    const claimant = { store, actor: draft.actor, token };
    return claimFields(claimant, draft, ticket, takingOf(claimant, draft, {}));
  };
  const isOwn = (ticket: Ticket, draft: Draft): boolean =>
    standingOf({ store, actor: draft.actor, token }, ticket, draft) === "holder";
  const isActive = (ticket: Ticket, draft: Draft): boolean => categoryOf(draft.view.board, ticket.status) === "active";
  return {
    check: (ticket: Ticket, draft: Draft): void => {
      const isParked = categoryOf(draft.view.board, ticket.status) === "blocked";
      if (isParked || (isActive(ticket, draft) && isOwn(ticket, draft))) return;
      assertClaimable({ store, actor: draft.actor, token }, draft, ticket, false);
    },
    fields: (ticket: Ticket, draft: Draft) =>
      isActive(ticket, draft) && isOwn(ticket, draft) ? {} : fields(ticket, draft),
    inPlace: (ticket: Ticket, draft: Draft) => (isOwn(ticket, draft) ? undefined : fields(ticket, draft)),
  };
}

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
