import * as v from "valibot";
import { AyoError } from "../error.ts";
import { assertSelf } from "../store/open/identity/identity.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { action, change, ids, optionalText, type Written, writeOptions } from "./input/action.ts";
import { checkText } from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";
import { findAll, subjectOf } from "./lifecycle/findAll.ts";

/** What `accept` answers. */
export interface Accepted extends Written, WithTickets {}

/** `ayo ticket accept <id…>`: a person lets agents be started for what came from elsewhere. */
export const accept = action({
  name: "accept",
  summary: "Let agents be started for tickets that came from elsewhere; for people",
  writes: true,
  input: v.object({ ids, message: optionalText("a note that goes with it"), ...writeOptions }),
  run: async (store, input): Promise<Accepted> => {
    const outcome = await change(store, input, async (draft) => {
      if (draft.actor.agent) throw new AyoError("needs_person", "only a person can accept what came from elsewhere");
      assertSelf(draft.actor, "accepting");
      const tickets = await findAll(draft, input.ids);
      await assertVersion(store, draft, tickets, input.ifMatch);
      const foreign = tickets.filter(({ fields }) => fields.origin !== undefined);
      for (const ticket of foreign) {
        await draft.patch(ticket, { origin: null });
        if (input.message !== undefined) draft.note(ticket, checkText("message", input.message));
      }
      const result = tickets.map(({ id }) => id);
      if (foreign.length === 0) return { result };
      const sentence = {
        subject: `accept ${subjectOf(foreign)}`,
        event: "updated",
        tickets: foreign.map(({ id }) => id),
      };
      return { result, sentence };
    });
    return { ...outcome.written, ...(await ticketsAfter(store, outcome, outcome.result)) };
  },
});
