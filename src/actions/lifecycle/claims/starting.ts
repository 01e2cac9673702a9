import type { Draft } from "../../../store/change/draft.ts";
import type { Store } from "../../../store/open/store.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { type Claimant, standingOf } from "./holder.ts";
import { assertClaimable, claimFields, takingOf } from "./take.ts";

/**
 * What a move besides the gate means where an agent takes up work, which is a claim, also of a
 * ticket that somebody left in the column.
 */
export function startingWork(store: Store, token: string | undefined) {
  const claimantOf = ({ actor }: Draft): Claimant => ({ store, actor, token });
  const isOwn = (ticket: Ticket, draft: Draft): boolean => standingOf(claimantOf(draft), ticket, draft) === "holder";
  return {
    /** @throws claimed, lost_claim, transition_refused */
    check: (ticket: Ticket, draft: Draft): void => {
      const category = categoryOf(draft.view.board, ticket.status);
      if (category === "blocked" || (category === "active" && isOwn(ticket, draft))) return;
      assertClaimable(claimantOf(draft), draft, ticket, false);
    },
    inPlace: (ticket: Ticket, draft: Draft) => {
      const claimant = claimantOf(draft);
      return isOwn(ticket, draft) ? undefined : claimFields(claimant, draft, ticket, takingOf(claimant, draft, {}));
    },
  };
}
