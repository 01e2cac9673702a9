import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import type { Store } from "../store/open/store.ts";
import { reviewerOf, withAuthors } from "../ticket/rules/authors.ts";
import { WITHOUT_REVIEW, withoutClaim } from "../ticket/rules/claim.ts";
import { categoryOf, columnAt } from "../ticket/rules/columns.ts";
import type { FieldChanges } from "../ticket/text/patchTicket.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action, flag } from "./input/action.ts";
import { checkColumn } from "./input/checkInput.ts";
import { claimedBySomebody, lostClaim, standingOf } from "./lifecycle/claims/holder.ts";
import { type Move, moveInput, moveTickets } from "./lifecycle/moveTickets.ts";
import { isIn } from "./lifecycle/step.ts";

/** `ayo ticket release <id…>`: gives claims back, also those of reviewers; people may take them away. */
export const release = action({
  name: "release",
  summary: "Give claimed tickets back",
  writes: true,
  input: v.object({ ...moveInput, force: flag("take it from somebody else; for people") }),
  run: (store, { force, ...input }) => moveTickets(store, input, releasing({ store, token: input.claim, force })),
});

/** How tickets are given back. */
export function releasing(by: Releasing): Move {
  return {
    verb: "release",
    check: (ticket, draft) => assertReleasable(by, draft, ticket),
    step: (ticket, draft) => {
      const { board } = draft.view;
      const column = columnAt(board, ticket.status);
      // A review, and work in a column for a role, waits where it is.
      const stays = column?.category === "review" || (column?.category === "active" && column.role !== undefined);
      const to = stays ? column : checkColumn(board, board.initial);
      return { to, fields: isIn(draft.view, ticket, to) ? givenBack(ticket, draft) : {}, isUngated: true };
    },
    event: "released",
  };
}

/** What a ticket that stays in its column becomes. */
function givenBack(ticket: Ticket, draft: Draft): FieldChanges | undefined {
  if (ticket.fields.claimedBy === undefined) return undefined;
  draft.claims.set(ticket.id, null);
  if (categoryOf(draft.view.board, ticket.status) === "review") return WITHOUT_REVIEW;
  return { ...withoutClaim(ticket), ...withAuthors(ticket, [ticket.fields.claimedBy]) };
}

/** Who gives tickets back: by which claim, or by force. */
export interface Releasing {
  readonly store: Store;
  readonly token: string | undefined;
  readonly force?: boolean | undefined;
}

/** @throws claimed, lost_claim, needs_person, transition_refused */
function assertReleasable({ store, token, force }: Releasing, draft: Draft, ticket: Ticket): void {
  const { actor, view } = draft;
  if (force && actor.agent) {
    throw new AyoError("needs_person", "only a person can take a claim away: leave --force out", {
      data: { id: ticket.id },
    });
  }
  if (ticket.fields.claimedBy === undefined) {
    throw new AyoError("transition_refused", `${ticket.id} is not claimed`, {
      try: ["ayo", "ticket", "show", ticket.id],
      data: { id: ticket.id },
    });
  }
  if (categoryOf(view.board, ticket.status) === "review" && reviewerOf(ticket) === undefined) {
    throw new AyoError("transition_refused", `${ticket.id} is in review: 'reject' sends it back`, {
      try: ["ayo", "ticket", "show", ticket.id],
      data: { id: ticket.id },
    });
  }
  const claimant = { store, actor, token };
  const standing = standingOf(claimant, ticket, draft);
  if (force || standing === "holder" || standing === "free") return;
  throw standing === "lost" ? lostClaim(claimant, ticket) : claimedBySomebody(ticket);
}
