import path from "node:path";
import type { Draft } from "../../store/change/draft.ts";
import { decodeText, parseText } from "../../store/disk/readFile.ts";
import type { View } from "../../store/disk/view.ts";
import type { Changes } from "../../ticket/events/changes.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "../answers/describe.ts";

/** Something of a change that stays, and why. */
export interface Kept {
  /** Null for a file that is no ticket. */
  readonly id: string | null;
  /** A field; null for the whole ticket. */
  readonly field: string | null;
  readonly reason: string;
  /** Who changed the ticket since. */
  readonly by: readonly string[];
}

/** A ticket that an undo changed, as it is after it; one that it deleted as it was. */
export interface UndoneJson extends TicketJson {
  readonly kind: UndoneTicket["kind"];
  readonly changes: Changes;
}

/** What an undo does to a ticket. */
export interface UndoneTicket {
  readonly id: string;
  readonly title: string;
  readonly kind: "changed" | "deleted" | "restored";
  readonly changes: Changes;
}

/** The tickets of an undo with the texts that it gives them; of one that it deletes the text that it had. */
export async function textsOf(draft: Draft, tickets: readonly UndoneTicket[]): Promise<Map<string, Ticket>> {
  const found = new Map<string, Ticket>();
  for (const [file, text] of draft.files) {
    const one = tickets.find(({ id }) => path.posix.basename(file) === `${id}.md`);
    if (one === undefined || (text === null) !== (one.kind === "deleted")) continue;
    const old = draft.bases.get(draft.before.get(file) ?? "");
    const ticket = await parseText(text ?? (old === undefined ? "" : decodeText(old, file)), file);
    if ("id" in ticket) found.set(one.id, ticket);
  }
  return found;
}

/** The tickets of an undo for JSON, as the store before or after it has them. */
export function undoneJson(
  undone: readonly UndoneTicket[],
  tickets: ReadonlyMap<string, Ticket>,
  { before, after }: { readonly before: View; readonly after: View },
): UndoneJson[] {
  return undone.flatMap(({ id, kind, changes }) => {
    const view = kind === "deleted" ? before : after;
    const ticket = tickets.get(id) ?? view.byId.get(id);
    return ticket === undefined ? [] : { ...ticketJson(view, ticket), kind, changes };
  });
}
