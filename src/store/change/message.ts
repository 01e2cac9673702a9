import type { CommitPerson } from "../../git/commits/commit.ts";
import type { Actor } from "../open/identity/identity.ts";

/** One change in one sentence, and what a machine reads of it: the commit message, its subject and its trailers. */
export interface Sentence {
  /** `close ayo-x7k2: Build login`; the commit's subject, the event's and the printed line's text. */
  readonly subject: string;
  /** An event's name without `ticket.`; none for hand edits, whose events follow from the diff. */
  readonly event?: string;
  readonly tickets: readonly string[];
  readonly byHand?: true;
  /** Answers that are nobody's: the time to answer is over. */
  readonly isDefault?: true;
  /** What waits for a person's yes: a ticket's id, or config.yml, and the fields. */
  readonly unconfirmed?: readonly string[];
  /** The run of an agent that ends with it, and how: `2 ok`. */
  readonly run?: string;
  /** The step of a pipeline's run that it is, `nightly/mya-x7k2/plan`, and the event that began the run. */
  readonly pipeline?: { readonly step: string; readonly trigger?: string };
  /** The tracker from which it came: `linear`. */
  readonly sync?: string;
  /** The commit that this one takes back, and the names of the files where it is not all of it. */
  readonly undoes?: string;
  /** Refuse with git_busy rather than put off the commit: a claim must never be in doubt. */
  readonly mustCommit?: true;
}

/** Git folds no subject, but people read them in columns. */
const MAX_SUBJECT = 200;

/** What build servers leave alone, in a paragraph of its own. */
export const SKIP_CI = "[skip ci]";

/** The commit message: subject, blank line, trailers. */
export function commitMessage(sentence: Sentence, actor: Actor, skipsCi = false): string {
  const subject = oneLine(sentence.subject);
  const short = subject.length > MAX_SUBJECT ? `${subject.slice(0, MAX_SUBJECT - 1)}…` : subject;
  const trailers = [
    ...sentence.tickets.map((id) => `Ticket: ${id}`),
    ...(sentence.event === undefined ? [] : [`Event: ${sentence.event}`]),
    `Actor: ${oneLine(actor.name)}`,
    ...(sentence.undoes === undefined ? [] : [`Undoes: ${oneLine(sentence.undoes)}`]),
    ...(sentence.byHand ? ["By-hand: yes"] : []),
    ...(sentence.isDefault ? ["Default: yes"] : []),
    ...(sentence.run === undefined ? [] : [`Run: ${sentence.run}`]),
    ...(sentence.sync === undefined ? [] : [`Sync: ${sentence.sync}`]),
    ...pipelineTrailers(sentence),
    ...(sentence.unconfirmed ?? []).map((what) => `Unconfirmed: ${oneLine(what)}`),
  ];
  return [short, ...(skipsCi ? [SKIP_CI] : []), `${trailers.join("\n")}\n`].join("\n\n");
}

function pipelineTrailers({ pipeline }: Sentence): string[] {
  if (pipeline === undefined) return [];
  const { step, trigger } = pipeline;
  return [...(trigger === undefined ? [] : [`Trigger: ${oneLine(trigger)}`]), `Pipeline: ${oneLine(step)}`];
}

/** Whether a message is one of {@link commitMessage}: an inline store's commits lie among those of the project. */
export function isStoreCommit(message: string): boolean {
  const trailers = message.trimEnd().split("\n\n").slice(1).at(-1) ?? "";
  return /^Actor: /m.test(trailers) && /^Ticket: /m.test(trailers);
}

/** An actor as git writes one; times are UTC seconds. */
export function commitPerson(actor: Actor, now: number): CommitPerson {
  const name = actor.agent ? actor.name.slice(1) : actor.name;
  return { name, email: actor.email, time: Math.floor(now / 1000), timezone: "+0000" };
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
