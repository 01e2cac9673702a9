import * as v from "valibot";
import { columnOf } from "../ticket/readiness.ts";
import { action } from "./input/action.ts";
import { moveInput, moveTickets } from "./status.ts";

/** `ayo ticket fail <id…>`. */
export const fail = action({
  name: "fail",
  summary: "Record that tickets were tried and could not be done",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) => moveTickets(store, input, { verb: "fail", to: (view) => columnOf(view.board, "failed") }),
});
