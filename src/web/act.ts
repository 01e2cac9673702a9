import { call, Problem, ticketPath } from "./api.ts";
import { model, putCards, readSome, showMoved } from "./model.ts";
import { ticketHref } from "./router.ts";
import type { Card, Column, Written } from "./shapes.ts";
import { toast } from "./toasts.tsx";

/** Moves a ticket to a column: shown at once, and back with the reason where the server refuses. */
export async function moveCard(id: string, column: Column): Promise<boolean> {
  const known = model.get();
  const card = known === undefined || known instanceof Problem ? undefined : known.cards.get(id);
  if (card?.status === column.id) return true;
  const settle = showMoved(id, column);
  try {
    const written = await call<Written>(ticketPath(id, "/status"), { body: { column: column.id } });
    settle();
    tell(`${id} is in ${column.name}`, written);
    return true;
  } catch (error) {
    settle();
    toast({ text: `${id} stays where it was: ${(error as Error).message}`, kind: "error" });
    return false;
  } finally {
    await readSome([id]);
  }
}

/** Does something with a ticket and says so; false where it was refused, which is said too. */
export async function act(id: string, verb: string, body: Readonly<Record<string, unknown>> = {}): Promise<boolean> {
  try {
    const written = await call<Written>(ticketPath(id, `/${verb}`), { body });
    tell(`${id}: ${verb}`, written);
    return true;
  } catch (error) {
    toast({ text: (error as Error).message, kind: "error" });
    return false;
  } finally {
    await readSome([id]);
  }
}

/** Makes a ticket; undefined where it was refused, which is said. */
export async function make(body: Readonly<Record<string, unknown>>): Promise<Card | undefined> {
  try {
    const { ticket, ...written } = await call<Written & { ticket: Card }>("/tickets", { body });
    await readSome([ticket.id, ...(ticket.parent === null ? [] : [ticket.parent])]);
    tell(`made ${ticket.id}`, written, ticketHref(ticket.id));
    return ticket;
  } catch (error) {
    toast({ text: (error as Error).message, kind: "error" });
    return undefined;
  }
}

/** What was done, what became ready by it, and a way to take it back. */
export function tell(
  text: string,
  { commit, deferred, notices = [], nowReady = [], tickets }: Written,
  href = "",
): void {
  if (tickets !== undefined) putCards(tickets);
  const ready = nowReady.length === 0 ? "" : `; ready now: ${nowReady.map(({ id }) => id).join(", ")}`;
  const late = deferred === undefined ? "" : `; the commit waits: ${deferred}`;
  toast({
    text: `${text}${ready}${late}`,
    kind: "done",
    ...(href === "" ? {} : { href }),
    ...(commit === undefined ? {} : { undo: () => void undo(commit) }),
  });
  for (const notice of notices) toast({ text: notice, kind: "note" });
}

async function undo(commit: string): Promise<void> {
  try {
    const answer = await call<{ tickets: { id: string }[]; notUndone?: unknown[] }>("/undo", {
      body: { what: commit },
    });
    await readSome(answer.tickets.map(({ id }) => id));
    toast({ text: "taken back", kind: "done" });
  } catch (error) {
    toast({ text: (error as Error).message, kind: "error" });
  }
}
