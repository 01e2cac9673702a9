import * as v from "valibot";
import { AyoError } from "../error.ts";
import { assertSelf } from "../store/open/identity/identity.ts";
import { workOf } from "../ticket/rules/claim.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { assertInReview } from "./approve.ts";
import { action } from "./input/action.ts";
import { checkColumn } from "./input/checkInput.ts";
import { assertNotUnderReview } from "./lifecycle/claims/reviews.ts";
import { moveInput, moveTickets } from "./lifecycle/moveTickets.ts";

/** `ayo ticket reject <id…> -m reason`: sends submitted work back, for whoever takes it next. */
export const reject = action({
  name: "reject",
  summary: "Send submitted work back with the reason",
  writes: true,
  input: v.object(moveInput),
  run: async (store, input) => {
    const reason = input.message?.trim();
    if (!reason) {
      throw new AyoError("bad_usage", "reject: say why, with -m or --reason", {
        data: { field: "message" },
      });
    }
    return moveTickets(
      store,
      { ...input, message: reason },
      {
        verb: "reject",
        check: (ticket, draft) => {
          assertInReview(ticket, draft.view);
          assertSelf(draft.actor, "rejecting");
          assertNotUnderReview({ store, actor: draft.actor, token: input.claim }, draft, ticket);
        },
        step: (ticket, { view: { board } }) => ({
          to: checkColumn(board, board.initial),
          note: rejection(ticket, reason),
          isUngated: true,
        }),
        event: "rejected",
      },
    );
  },
});

/** The reason, and where the work lies that it is about. */
function rejection(ticket: Ticket, reason: string): string {
  const work = workOf(ticket);
  return `Rejected: ${reason}${work === "" ? "" : `\n\n${work}`}`;
}
