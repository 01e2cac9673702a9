import * as v from "valibot";
import { action } from "./input/action.ts";
import { checkColumn } from "./input/checkInput.ts";
import { moveInput, moveTickets } from "./lifecycle/moveTickets.ts";

/** `ayo ticket reopen <id…>`. */
export const reopen = action({
  name: "reopen",
  summary: "Send tickets back to the first column",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) =>
    moveTickets(store, input, {
      verb: "reopen",
      step: (_, { view }) => ({ to: checkColumn(view.board, view.board.initial) }),
    }),
});
