import * as v from "valibot";
import { AyoError } from "../error.ts";
import { readArchive } from "../store/archive.ts";
import type { Store } from "../store/store.ts";
import { findTicket, isFinished, readStore, type View } from "../store/view.ts";
import { categoryOf, columnFor, compareReady } from "../ticket/readiness.ts";
import type { Problem, Ticket } from "../ticket/ticket.ts";
import { action, flag, optionalList, optionalText } from "./action.ts";
import { checkPriority, checkType } from "./checkInput.ts";
import { type TicketJson, ticketJson } from "./describe.ts";

/** The filters that every list takes. */
export const filters = {
  status: optionalList("columns; a category's name stands for its columns"),
  assignee: optionalText("whose: @agent, a person, or 'none'"),
  type: optionalList("types"),
  tag: optionalList("tags; all of them"),
  priority: v.optional(v.union([v.string(), v.number()])),
  parent: optionalText("id of the ticket they are parts of"),
  project: optionalText("project"),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1, "must be at least 1"))),
  sort: v.optional(v.picklist(["priority", "created", "updated", "status", "title", "id"])),
};
const input = v.object({ ...filters, all: flag("the archive too") });

/** The parsed filters of a list. */
export type Filters = v.InferOutput<typeof input>;

/** A list of tickets; `total` counts what matched, also where a limit cut the list. */
export interface Listed {
  readonly tickets: readonly TicketJson[];
  readonly total: number;
  readonly truncated: boolean;
  readonly problems: readonly Problem[];
}

/** `ayo ticket list`: unfinished tickets first. */
export const list = action({
  name: "list",
  summary: "List tickets, unfinished ones first",
  writes: false,
  input,
  run: async (store, input): Promise<Listed> => {
    const view = await readStore(store);
    const archived = input.all ? await readArchive(store) : [];
    const tickets = await filterTickets(store, view, [...view.tickets, ...archived], input);
    return listed(view, tickets.sort(orderOf(view, input.sort)), input.limit);
  },
});

/** Cuts a list to its limit and says so. */
export function listed(view: View, tickets: readonly Ticket[], limit: number | undefined): Listed {
  const shown = limit === undefined ? tickets : tickets.slice(0, limit);
  return {
    tickets: shown.map((ticket) => ticketJson(view, ticket)),
    total: tickets.length,
    truncated: shown.length < tickets.length,
    problems: view.problems,
  };
}

/**
 * The tickets that pass every filter.
 * @throws bad_input for a filter value that can never match: an unknown column, type or priority
 */
export async function filterTickets(
  store: Store,
  view: View,
  tickets: readonly Ticket[],
  input: Filters,
): Promise<Ticket[]> {
  const tests: ((ticket: Ticket) => boolean)[] = [];
  if (input.status !== undefined) tests.push(statusTest(view, input.status, tickets));
  if (input.assignee !== undefined) tests.push(assigneeTest(input.assignee));
  if (input.type !== undefined) tests.push(typeTest(view, input.type, tickets));
  if (input.tag !== undefined) tests.push(tagTest(input.tag));
  if (input.priority !== undefined) {
    const priority = checkPriority(input.priority);
    tests.push(({ fields }) => (fields.priority ?? 2) === priority);
  }
  if (input.parent !== undefined) {
    const parent = (await findTicket(store, view, input.parent, true)).id;
    tests.push(({ fields }) => fields.parent === parent);
  }
  if (input.project !== undefined) tests.push(({ fields }) => fields.project === input.project);
  return tests.length === 0 ? [...tickets] : tickets.filter((ticket) => tests.every((test) => test(ticket)));
}

function statusTest(view: View, wanted: readonly string[], tickets: readonly Ticket[]): (ticket: Ticket) => boolean {
  const statuses = new Set<string>();
  for (const name of split(wanted)) {
    const column = columnFor(view.board, name);
    const inCategory = view.board.columns.filter((one) => one.category === name);
    if (column !== undefined) statuses.add(column.id);
    else if (inCategory.length > 0) for (const one of inCategory) statuses.add(one.id);
    else if (tickets.some((ticket) => ticket.status === name)) statuses.add(name);
    else
      throw unknown(
        "status",
        name,
        view.board.columns.map((one) => one.id),
      );
  }
  return (ticket) => statuses.has(ticket.status) || statuses.has(columnFor(view.board, ticket.status)?.id ?? "");
}

function typeTest(view: View, wanted: readonly string[], tickets: readonly Ticket[]): (ticket: Ticket) => boolean {
  const types = split(wanted);
  for (const type of types) {
    if (!tickets.some((ticket) => ticket.fields.type === type)) checkType(view.board, type);
  }
  return ({ fields }) => types.includes(fields.type ?? "");
}

function assigneeTest(wanted: string): (ticket: Ticket) => boolean {
  if (wanted === "none") return ({ fields }) => (fields.assignee ?? []).length === 0;
  const bare = wanted.replace(/^@/, "").toLowerCase();
  return ({ fields }) => (fields.assignee ?? []).some((name) => name.replace(/^@/, "").toLowerCase() === bare);
}

function tagTest(wanted: readonly string[]): (ticket: Ticket) => boolean {
  const tags = split(wanted);
  return ({ fields }) => tags.every((tag) => fields.tags?.includes(tag));
}

function split(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "");
}

function unknown(field: string, value: string, allowed: readonly string[]): AyoError {
  return new AyoError("bad_input", `${field} '${value}' is not one of ${allowed.join(", ")}`, {
    data: { field, allowed },
  });
}

type Order = (left: Ticket, right: Ticket) => number;

function orderOf(view: View, sort: Filters["sort"]): Order {
  const columns = new Map(view.board.columns.map((column, at) => [column.id, at]));
  const column = (ticket: Ticket): number =>
    columns.get(columnFor(view.board, ticket.status)?.id ?? "") ?? columns.size;
  const byText =
    (read: (ticket: Ticket) => string): Order =>
    (left, right) =>
      compareText(read(left), read(right));
  const orders: Record<NonNullable<Filters["sort"]>, Order> = {
    priority: compareReady,
    created: byText(({ fields }) => fields.created ?? ""),
    updated: byText(({ fields }) => fields.closed ?? fields.started ?? fields.created ?? ""),
    status: (left, right) => column(left) - column(right) || compareReady(left, right),
    title: byText(({ title }) => title.toLowerCase()),
    id: byText(({ id }) => id),
  };
  if (sort !== undefined) return orders[sort];
  const finished = new Map<string, boolean>();
  const isDone = ({ status }: Ticket): boolean => {
    if (!finished.has(status)) finished.set(status, isFinished(view.board, status));
    return finished.get(status) as boolean;
  };
  return (left, right) => Number(isDone(left)) - Number(isDone(right)) || compareReady(left, right);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Whether a ticket counts as work that is left: in no finished category, unknown statuses included. */
export function isOpen(view: View, ticket: Ticket): boolean {
  return !isFinished(view.board, ticket.status);
}

/** The category's name for a ticket, or "unknown". */
export function categoryName(view: View, ticket: Ticket): string {
  return categoryOf(view.board, ticket.status) ?? "unknown";
}
