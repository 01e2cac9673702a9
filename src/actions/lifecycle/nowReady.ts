import type { View } from "../../store/disk/view.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Tickets that became ready by a change. */
export type NowReady = readonly { readonly id: string; readonly title: string }[];

/**
 * Whose readiness a change of some tickets can turn: who waits for them, and their parents; where work has to land, who
 * waits for what they are parts of, too.
 */
function around(view: View, ids: readonly string[]): Ticket[] {
  return ids.flatMap((id) => {
    const [above] = parentsOf(view, id);
    return [...waitingFor(view, id), ...(above === undefined ? [] : [above])];
  });
}

/** Who waits for a ticket, and where work has to land also who waits for what it is a part of. */
export function waitingFor(view: View, id: string): readonly Ticket[] {
  if (view.board.landsOn === undefined) return view.dependents(id);
  return [id, ...parentsOf(view, id).map((parent) => parent.id)].flatMap((one) => view.dependents(one));
}

/** A ticket's parent, that one's parent, and so on. */
function parentsOf(view: View, id: string): Ticket[] {
  const all = new Set<Ticket>();
  for (let one = parentOf(view, id); one !== undefined && !all.has(one); one = parentOf(view, one.id)) all.add(one);
  return [...all];
}

function parentOf({ byId }: View, id: string): Ticket | undefined {
  const parent = byId.get(id)?.fields.parent;
  return parent === undefined ? undefined : byId.get(parent);
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

/** Whose readiness a change can turn that also takes tickets away, or out of what they are parts of. */
export interface Watched {
  readonly near: readonly string[];
  readonly ready: ReadonlySet<string>;
}

/** The tickets around some, before a change of these. */
export function watched(view: View, tickets: readonly Ticket[]): Watched {
  const ids = tickets.map(({ id }) => id);
  const near = around(view, ids).filter(({ id }) => !ids.includes(id));
  return {
    near: near.map(({ id }) => id),
    ready: new Set(near.filter((one) => view.isReady(one)).map(({ id }) => id)),
  };
}

/** Those of them that are ready by now; with nothing where none is. */
export function readySince({ near, ready }: Watched, after: View): { readonly nowReady?: NowReady } {
  const now = near.flatMap((id) => after.byId.get(id) ?? []).filter((one) => !ready.has(one.id) && after.isReady(one));
  const nowReady = [...new Map(now.map(({ id, title }) => [id, { id, title }])).values()];
  return nowReady.length === 0 ? {} : { nowReady };
}
