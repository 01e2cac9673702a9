import { ticketHref } from "../page/router.ts";
import { toast } from "../page/toasts.tsx";
import { say, wordFor } from "../words/say.ts";
import { Problem, refusal, ticketPath } from "./api.ts";
import { sendChange } from "./changes.ts";
import { model, readSome, showChanged } from "./model.ts";
import type { Card, Column, Written } from "./shapes.ts";

/** Moves a ticket to a column: shown at once, and back with the reason where the server refuses. */
export async function moveTicket(id: string, column: Column): Promise<boolean> {
  const known = model.get();
  const card = known === undefined || known instanceof Problem ? undefined : known.cards.get(id);
  if (card?.status === column.id) return true;
  const endMove = showChanged(new Map([[id, { status: column.id, category: column.category }]]));
  try {
    const body = { column: column.id };
    const written = await sendChange<Written>(ticketPath(id, "/status"), { body, onAnswer: endMove });
    confirmChange(say.data.isIn(id, column.name), written);
    return true;
  } catch (error) {
    toast({ text: say.data.stays(id, (error as Error).message), kind: "error" });
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
  try {
    confirmChange(
      `${id}: ${wordFor(verb, say.verbs)}`,
      await sendChange<Written>(ticketPath(id, `/${verb}`), { body }),
    );
    return true;
  } catch (error) {
    toast({ text: refusal(error), kind: "error" });
    await readSome([id]);
    return false;
  }
}

/** Makes a ticket; undefined where it was refused, which is said. */
export async function createTicket(body: Readonly<Record<string, unknown>>): Promise<Card | undefined> {
  try {
    const { ticket, ...written } = await sendChange<Written & { ticket: Card }>("/tickets", { body });
    confirmChange(say.data.created(ticket.id), written, ticketHref(ticket.id));
    for (const { id, title, status } of written.similar ?? []) {
      toast({ text: say.data.similarTo(id, status, title), kind: "note", href: ticketHref(id) });
    }
    return ticket;
  } catch (error) {
    toast({ text: (error as Error).message, kind: "error" });
    return undefined;
  }
}

/** The commits of this page that were not taken back, the newest last. */
let made: string[] = [];

/** Says what was done and what became ready by it, and offers to take it back. */
export function confirmChange(
  text: string,
  { commit, deferred, notices = [], nowReady = [] }: Written,
  href = "",
): void {
  const ready = nowReady.length === 0 ? "" : `; ${say.data.readyNow(nowReady.map(({ id }) => id).join(", "))}`;
  const late = deferred === undefined ? "" : `; ${say.data.commitWaits(deferred)}`;
  toast({
    text: `${text}${ready}${late}`,
    kind: "done",
    ...(href === "" ? {} : { href }),
    ...(commit === null ? {} : { undo: () => void undo(commit) }),
  });
  if (commit !== null) made.push(commit);
  for (const notice of notices) toast({ text: notice, kind: "note" });
}

/** Takes back what this page changed last, and once more what came before it. */
export function undoLast(): void {
  const commit = made.at(-1);
  if (commit === undefined) toast({ text: say.data.nothingToUndo, kind: "note" });
  else void undo(commit);
}

async function undo(commit: string): Promise<void> {
  made = made.filter((one) => one !== commit);
  try {
    await sendChange<Written>("/undo", { body: { what: commit } });
    toast({ text: say.takenBack, kind: "done" });
  } catch (error) {
    toast({ text: (error as Error).message, kind: "error" });
  }
}
