import * as v from "valibot";
import { columnOf } from "../ticket/readiness.ts";
import { action, flag } from "./input/action.ts";
import { moveInput, moveTickets } from "./status.ts";
import { SUBMITTING } from "./submit.ts";

/** `ayo ticket close <id…>`. */
export const close = action({
  name: "close",
  summary: "Finish tickets; says which others became ready",
  writes: true,
  input: v.object({ ...moveInput, review: flag("hand it in for review instead, as submit does") }),
  run: (store, { review, ...input }) =>
    moveTickets(store, input, review ? SUBMITTING : { verb: "close", to: (view) => columnOf(view.board, "done") }),
});
