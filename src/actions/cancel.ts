import * as v from "valibot";
import { columnOf } from "../ticket/readiness.ts";
import { action } from "./input/action.ts";
import { moveInput, moveTickets } from "./status.ts";

/** `ayo ticket cancel <id…>`. */
export const cancel = action({
  name: "cancel",
  summary: "Give tickets up without doing them",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) => moveTickets(store, input, { verb: "cancel", to: (view) => columnOf(view.board, "cancelled") }),
});
