import { AyoError } from "../../error.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { Draft } from "./draft.ts";

/**
 * Gives a ticket's file, with what the draft has changed in it, another place. False where somebody else's file lies
 * there: a copy, say, that no commit has. One that says what the ticket's own file does is no loss.
 */
export function moveTicket(draft: Draft, ticket: Ticket, target: string): boolean {
  const text = draft.read(ticket);
  const isGoing = draft.files.get(target) === null;
  draft.put(target, text);
  const there = draft.before.get(target) ?? null;
  if (!isGoing && there !== null && there !== ticket.version) {
    draft.files.delete(target);
    draft.before.delete(target);
    return false;
  }
  draft.put(ticket.path, null);
  return true;
}

/** What to say of a ticket that cannot be moved. */
export function placeTaken({ id }: Ticket, target: string): AyoError {
  const message = `${target}, where ${id} has its place, is another file, and in no commit: move or remove it`;
  return new AyoError("bad_ticket", message, { try: ["ayo", "doctor"], data: { id, path: target } });
}
