import * as v from "valibot";
import { action } from "./input/action.ts";
import { moveInput, moveTickets } from "./lifecycle/moveTickets.ts";
import { toCategory } from "./lifecycle/step.ts";

/** `ayo ticket fail <id…>`. */
export const fail = action({
  name: "fail",
  summary: "Record that tickets were tried and could not be done",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) => moveTickets(store, input, { verb: "fail", step: toCategory("failed") }),
});
