import type { Lane, Row, ViewName } from "../app/ui.ts";
import type { Data } from "../data/source.ts";

/** The lines of the views that are made of the store's tickets. */
export function ticketLanes(view: ViewName, data: Data): Lane[] {
  const rows = (tickets: Data["columns"][number]["tickets"]): Lane["rows"] => tickets.map((one) => new TicketRow(one));
  if (view === "columns") return data.columns.map(({ name, tickets }) => ({ name, rows: rows(tickets) }));
  if (view === "tree") return [{ name: "", rows: treeRows(data) }];
  if (view === "graph") return [{ name: "", rows: graphRows(data) }];
  return [{ name: "", rows: data.columns.flatMap(({ tickets }) => rows(tickets)) }];
}

/** The line of a ticket, whose id is read when it is asked for: most lines are never seen. */
class TicketRow implements Row {
  readonly ticket: { readonly id: string };
  constructor(ticket: { readonly id: string }) {
    this.ticket = ticket;
  }
  get key(): string {
    return this.ticket.id;
  }
  get id(): string {
    return this.ticket.id;
  }
}

/** Tickets with their parts below them, as deep as they go; a part that does not pass the filter is left out. */
function treeRows({ columns, view }: Data): Lane["rows"] {
  const shown = new Set(columns.flatMap(({ tickets }) => tickets.map(({ id }) => id)));
  const rows: { key: string; id: string; depth: number }[] = [];
  const seen = new Set<string>();
  const add = (id: string, depth: number): void => {
    if (seen.has(id) || !shown.has(id)) return;
    seen.add(id);
    rows.push({ key: id, id, depth });
    for (const child of view.children(id)) add(child.id, depth + 1);
  };
  for (const { tickets } of columns) {
    for (const { id, fields } of tickets) if (fields.parent === undefined || !shown.has(fields.parent)) add(id, 0);
  }
  // What is its own ancestor by a loop.
  for (const id of shown) add(id, 0);
  return rows;
}

/**
 * What waits, below what it waits for; a ticket that waits for several stands below each, and what follows it below the
 * first alone. Tickets of which nothing waits and that wait for nothing are left out.
 */
function graphRows({ columns, view }: Data): Lane["rows"] {
  const all = columns.flatMap(({ tickets }) => tickets);
  const shown = new Set(all.map(({ id }) => id));
  const rows: { key: string; id: string; depth: number; isAgain: boolean }[] = [];
  const seen = new Set<string>();
  const add = (id: string, depth: number, above: string): void => {
    const isAgain = seen.has(id);
    rows.push({ key: isAgain ? `${above} ${id}` : id, id, depth, isAgain });
    if (isAgain) return;
    seen.add(id);
    for (const { id: next } of view.dependents(id)) if (shown.has(next)) add(next, depth + 1, id);
  };
  const isShown = (id: string): boolean => shown.has(id);
  for (const { id, fields } of all) {
    const isRoot = !(fields.deps ?? []).some(isShown) && view.dependents(id).some((one) => isShown(one.id));
    if (isRoot) add(id, 0, "");
  }
  // What waits for itself by a loop.
  for (const { id, fields } of all) if ((fields.deps ?? []).some(isShown) && !seen.has(id)) add(id, 0, "");
  return rows;
}

/** Whether a ticket of the graph stands in a line above, too, with what follows it. */
export function isAgain(row: Lane["rows"][number]): boolean {
  return "isAgain" in row && row.isAgain === true;
}

/** How deep a line of the tree is. */
export function depthOf(row: Lane["rows"][number]): number {
  return "depth" in row && typeof row.depth === "number" ? row.depth : 0;
}
