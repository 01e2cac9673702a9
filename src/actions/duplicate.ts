import * as v from "valibot";
import { AyoError } from "../error.ts";
import { findTicket } from "../store/disk/findTicket.ts";
import { columnOf } from "../ticket/rules/columns.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { action, change, id, type Written, writeOptions } from "./input/action.ts";
import { assertVersion } from "./input/conflict.ts";
import { moving } from "./lifecycle/moving/moving.ts";

/** What `duplicate` answers. */
export interface Duplicated extends Written, WithTickets {
  readonly of: string;
}

/** `ayo ticket duplicate <id> --of <id>`: cancels a ticket in favour of another. */
export const duplicate = action({
  name: "duplicate",
  summary: "Cancel a ticket as a duplicate of another",
  writes: true,
  input: v.object({ id, of: id, ...writeOptions }),
  run: async (store, input): Promise<Duplicated> => {
    const outcome = await change(store, input, async (draft) => {
      const ticket = await draft.find(input.id);
      await assertVersion(store, draft, [ticket], input.ifMatch);
      const of = await findTicket(store, draft.view, input.of, false);
      if (of.id === ticket.id) throw new AyoError("bad_input", `${ticket.id} cannot be a duplicate of itself`);
      const to = columnOf(draft.view.board, "cancelled");
      // As with cancel, only what it waits for does not matter: somebody else's claim does.
      const { fields } = moving(store, draft, ticket, to, { claim: input.claim });
      await draft.patch(ticket, { ...fields, duplicateOf: of.id });
      const subject = `duplicate ${ticket.id}: the same as ${of.id} ${of.title}`;
      const result = { id: ticket.id, of: of.id };
      return { result, sentence: { subject, event: "cancelled", tickets: [ticket.id] } };
    });
    const { id, of } = outcome.result;
    return { ...outcome.written, ...(await ticketsAfter(store, outcome, [id])), of };
  },
});
