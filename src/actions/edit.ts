import * as v from "valibot";
import { AyoError } from "../error.ts";
import { parseText } from "../store/readFile.ts";
import { action, change, id, text, type Written, writeOptions } from "./action.ts";
import { versionConflict } from "./conflict.ts";

/** What `edit` answers. */
export interface Edited extends Written {
  readonly id: string;
  readonly changed: boolean;
}

/** Replaces a ticket's whole text, as an editor does; `version` is the one that the editor began with. */
export const edit = action({
  name: "edit",
  summary: "Edit a ticket in $EDITOR; validated and committed on save",
  writes: true,
  input: v.object({ id, text: text("the whole file"), version: text("the version that was edited"), ...writeOptions }),
  run: async (store, input): Promise<Edited> => {
    const parsed = await parseText(input.text, `${input.id}.md`);
    if (!("id" in parsed)) {
      throw new AyoError("bad_ticket", `line ${parsed.line}: ${parsed.message}`, { data: { ...parsed } });
    }
    const outcome = await change(store, input, async (draft) => {
      const ticket = await draft.find(input.id);
      if (ticket.version !== input.version) {
        throw await versionConflict(store, draft, ticket, input.version);
      }
      if (parsed.id !== ticket.id)
        throw new AyoError("bad_input", `the id of ${ticket.id} cannot change to ${parsed.id}`);
      draft.write(ticket, input.text);
      const changed = draft.files.has(ticket.path);
      const result = { id: ticket.id, changed };
      if (!changed) return { result };
      return {
        result,
        sentence: { subject: `edit ${ticket.id}: ${parsed.title}`, event: "updated", tickets: [ticket.id] },
      };
    });
    return { ...outcome.written, ...outcome.result };
  },
});
