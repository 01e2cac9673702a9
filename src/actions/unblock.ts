import * as v from "valibot";
import { columnOf } from "../ticket/readiness.ts";
import { action } from "./input/action.ts";
import { checkColumn } from "./input/checkInput.ts";
import { moveInput, moveTickets } from "./status.ts";

/** `ayo ticket unblock <id…>`: back to work where somebody had begun and has it still, else to the first column. */
export const unblock = action({
  name: "unblock",
  summary: "Take parked tickets up again",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) =>
    moveTickets(store, input, {
      verb: "unblock",
      to: (view, ticket) =>
        ticket.fields.started === undefined || ticket.fields.assignee === undefined
          ? checkColumn(view.board, view.board.initial)
          : columnOf(view.board, "active"),
      // Whoever unblocks the work of another does not take it.
      begins: "assignee",
    }),
});
