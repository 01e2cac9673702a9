import { type TicketJson, ticketJson } from "../../actions/answers/describe.ts";
import type { View } from "../../store/disk/view.ts";
import { depsOf } from "../../ticket/rules/readiness.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** What a change turned, as a client that shows many tickets needs it: nothing is left to be read again. */
export interface Affected {
  /** The tickets of the change, and others that are ready or wait otherwise than before, as they are now. */
  readonly affected: readonly TicketJson[];
  /** Ids of tickets that are no longer among the active ones. */
  readonly gone: readonly string[];
}

/** What turned between two views of a store; tickets that the change's answer `named` are told of in any case. */
export function affectedBetween(before: View, after: View, named: Iterable<string>): Affected {
  const changed = new Set<string>();
  for (const [id, { version }] of after.byId) if (before.byId.get(id)?.version !== version) changed.add(id);
  const gone = [...before.byId.keys()].filter((id) => !after.byId.has(id));
  const told = new Set([...changed, ...named, ...waitForArchived(before, after)]);
  for (const id of [...changed, ...gone]) {
    for (const near of [...neighbours(before, id), ...neighbours(after, id)]) {
      if (stateOf(before, near) !== stateOf(after, near)) told.add(near);
    }
  }
  const tickets = [...told].flatMap((id) => after.byId.get(id) ?? []);
  return { affected: tickets.map((ticket: Ticket) => ticketJson(after, ticket)), gone };
}

/** The tickets that wait for what is in the archive, where that was changed or deleted. */
function waitForArchived(before: View, after: View): string[] {
  const turned = (dep: string): boolean =>
    !after.byId.has(dep) && before.lookup.get(dep)?.status !== after.lookup.get(dep)?.status;
  return after.tickets.filter((ticket) => depsOf(ticket).some(turned)).map(({ id }) => id);
}

/** The tickets that an answer of an action is about. */
export function namedIn(answer: Readonly<Record<string, unknown>>): string[] {
  const { id, ticket, tickets } = answer as { id?: unknown; ticket?: { id?: unknown }; tickets?: unknown };
  const ids = Array.isArray(tickets) ? tickets.map((one: { id?: unknown } | null) => one?.id) : [];
  return [id, ticket?.id, ...ids].filter((one) => typeof one === "string");
}

/** Whose readiness hangs on a ticket: those that wait for it, and the one that it is a part of. */
function neighbours(view: View, id: string): string[] {
  const parent = view.byId.get(id)?.fields.parent;
  return [...view.dependents(id).map((dependent) => dependent.id), ...(parent === undefined ? [] : [parent])];
}

function stateOf(view: View, id: string): string {
  const ticket = view.byId.get(id);
  if (ticket === undefined) return "";
  const { ready, blockedBy } = view.readiness(ticket);
  return `${ready} ${blockedBy.join(" ")}`;
}
