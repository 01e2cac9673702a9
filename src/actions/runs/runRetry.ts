import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { deciderOf } from "../../store/allow/person.ts";
import { isFinished } from "../../store/disk/view.ts";
import { liveRuns } from "../../store/runs/liveRuns.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { action } from "../input/action.ts";
import { checkColumn } from "../input/checkInput.ts";
import { type Moved, moveInput, moveTickets } from "../lifecycle/moveTickets.ts";

/** `ayo run retry <id…>`: a ticket that was started is started once more. */
export const runRetry = action({
  name: "run retry",
  summary: "Have tickets started again for their agents; what failed is opened again",
  writes: true,
  input: v.object(moveInput),
  run: (store, input): Promise<Moved> => {
    deciderOf(store, input.as, "have agents started again");
    return moveTickets(store, input, {
      verb: "retry",
      check: (ticket) => {
        const run = liveRuns(store).find((one) => one.ticket === ticket.id);
        if (run === undefined) return;
        throw new AyoError("transition_refused", `${ticket.id} has a run that is not over`, {
          try: ["ayo", "run", "stop", ticket.id],
          data: { id: ticket.id },
        });
      },
      step: (ticket, draft) => {
        const { board } = draft.view;
        const category = categoryOf(board, ticket.status);
        const isOver = isFinished(board, ticket.status) || category === "blocked";
        const fields = ticket.fields.dispatched === undefined ? {} : { dispatched: null };
        return { to: checkColumn(board, isOver ? board.initial : ticket.status), fields };
      },
    });
  },
});
