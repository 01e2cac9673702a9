import * as v from "valibot";
import { AyoError } from "../error.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { action, change, id, text, type Written, writeOptions } from "./input/action.ts";
import { checkText } from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";

/** What `note` answers. */
export interface Noted extends Written, WithTickets {
  readonly note: { readonly id: string; readonly at: string; readonly by: string };
}

/** `ayo ticket note <id> [text]`; notes only ever append. */
export const note = action({
  name: "note",
  summary: "Append a timestamped note",
  writes: true,
  input: v.object({ id, text: text("the note, in markdown"), ...writeOptions }),
  run: async (store, input): Promise<Noted> => {
    const note = checkText("note", input.text).trim();
    if (note === "") throw new AyoError("bad_input", "the note is empty", { data: { field: "text" } });
    const outcome = await change(store, input, async (draft) => {
      const ticket = await draft.find(input.id);
      await assertVersion(store, draft, [ticket], input.ifMatch);
      const made = draft.note(ticket, note);
      const result = { id: ticket.id, note: { id: made.id, at: made.at, by: draft.actor.name } };
      return {
        result,
        sentence: { subject: `note ${ticket.id}: ${firstLine(note)}`, event: "noted", tickets: [ticket.id] },
      };
    });
    const { id, note: made } = outcome.result;
    return { ...outcome.written, ...(await ticketsAfter(store, outcome, [id])), note: made };
  },
});

function firstLine(note: string): string {
  const line = note.split("\n", 1)[0] ?? "";
  return line.length > 72 ? `${line.slice(0, 71)}…` : line;
}
