import * as v from "valibot";
import { findTicket } from "../../store/disk/findTicket.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";
import { action, flag, optionalText } from "../input/action.ts";
import { formatDot } from "./dot.ts";
import { formatMermaid } from "./mermaid.ts";
import type { Graph, GraphEdge, GraphNode } from "./shape.ts";

/** What `graph` answers; `text` is the graph in the format that was asked for. */
export interface Graphed extends Graph {
  readonly text: string | null;
  readonly problems: readonly Problem[];
}

const FORMATS = { mermaid: formatMermaid, dot: formatDot, json: () => null };

/** `ayo ticket graph [id]`: every ticket with a dependency or part, or all that comes before and after one. */
export const graph = action({
  name: "graph",
  summary: "Draw what waits for what, for mermaid, graphviz or programs",
  writes: false,
  input: v.object({
    id: optionalText("only this ticket, and what comes before and after it"),
    format: v.optional(
      v.pipe(v.picklist(["mermaid", "dot", "json"]), v.description("mermaid (the default), dot or json")),
    ),
    all: flag("tickets that are tied to no other, too"),
  }),
  run: async (store, input): Promise<Graphed> => {
    const view = await readStore(store);
    const root = input.id === undefined ? undefined : await findTicket(store, view, input.id, true);
    const ids = root === undefined ? undefined : around(view, root);
    const drawn = graphOf(view, [...view.tickets, ...archivedRoot(view, root)], ids, input.all === true);
    return { ...drawn, text: FORMATS[input.format ?? "mermaid"](drawn), problems: view.problems };
  },
});

/** A view has active tickets only; an archived one that is asked for has edges too. */
function archivedRoot(view: View, root: Ticket | undefined): Ticket[] {
  return root === undefined || view.byId.has(root.id) ? [] : [root];
}

/** All that must be done before a ticket, and all that waits for it, along dependencies and parts. */
function around(view: View, root: Ticket): ReadonlySet<string> {
  const fieldsOf = (id: string) => (id === root.id ? root : view.byId.get(id))?.fields;
  const idsOf = (tickets: readonly Ticket[]): string[] => tickets.map(({ id }) => id);
  const before = (id: string): string[] => [...(fieldsOf(id)?.deps ?? []), ...idsOf(view.children(id))];
  const after = (id: string): string[] => {
    const parent = fieldsOf(id)?.parent;
    return [...idsOf(view.dependents(id)), ...(parent === undefined ? [] : [parent])];
  };
  return new Set([...reach(root.id, before), ...reach(root.id, after)]);
}

function reach(start: string, next: (id: string) => readonly string[]): Set<string> {
  const reached = new Set([start]);
  // A set iterates what is added on the way, so it is the queue too.
  for (const id of reached) for (const other of next(id)) reached.add(other);
  return reached;
}

function graphOf(
  view: View,
  tickets: readonly Ticket[],
  ids: ReadonlySet<string> | undefined,
  isolated: boolean,
): Graph {
  const isIn = (id: string): boolean => ids === undefined || ids.has(id);
  const edges = tickets
    .filter(({ id }) => isIn(id))
    .flatMap((ticket) => edgesOf(ticket))
    .filter(({ from, to }) => isIn(from) && isIn(to))
    .sort((left, right) => byText(left.from, right.from) || byText(left.to, right.to) || byText(left.kind, right.kind));
  const shown = new Set(edges.flatMap(({ from, to }) => [from, to]));
  if (ids !== undefined) for (const id of ids) shown.add(id);
  else if (isolated) for (const { id } of tickets) shown.add(id);
  return { nodes: [...shown].sort(byText).map((id) => nodeOf(view, id)), edges };
}

function edgesOf({ id, fields }: Ticket): GraphEdge[] {
  const deps = [...new Set(fields.deps)].map((dep): GraphEdge => ({ from: dep, to: id, kind: "dependency" }));
  return fields.parent === undefined ? deps : [...deps, { from: id, to: fields.parent, kind: "part" }];
}

function nodeOf(view: View, id: string): GraphNode {
  const found = view.lookup.get(id);
  if (found === undefined) return { id, title: "", status: "", category: "missing" };
  const { title, status } = found;
  return { id, title, status, category: categoryOf(view.board, status) ?? null };
}

function byText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
