import * as v from "valibot";
import { findTicket } from "../store/disk/findTicket.ts";
import { isFinished, readStore, type View } from "../store/disk/view.ts";
import type { Store } from "../store/open/store.ts";
import { allRuns, type RunRecord } from "../store/runs/record.ts";
import { categoryOf } from "../ticket/rules/columns.ts";
import { countsUnder } from "../ticket/rules/delegation.ts";
import { formatTree } from "../ticket/rules/graph.ts";
import { compareReady } from "../ticket/rules/readyOrder.ts";
import type { Fields, Ticket } from "../ticket/ticket.ts";
import { goneParts } from "./delegation/goneParts.ts";
import { action, flag, optionalText } from "./input/action.ts";

/** A ticket in the tree of who handed what on to whom. */
export interface TreeTicket {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly category: string | null;
  readonly assignee: string | null;
  readonly delegatedBy: string | null;
  /** The ticket above it in the tree; null at the top. */
  readonly above: string | null;
  /** 0 at the top. */
  readonly depth: number;
  /** How its last run on this machine is, or ended; null where there was none. */
  readonly run: string | null;
  /** What its runs on this machine cost, in dollars, as far as their programs told. */
  readonly cost: number;
}

/** What `tree` answers: every ticket of it before those below it, and the tree as a terminal shows it. */
export interface DelegationTree {
  readonly roots: readonly string[];
  readonly tickets: readonly TreeTicket[];
  readonly lines: readonly string[];
}

/** `ayo ticket tree [id]`: a ticket and its parts, or everything unfinished that has parts. */
export const tree = action({
  name: "tree",
  summary: "Show the parts of tickets, who handed them on to whom, and how they stand",
  writes: false,
  input: v.object({
    id: optionalText("where the tree begins; without it everything unfinished that has parts"),
    all: flag("finished ones too"),
  }),
  run: async (store, input): Promise<DelegationTree> => {
    const view = await readStore(store);
    const parts = partsOf(view);
    for (const some of parts.values()) some.sort(compareReady);
    const top =
      input.id === undefined ? topmost(view, parts, input.all === true) : [await found(store, view, input.id)];
    const tickets: TreeTicket[] = [];
    const told = new Map<string, TreeTicket>();
    const gone = goneParts(store, view);
    const add = async (ticket: Ticket, above: TreeTicket | null): Promise<void> => {
      if (told.has(ticket.id)) return;
      const one = treeTicket(store, view, ticket, above);
      told.set(ticket.id, one);
      tickets.push(one);
      const all = [...(parts.get(ticket.id) ?? []), ...(await gone(ticket.id))];
      parts.set(ticket.id, all);
      for (const part of all) await add(part, one);
    };
    for (const ticket of top) await add(ticket, null);
    const roots = top.map(({ id }) => id);
    const below = (id: string): readonly string[] => (parts.get(id) ?? []).map((part) => part.id);
    return { roots, tickets, lines: formatTree(roots, below, (id) => lineFor(told.get(id), id), { full: false }) };
  },
});

async function found(store: Store, view: View, id: string): Promise<Ticket> {
  return findTicket(store, view, id, false);
}

function aboveOf(fields: Fields): string | undefined {
  return fields.parent ?? countsUnder(fields);
}

/** Every ticket's parts, and what agents made in their runs on it, by its id. */
function partsOf(view: View): Map<string, Ticket[]> {
  const parts = new Map<string, Ticket[]>();
  for (const ticket of view.tickets) {
    const above = aboveOf(ticket.fields);
    if (above !== undefined) parts.set(above, [...(parts.get(above) ?? []), ticket]);
  }
  return parts;
}

function topmost(view: View, parts: ReadonlyMap<string, readonly Ticket[]>, isAll: boolean): Ticket[] {
  const seen = new Set<string>();
  const isTop = ({ fields }: Ticket): boolean => !view.byId.has(aboveOf(fields) ?? "");
  const isShown = (ticket: Ticket): boolean => {
    const below = belowOf(ticket, parts, seen);
    return parts.has(ticket.id) && (isAll || below.some(({ status }) => !isFinished(view.board, status)));
  };
  const top = view.tickets.filter((ticket) => isTop(ticket) && isShown(ticket));
  // What is left lies in circles, which edits by hand make: each begins somewhere.
  const circles = view.tickets.filter((ticket) => parts.has(ticket.id) && !seen.has(ticket.id) && isShown(ticket));
  return [...top, ...circles];
}

/** A ticket and everything below it that is not seen yet. */
function belowOf(ticket: Ticket, parts: ReadonlyMap<string, readonly Ticket[]>, seen: Set<string>): Ticket[] {
  const found = new Map([[ticket.id, ticket]]);
  // A map iterates what is added on the way.
  for (const [id] of found) {
    seen.add(id);
    for (const part of parts.get(id) ?? []) if (!seen.has(part.id)) found.set(part.id, part);
  }
  return [...found.values()];
}

function treeTicket(store: Store, { board }: View, ticket: Ticket, above: TreeTicket | null): TreeTicket {
  const { assignee = [], claimedBy, delegatedBy } = ticket.fields;
  const runs = allRuns(store, ticket.id);
  const last = runs.reduce<RunRecord | undefined>(
    (one, run) => (one === undefined || run.n > one.n ? run : one),
    undefined,
  );
  return {
    id: ticket.id,
    title: ticket.title,
    status: ticket.status,
    category: categoryOf(board, ticket.status) ?? null,
    assignee: assignee.join(", ") || claimedBy || null,
    delegatedBy: delegatedBy ?? null,
    above: above?.id ?? null,
    depth: above === null ? 0 : above.depth + 1,
    run: last === undefined ? null : (last.outcome ?? last.state),
    cost: runs.reduce((sum, { cost = 0 }) => sum + cost, 0),
  };
}

function lineFor(ticket: TreeTicket | undefined, id: string): string {
  if (ticket === undefined) return id;
  const { status, assignee, title, delegatedBy, run, cost } = ticket;
  const facts = [
    ...(delegatedBy === null ? [] : [`from ${delegatedBy}`]),
    ...(run === null ? [] : [`run ${run}`]),
    ...(cost > 0 ? [`$${cost.toFixed(2)}`] : []),
  ];
  const behind = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  return `${id} [${status}] ${assignee === null ? "" : `${assignee}: `}${title}${behind}`;
}
