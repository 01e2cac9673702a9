import * as v from "valibot";
import { action } from "./input/action.ts";
import { moveInput, moveTickets } from "./lifecycle/moveTickets.ts";
import { toCategory } from "./lifecycle/step.ts";

/** `ayo ticket cancel <id…>`. */
export const cancel = action({
  name: "cancel",
  summary: "Give tickets up without doing them",
  writes: true,
  input: v.object(moveInput),
  run: (store, input) => moveTickets(store, input, { verb: "cancel", step: toCategory("cancelled") }),
});
