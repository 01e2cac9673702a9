import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { categoryOf, columnOf } from "../ticket/rules/columns.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { action } from "./input/action.ts";
import { checkColumn } from "./input/checkInput.ts";
import { moveInput, moveTickets } from "./lifecycle/moveTickets.ts";

/** `ayo ticket unblock <id…>`: back to work where somebody had begun and has it still, else to the first column. */
export const unblock = action({
  name: "unblock",
  summary: "Take parked tickets up again",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) =>
    moveTickets(store, input, {
      verb: "unblock",
      check: assertParked,
      step: (ticket, { view: { board } }) => {
        // A run of a pipeline is nobody's work.
        if (ticket.fields.pipeline !== undefined) return { to: columnOf(board, "active"), isUngated: true };
        const isBegun = ticket.fields.started !== undefined && ticket.fields.assignee !== undefined;
        // Whoever unblocks the work of another does not take it.
        return { to: isBegun ? columnOf(board, "active") : checkColumn(board, board.initial), begins: "assignee" };
      },
    }),
});

/** @throws transition_refused */
function assertParked({ id, status }: Ticket, { view: { board } }: Draft): void {
  const category = categoryOf(board, status);
  if (category !== "done" && category !== "cancelled" && category !== "failed") return;
  throw new AyoError("transition_refused", `${id} is ${status}, not blocked: reopen it`, {
    try: ["ayo", "ticket", "reopen", id],
    data: { id, from: status },
  });
}
