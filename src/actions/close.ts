import * as v from "valibot";
import { action, flag } from "./input/action.ts";
import { commitInput, type Move, moveInput, moveTickets, outputInput } from "./lifecycle/moveTickets.ts";
import { wished } from "./lifecycle/proven.ts";
import { toCategory } from "./lifecycle/step.ts";
import { submitting } from "./submit.ts";
import { verifyFirst } from "./verify/verifyFirst.ts";

/** `ayo ticket close <id…>`. */
export const close = action({
  name: "close",
  summary: "Finish tickets; says which others became ready",
  writes: true,
  input: v.object({
    ...moveInput,
    ...commitInput,
    ...outputInput,
    review: flag("hand it in for review instead, as submit does"),
  }),
  run: async (store, { review, ...input }) => {
    if (review) return moveTickets(store, input, submitting(store));
    await verifyFirst(store, input);
    const done = toCategory("done");
    const step: Move["step"] = (ticket, draft) => wished(store, draft, ticket, "close") ?? done(ticket, draft);
    return moveTickets(store, input, { verb: "close", step });
  },
});
