import type { Board } from "../../ticket/rules/board.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";
import { NO_STAMP } from "../open/entry.ts";
import { type Collected, collectPlain } from "./collect.ts";
import { answeredTicket } from "./defaultAnswers.ts";

/** What was collected, with some files changed. */
export function collectedWith(
  view: Pick<Collected, "tickets" | "byId" | "entries">,
  changed: ReadonlyMap<string, Ticket | undefined>,
  problems: readonly Problem[],
): Collected {
  const entries = view.entries?.copy();
  if (entries !== undefined) {
    for (const [file, ticket] of changed) {
      if (ticket === undefined) entries.delete(file);
      else entries.set(file, { stamp: NO_STAMP, racy: true, oid: ticket.version, ticket });
    }
    if (entries.isPlain()) return collectPlain(entries, problems);
  }
  const byId = new Map(view.byId);
  for (const { id, path } of view.tickets()) if (changed.has(path)) byId.delete(id);
  for (const ticket of changed.values()) if (ticket !== undefined) byId.set(ticket.id, ticket);
  const tickets = [...byId.values()];
  return { tickets: () => tickets, byId, problems, isWhole: false };
}

/** What was collected, with these questions answered by default. */
export function withAnswers(found: Collected, overdue: readonly Ticket[], board: Board): Collected {
  const answered = new Map(overdue.map((ticket) => [ticket.path, answeredTicket(ticket, board)]));
  return collectedWith(found, answered, found.problems);
}
