import * as v from "valibot";
import { undispatched } from "../ticket/rules/dispatch.ts";
import { saidYes } from "../ticket/rules/unconfirmedKeys.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { action, change, ids, optionalText, text, type Written, writeOptions } from "./input/action.ts";
import { withCaller } from "./input/caller.ts";
import { checkText } from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";
import { acceptedBy, assertGivenOn, assignees, handedOn } from "./lifecycle/changedFields.ts";
import { findAll, subjectOf } from "./lifecycle/findAll.ts";

/** What `assign` answers. */
export interface Assigned extends Written, WithTickets {
  readonly assignee: string;
}

/** `ayo ticket assign <id> <who>`; an empty name takes the assignee away. */
export const assign = action({
  name: "assign",
  summary: "Give tickets to an agent or a person",
  writes: true,
  input: v.object({
    ids,
    assignee: text("@agent or a person; '' for nobody"),
    message: optionalText("a note"),
    ...writeOptions,
  }),
  run: async (store, given): Promise<Assigned> => {
    const input = withCaller(store, given);
    const outcome = await change(store, input, async (draft) => {
      const tickets = await findAll(draft, input.ids);
      await assertVersion(store, draft, tickets, input.ifMatch);
      for (const ticket of tickets) {
        await assertGivenOn(store, draft, ticket, input.assignee);
        const confirmed = draft.actor.agent ? {} : saidYes(ticket.fields.unconfirmed ?? [], ["assignee"]);
        const anew = { ...undispatched(ticket, draft.actor.name), ...acceptedBy(draft.actor, ticket) };
        const given = { assignee: assignees(input.assignee) };
        const further = await handedOn(store, draft, ticket, given);
        await draft.patch(ticket, { ...given, ...further, ...anew, ...confirmed });
        if (input.message !== undefined) draft.note(ticket, checkText("message", input.message));
      }
      const changed = tickets.filter((ticket) => draft.files.has(ticket.path));
      const result = tickets.map((ticket) => ticket.id);
      if (changed.length === 0) return { result };
      const subject = `assign ${subjectOf(changed)} to ${input.assignee || "nobody"}`;
      return { result, sentence: { subject, event: "assigned", tickets: changed.map((ticket) => ticket.id) } };
    });
    const assigned = await ticketsAfter(store, outcome, outcome.result);
    const { unknownAgents } = await import("./delegation/strangers.ts");
    const notices = [...outcome.written.notices, ...(await unknownAgents(store, input.assignee))];
    return { ...outcome.written, ...assigned, notices, assignee: input.assignee };
  },
});
