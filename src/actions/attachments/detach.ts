import * as v from "valibot";
import { attachmentBytes } from "../../store/attachments/attachmentFiles.ts";
import { attachmentLink, attachmentPath } from "../../ticket/attachments.ts";
import { ticketsAfter, type WithTickets } from "../answers/written.ts";
import { action, change, id, text, type Written, writeOptions } from "../input/action.ts";
import { assertVersion } from "../input/conflict.ts";
import { findName } from "./attachment.ts";

/** What `detach` answers. */
export interface Detached extends Written, WithTickets {
  readonly name: string;
  readonly path: string;
}

/** `ayo ticket detach <id> <name>`: git keeps the file. */
export const detach = action({
  name: "detach",
  summary: "Remove an attached file from a ticket; git keeps it",
  writes: true,
  input: v.object({ id, name: text("the name of the attached file"), ...writeOptions }),
  run: async (store, input): Promise<Detached> => {
    const outcome = await change(store, input, async (draft) => {
      const ticket = await draft.find(input.id);
      await assertVersion(store, draft, [ticket], input.ifMatch);
      const name = findName(store.dir, ticket, input.name);
      const path = attachmentPath(ticket.id, name);
      const listed = ticket.fields.attachments ?? [];
      if (listed.includes(path)) {
        const left = listed.filter((one) => one !== path);
        await draft.patch(ticket, { attachments: left.length === 0 ? null : left });
      }
      // A link in its place is no file of the store: it stays, and doctor tells.
      if (attachmentBytes(store.dir, path) instanceof Buffer) draft.attach(path, null);
      const shown = draft.read(ticket);
      if (shown.includes(`(${attachmentLink(ticket.id, name)}`) || shown.includes(`(${path})`))
        draft.notices.push(`the text of ${ticket.id} still names ${path}`);
      const subject = `detach ${ticket.id}: ${name}`;
      return { result: { id: ticket.id, name, path }, sentence: { subject, event: "updated", tickets: [ticket.id] } };
    });
    const { id: changed, name, path } = outcome.result;
    return { ...outcome.written, ...(await ticketsAfter(store, outcome, [changed])), name, path };
  },
});
