import { ask } from "../page/ask.ts";
import { draftName } from "../page/drafts.ts";
import { writeStored } from "../page/state.ts";
import { runVerb } from "./commands.ts";
import type { Card, Category } from "./shapes.ts";

/** What can be done next, by the category that a ticket is in; the first is the likeliest. */
const NEXT: Readonly<Record<Category, readonly string[]>> = {
  todo: ["start", "claim", "block", "close", "cancel"],
  active: ["submit", "close", "release", "block", "fail", "cancel"],
  blocked: ["unblock", "close", "cancel"],
  review: ["approve", "reject", "close"],
  done: ["reopen"],
  cancelled: ["reopen"],
  failed: ["reopen"],
};
/** What needs a word of explanation. */
const ASKS: Readonly<Record<string, string>> = {
  reject: "What is missing?",
  block: "What does it wait for?",
  fail: "Why could it not be done?",
  cancel: "Why is it given up?",
};

/** What can be done with a ticket, of what the server offers. */
export function nextVerbs(card: Pick<Card, "category" | "unconfirmed">, offered: readonly string[]): string[] {
  const waits = card.unconfirmed === undefined ? [] : ["confirm"];
  return [...waits, ...NEXT[card.category ?? "todo"]].filter((verb) => offered.includes(verb));
}

/** A verb as a button shows it. */
export function verbName(verb: string): string {
  return verb.charAt(0).toUpperCase() + verb.slice(1);
}

/** Does it, after asking for the reason where one is due; nothing is done where the question is left. */
export async function doVerb(id: string, verb: string): Promise<void> {
  const question = ASKS[verb];
  const draft = draftName(verb, id);
  const message = question === undefined ? "" : await ask(question, verbName(verb), draft);
  if (message === undefined) return;
  // Where it is refused the words are needed again.
  if (await runVerb(id, verb, message === "" ? {} : { message })) writeStored(draft, "");
}
