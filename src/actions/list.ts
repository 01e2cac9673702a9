import * as v from "valibot";
import { readArchive } from "../store/disk/archive/archive.ts";
import { listArchive } from "../store/disk/archive/archiveFolders.ts";
import { isFinished, readStore, type View } from "../store/disk/view.ts";
import type { Store } from "../store/open/store.ts";
import { type Condition, conditionOf, type FilterKey, joined } from "../ticket/filter/condition.ts";
import { FLAG_FIELDS, type FlagField, labelOf } from "../ticket/plainFields.ts";
import { categoryOf, columnFor } from "../ticket/rules/columns.ts";
import { compareReady, inReadyOrder } from "../ticket/rules/readyOrder.ts";
import { FIELDS, type Problem, type Ticket } from "../ticket/ticket.ts";
import { compareTime } from "../ticket/time.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { type Action, flag, type InputSchema, limitOf, optionalList, optionalText } from "./input/action.ts";
import { SORTS } from "./views/sorts.ts";
import { viewNamed } from "./views/views.ts";

/** Filters in one string, the language of `parseQuery`; REST takes it as `q` too. */
export const query = optionalText(
  "filters in one string: status:open -tag:ui priority:<2 created:>7d is:ready; other words: in the title",
);

/** The flags of the plain fields that lists have one for. */
export const fieldFilters = Object.fromEntries(
  FLAG_FIELDS.map((name) => [name, optionalText(labelOf(name))]),
) as unknown as { readonly [N in FlagField]: ReturnType<typeof optionalText> };

/** The filters that every list takes. */
export const filters = {
  query,
  status: optionalList("columns; a category's name stands for its columns"),
  assignee: optionalText("whose: @agent, a person, or 'none'"),
  type: optionalList("types"),
  tag: optionalList("tags, all; a,b: either"),
  priority: v.optional(v.pipe(v.union([v.string(), v.number()]), v.description("0 (highest) to 4, also 0,1 or <2"))),
  parent: optionalText("id of the ticket they are parts of"),
  ...fieldFilters,
  limit: limitOf("how many"),
  sort: v.optional(v.pipe(v.picklist(SORTS), v.description("by what"))),
};
const input = v.object({
  ...filters,
  view: optionalText("a view that config.yml names under views: its filter and its order"),
  all: flag("the archive too"),
});

/** The parsed filters of a list. */
export type Filters = Omit<v.InferOutput<typeof input>, "view">;

/** A list of tickets; `total` counts what matched, also where a limit cut the list. */
export interface Listed {
  readonly tickets: readonly TicketJson[];
  readonly total: number;
  readonly truncated: boolean;
  readonly problems: readonly Problem[];
}

/** What a list found, before it is described: a terminal's line needs little of a ticket. */
export interface Found<More = object> {
  readonly view: View;
  /** Those that are shown. */
  readonly tickets: readonly Ticket[];
  readonly total: number;
  /** What the answer has besides. */
  readonly more?: More;
}

/** An action that lists tickets. */
export interface ListAction<S extends InputSchema, More> extends Action<S, Listed & More> {
  readonly find: (store: Store, input: v.InferOutput<S>) => Promise<Found<More>>;
}

/** What a list has besides. */
export interface Archived {
  /** How many tickets the archive has, where it was not asked for. */
  readonly archived?: number;
}

/** Declares an action that lists tickets. */
export function listAction<S extends InputSchema, More = object>(
  definition: Omit<ListAction<S, More>, "run" | "writes">,
): ListAction<S, More> {
  const run = async (store: Store, input: v.InferOutput<S>) => describeFound(await definition.find(store, input));
  return { ...definition, writes: false, run };
}

/** The answer of a list. */
export function describeFound<More>({ view, tickets, total, more }: Found<More>): Listed & More {
  const listed: Listed = {
    tickets: tickets.map((ticket) => ticketJson(view, ticket)),
    total,
    truncated: tickets.length < total,
    problems: view.problems,
  };
  return { ...listed, ...(more as More) };
}

/** Cuts a list to its limit. */
export function upTo(limit: number | undefined, view: View, tickets: readonly Ticket[]): Found {
  return { view, tickets: limit === undefined ? tickets : tickets.slice(0, limit), total: tickets.length };
}

/** `ayo ticket list`: unfinished tickets first. */
export const list = listAction({
  name: "list",
  summary: "List tickets, unfinished ones first",
  input,
  find: async (store, input): Promise<Found<Archived>> => {
    const view = await readStore(store);
    const archived = input.all ? await readArchive(store, view.byId) : [];
    const saved = input.view === undefined ? undefined : viewNamed(view.config, input.view);
    const all = archived.length === 0 ? view.tickets : [...view.tickets, ...archived];
    const seen = saved === undefined ? all : await filterTickets(store, view, all, { query: saved.filter });
    const tickets = await filterTickets(store, view, seen, input);
    const found = upTo(input.limit, view, inOrder(view, tickets, input.sort ?? saved?.sort));
    if (tickets.length > 0 || input.all === true) return found;
    // Where everything is finished long since, a list would say that there is nothing.
    const left = listArchive(store.dir).files.length;
    return left === 0 ? found : { ...found, more: { archived: left } };
  },
});

/**
 * The tickets that pass every filter; the flags are short forms of the query language.
 * @throws bad_input for a filter value that can never match: an unknown column, type or priority
 */
export async function filterTickets(
  store: Store,
  view: View,
  tickets: readonly Ticket[],
  input: Filters,
): Promise<readonly Ticket[]> {
  const flags = conditionsOf(input);
  if (flags.length === 0 && input.query === undefined) return tickets;
  const { conditionsTest, queryTest } = await import("./query/filter.ts");
  const scope = { store, view, tickets };
  const test = await conditionsTest(scope, flags);
  if (input.query === undefined) return tickets.filter(test);
  const matches = await queryTest(scope, input.query);
  return tickets.filter((ticket) => test(ticket) && matches(ticket));
}

/** The flags that every list and the search take. */
export type FilterFlags = Pick<Filters, "status" | "assignee" | "type" | "tag" | "priority" | "parent" | FlagField>;

/**
 * The flags as filters of the query language, which they are short for: a comma means any of these, and what is given
 * twice must both be true, except of what a ticket has only one of.
 * @throws bad_input for a value that says nothing
 */
export function conditionsOf(input: FilterFlags): readonly Condition[] {
  const all = (key: FilterKey, values: readonly string[] = []): Condition[] =>
    values.filter((value) => value.trim() !== "").map((value) => conditionOf(key, value));
  const one = (key: FilterKey, value: string | number | undefined): Condition[] =>
    value === undefined ? [] : [conditionOf(key, String(value))];
  return joined([
    ...all("status", input.status),
    ...one("assignee", input.assignee),
    ...all("type", input.type),
    ...all("tag", input.tag),
    ...one("priority", input.priority),
    ...one("parent", input.parent),
    ...FLAG_FIELDS.flatMap((name) => one(FIELDS[name].key, input[name])),
  ]);
}

type Order = (left: Ticket, right: Ticket) => number;

function inOrder(view: View, tickets: readonly Ticket[], sort: Filters["sort"]): readonly Ticket[] {
  if (sort === "priority") return inReadyOrder(tickets);
  if (sort !== undefined) return [...tickets].sort(orderOf(view, sort));
  const [open, done]: [Ticket[], Ticket[]] = [[], []];
  for (const ticket of tickets) (isOpen(view, ticket) ? open : done).push(ticket);
  return inReadyOrder(open).concat(inReadyOrder(done));
}

function orderOf(view: View, sort: Exclude<NonNullable<Filters["sort"]>, "priority">): Order {
  const columns = new Map(view.board.columns.map((column, at) => [column.id, at]));
  const column = (ticket: Ticket): number =>
    columns.get(columnFor(view.board, ticket.status)?.id ?? "") ?? columns.size;
  const byText =
    (read: (ticket: Ticket) => string): Order =>
    (left, right) =>
      compareText(read(left), read(right));
  const byTime =
    (read: (ticket: Ticket) => string | undefined): Order =>
    (left, right) => {
      const [one, other] = [read(left), read(right)];
      if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
      return compareTime(one, other);
    };
  const orders: Record<typeof sort, Order> = {
    created: byTime(({ fields }) => fields.created),
    updated: byTime(({ fields }) => fields.closed ?? fields.started ?? fields.created),
    status: (left, right) => column(left) - column(right) || compareReady(left, right),
    title: byText(({ title }) => title.toLowerCase()),
    id: byText(({ id }) => id),
  };
  return orders[sort];
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
