import { AyoError } from "../../error.ts";
import { answeredByDefault, defaultNote } from "../../ticket/rules/questions.ts";
import { appendNow, parseNotes } from "../../ticket/text/notes.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { View } from "../disk/view.ts";
import type { Store } from "../open/store.ts";
import { type Draft, openDraft } from "./draft.ts";
import { AYO, type OwnChange } from "./leases.ts";

/**
 * Writes the default answers that are in force: the question goes, a note says what was answered and that nobody did.
 * Nothing is run by it. Whoever writes next does so, as with claims that ran out; reads show the ticket answered before.
 */
export async function answerByDefault(store: Store, view: View): Promise<OwnChange | undefined> {
  const draft = openDraft(store, view, AYO);
  const answered: Ticket[] = [];
  for (const ticket of view.answered) if (await answerOne(draft, ticket)) answered.push(ticket);
  const [first] = answered;
  if (first === undefined) return undefined;
  const ids = answered.map(({ id }) => id);
  const named = ids.length === 1 ? `${first.id}: ${first.title}` : ids.join(", ");
  const subject = `answer by default ${named}`;
  return { draft, sentence: { subject, event: "answered", tickets: ids, isDefault: true } };
}

/** False for a file that only a person can change: it must not keep everybody else from writing. */
async function answerOne(draft: Draft, ticket: Ticket): Promise<boolean> {
  try {
    await draft.patch(ticket, answeredByDefault(ticket, draft.view.board));
    const text = draft.read(ticket);
    draft.write(ticket, appendNow(text, defaultNote(ticket, parseNotes(text))).text);
    return true;
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    draft.files.delete(ticket.path);
    return false;
  }
}
