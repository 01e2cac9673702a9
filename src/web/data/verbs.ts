import { ask } from "../page/ask.ts";
import { draftName } from "../page/drafts.ts";
import { writeStored } from "../page/state.ts";
import { capital } from "../words/forms.ts";
import { say, wordFor } from "../words/say.ts";
import { runVerb } from "./commands.ts";
import type { Card, Config, Offer } from "./shapes.ts";

/** What can be done with a ticket, the likeliest first: a person's yes where it waits for that, then what its category allows. */
export function nextVerbs(card: Pick<Card, "category" | "unconfirmed">, { offers }: Pick<Config, "offers">): Offer[] {
  return [...(card.unconfirmed === undefined ? [] : offers.unconfirmed), ...offers[card.category ?? "todo"]];
}

/** A verb as a button shows it. */
export function verbName(verb: string): string {
  return capital(wordFor(verb, say.verbs));
}

/** Does it, after asking for the reason where one is due; false where the question is left, or the server refuses. */
export async function doVerb(id: string, { verb, asks: question }: Offer): Promise<boolean> {
  const draft = draftName(verb, id);
  const message =
    question === undefined
      ? ""
      : await ask(Object.hasOwn(say.asks, verb) ? wordFor(verb, say.asks) : question, verbName(verb), draft);
  if (message === undefined) return false;
  const isDone = await runVerb(id, verb, message === "" ? {} : { message });
  // Where it is refused the words are needed again.
  if (isDone) writeStored(draft, "");
  return isDone;
}
