import { ticketHref } from "../page/router.ts";
import { type Toast, toast } from "../page/toasts.tsx";
import { say, wordFor } from "../words/say.ts";
import { Problem, refusal, ticketPath } from "./api.ts";
import { sendChange, whenAnswered } from "./changes.ts";
import { cardOf, readSome, showChanged } from "./model.ts";
import type { Card, Column, Written } from "./shapes.ts";

/** For so long what is to be taken back is waited for. In milliseconds. */
const ANSWER_WAIT = 10_000;

/** Moves a ticket to a column: shown at once, and back with the reason where the server refuses. */
export async function moveTicket(id: string, column: Column): Promise<boolean> {
  if (cardOf(id)?.status === column.id) return true;
  const about = `status ${id}`;
  const endMove = showChanged(new Map([[id, { status: column.id, category: column.category }]]));
  try {
    const body = { column: column.id };
    const written = await sendChange<Written>(ticketPath(id, "/status"), { body, onAnswer: endMove });
    confirmChange(say.data.isIn(ticketName(id), column.name), written, { about });
    return true;
  } catch (error) {
    fail(error, about, {
      text: say.data.stays(ticketName(id), refusal(error)),
      again: () => void moveTicket(id, column),
    });
    await readSome([id]);
    return false;
  }
}

/** Does something with a ticket and says so; false where it was refused, which is said too. */
export async function runVerb(
  id: string,
  verb: string,
  body: Readonly<Record<string, unknown>> = {},
): Promise<boolean> {
  const about = `${verb} ${id}`;
  try {
    const written = await sendChange<Written>(ticketPath(id, `/${verb}`), { body });
    confirmChange(`${ticketName(id)}: ${wordFor(verb, say.done)}`, written, { about });
    return true;
  } catch (error) {
    // With words it is tried again where these were typed.
    fail(error, about, Object.keys(body).length > 0 ? {} : { again: () => void runVerb(id, verb) });
    await readSome([id]);
    return false;
  }
}

/** Makes a ticket; undefined where it was refused, which is said. */
export async function createTicket(body: Readonly<Record<string, unknown>>): Promise<Card | undefined> {
  try {
    const { ticket, ...written } = await sendChange<Written & { ticket: Card }>("/tickets", { body });
    confirmChange(say.data.created(say.data.named(ticket.id, shortTitle(ticket.title))), written, {
      about: "create",
      href: ticketHref(ticket.id),
    });
    for (const { id, title, status } of written.similar ?? []) {
      toast({ text: say.data.similarTo(id, status, title), kind: "note", href: ticketHref(id) });
    }
    return ticket;
  } catch (error) {
    fail(error, "create");
    return undefined;
  }
}

/** Says why something was not done; it can be tried again where the server was only away or busy. */
export function fail(
  error: unknown,
  about: string,
  { text = refusal(error), again }: { readonly text?: string; readonly again?: () => void } = {},
): void {
  const isPassing = error instanceof Problem && error.isPassing;
  toast({ text, kind: "error", about, again: isPassing ? again : undefined });
}

/** A ticket as messages name it: `pro-a1b2 “Build login”`. */
export function ticketName(id: string): string {
  const title = cardOf(id)?.title ?? "";
  return title === "" ? id : say.data.named(id, shortTitle(title));
}

/** A longer title is cut where it is only named. */
const LONGEST = 48;

function shortTitle(title: string): string {
  return title.length > LONGEST ? `${title.slice(0, LONGEST - 1).trimEnd()}…` : title;
}

/** What takes back what was done on this page and was not taken back, the newest last. */
let made: (() => void)[] = [];

/** Remembers what takes something back, for {@link undoLast}; the function that it answers with does so, once. */
export function undoable(takeBack: () => void): () => void {
  const undo = (): void => {
    const left = made.filter((one) => one !== undo);
    if (left.length === made.length) return;
    made = left;
    takeBack();
  };
  made.push(undo);
  return undo;
}

/** Says what was done and what became ready by it, and offers to take it back. */
export function confirmChange(
  text: string,
  { commit, deferred, notices = [], nowReady = [] }: Written,
  more: Pick<Toast, "href" | "about"> = {},
): void {
  const names = nowReady.map(({ id, title }) => say.data.named(id, shortTitle(title)));
  const ready = names.length === 0 ? "" : `; ${say.data.readyNow(names.join(", "))}`;
  const late = deferred === undefined ? "" : `; ${say.data.commitWaits(deferred)}`;
  toast({
    text: `${text}${ready}${late}`,
    kind: "done",
    ...more,
    ...(commit === null ? {} : { undo: undoable(() => void undo(commit, text)) }),
  });
  for (const notice of notices) toast({ text: notice, kind: "note" });
}

/** Takes back what this page changed last, also where that is not answered yet, and once more what came before it. */
export async function undoLast(): Promise<void> {
  await whenAnswered(ANSWER_WAIT);
  // Who did it has the answer by then, and has said how to take it back.
  await new Promise((resolve) => setTimeout(resolve));
  const newest = made.at(-1);
  if (newest === undefined) toast({ text: say.data.nothingToUndo, kind: "note" });
  else newest();
}

/** What was not taken back, as others have changed it since. */
type Left = readonly { readonly field: string | null; readonly reason: string; readonly by: readonly string[] }[];

async function undo(commit: string, text: string): Promise<void> {
  try {
    const { notUndone } = await sendChange<Written & { notUndone: Left }>("/undo", { body: { what: commit } });
    const left = notUndone.map(({ field, reason, by }) => `${field ?? ""} (${[reason, ...by].join(", ")})`.trim());
    if (left.length > 0) toast({ text: say.data.undoneInPart(text, left.join(", ")), kind: "note", about: "undo" });
    else toast({ text: `${say.takenBack}: ${text}`, kind: "done", about: "undo" });
  } catch (error) {
    fail(error, "undo");
  }
}
