import * as v from "valibot";
import { columnOf } from "../ticket/readiness.ts";
import { action } from "./action.ts";
import { warmCommits } from "./recordCommits.ts";
import { moveInput, moveTickets } from "./status.ts";

/** `ayo ticket close <id…>`. */
export const close = action({
  name: "close",
  summary: "Finish tickets; says which others became ready",
  writes: true,
  input: v.object(moveInput),
  run: async (store, input) => {
    await warmCommits(store);
    return moveTickets(store, input, { verb: "close", to: (view) => columnOf(view.board, "done") });
  },
});
