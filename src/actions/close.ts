import * as v from "valibot";
import { action, flag } from "./input/action.ts";
import { commitInput, moveInput, moveTickets } from "./lifecycle/moveTickets.ts";
import { toCategory } from "./lifecycle/step.ts";
import { SUBMITTING } from "./submit.ts";

/** `ayo ticket close <id…>`. */
export const close = action({
  name: "close",
  summary: "Finish tickets; says which others became ready",
  writes: true,
  input: v.object({ ...moveInput, ...commitInput, review: flag("hand it in for review instead, as submit does") }),
  run: (store, { review, ...input }) =>
    moveTickets(store, input, review ? SUBMITTING : { verb: "close", step: toCategory("done") }),
});
