import * as v from "valibot";
import type { Draft } from "../store/change/draft.ts";
import type { Column } from "../ticket/rules/board.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action, text } from "./input/action.ts";
import { checkColumn } from "./input/checkInput.ts";
import { startingWork } from "./lifecycle/claims/starting.ts";
import { commitInput, moveInput, moveTickets } from "./lifecycle/moveTickets.ts";
import { isIn } from "./lifecycle/step.ts";
import { verifyFirst } from "./verify/verifyFirst.ts";

/** `ayo ticket status <id> <column>`. */
export const status = action({
  name: "status",
  summary: "Move tickets to a column of the board",
  writes: true,
  input: v.object({ ...moveInput, ...commitInput, column: text("the column's id") }),
  run: async (store, input) => {
    await verifyFirst(store, input, (board) => checkColumn(board, input.column));
    const agents = startingWork(store, input.claim);
    const columnIn = ({ view }: Draft): Column => checkColumn(view.board, input.column);
    // Of several agents who move one ticket into work only the first may believe that it is theirs.
    const takesUp = (ticket: Ticket, draft: Draft): boolean => {
      const to = columnIn(draft);
      return draft.actor.agent && to.category === "active" && isIn(draft.view, ticket, to);
    };
    return moveTickets(store, input, {
      verb: "move",
      subject: (tickets, draft) => `move to ${columnIn(draft).id}: ${tickets}`,
      check: (ticket, draft) => takesUp(ticket, draft) && agents.check(ticket, draft),
      step: (ticket, draft) => ({
        to: columnIn(draft),
        fields: takesUp(ticket, draft) ? agents.inPlace(ticket, draft) : undefined,
      }),
    });
  },
});
