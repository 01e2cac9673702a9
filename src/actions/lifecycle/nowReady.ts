import type { View } from "../../store/disk/view.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Tickets that became ready by a change. */
export type NowReady = readonly { readonly id: string; readonly title: string }[];

/** Whose readiness a change of some tickets can turn: who waits for them, and their parents. */
function around(view: View, ids: readonly string[]): Ticket[] {
  return ids.flatMap((id) => {
    const parent = view.byId.get(id)?.fields.parent;
    const above = parent === undefined ? undefined : view.byId.get(parent);
    return [...view.dependents(id), ...(above === undefined ? [] : [above])];
  });
}

/** The tickets around some that are ready. */
export function readyAround(view: View, tickets: readonly Ticket[]): Set<string> {
  const near = around(
    view,
    tickets.map((ticket) => ticket.id),
  );
  return new Set(near.filter((ticket) => view.isReady(ticket)).map((ticket) => ticket.id));
}

/** The tickets around some that are ready and were not. */
export function newlyReady(view: View, ids: readonly string[], before: ReadonlySet<string>): NowReady {
  const ready = around(view, ids).filter((ticket) => !before.has(ticket.id) && view.isReady(ticket));
  return [...new Map(ready.map(({ id, title }) => [id, { id, title }])).values()];
}
