import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import { isFinished } from "../store/disk/view.ts";
import type { Placed } from "../ticket/rank.ts";
import { columnFor } from "../ticket/rules/columns.ts";
import { ranksFor } from "../ticket/rules/rankBetween.ts";
import { compareReady } from "../ticket/rules/readyOrder.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { ticketsAfter, type WithTickets } from "./answers/written.ts";
import { action, change, flag, ids, optionalText, type Written, writeOptions } from "./input/action.ts";
import { assertVersion } from "./input/conflict.ts";
import { findAll, subjectOf } from "./lifecycle/findAll.ts";

const input = v.object({
  ids,
  before: optionalText("id of the ticket that they come before; they get its priority"),
  after: optionalText("id of the ticket that they come after; they get its priority"),
  first: flag("before all others of their column and priority"),
  last: flag("after all others of their column and priority"),
  clear: flag("in no order by hand any more"),
  ...writeOptions,
});
type Input = v.InferOutput<typeof input>;

/** What `rank` answers. */
export interface RankedTickets extends Written, WithTickets {
  /** Where they are now: `before ayo-x7k2`, `first`. */
  readonly place: string;
}

/** `ayo ticket rank <id…>`: several stand in the order in which they are named. */
export const rank = action({
  name: "rank",
  summary: "Order tickets by hand within their column and priority",
  writes: true,
  input,
  run: async (store, input): Promise<RankedTickets> => {
    const how = wayOf(input);
    const outcome = await change(store, input, async (draft) => {
      const tickets = await findAll(draft, input.ids);
      await assertVersion(store, draft, tickets, input.ifMatch);
      const beside = input.before ?? input.after;
      const anchor = beside === undefined ? undefined : await draft.find(beside);
      const place = anchor === undefined ? PLACES[how] : `${how} ${anchor.id}`;
      if (how === "clear") for (const ticket of tickets) await draft.patch(ticket, { rank: null });
      else await putAt(draft, tickets, how, anchor);
      const result = { ids: tickets.map(({ id }) => id), place };
      if (draft.files.size === 0) return { result };
      const sentence = { subject: `rank ${subjectOf(tickets)}, ${place}`, event: "updated", tickets: result.ids };
      return { result, sentence };
    });
    const { ids: ranked, place } = outcome.result;
    return { ...outcome.written, ...(await ticketsAfter(store, outcome, ranked)), place };
  },
});

const WAYS = ["before", "after", "first", "last", "clear"] as const;
type Way = (typeof WAYS)[number];
const PLACES: Readonly<Record<Way, string>> = {
  before: "before",
  after: "after",
  first: "first",
  last: "last",
  clear: "in no order by hand",
};

/** @throws bad_input unless one place is named */
function wayOf(input: Input): Way {
  const named = WAYS.filter((way) => input[way] !== undefined && input[way] !== false);
  const [way] = named;
  if (way !== undefined && named.length === 1) return way;
  throw new AyoError("bad_input", "name one place: before or after a ticket, first, last, or clear", {
    data: { field: named[1] ?? "before", allowed: WAYS },
  });
}

/** Puts tickets beside another one, or at an end of their column and priority. */
async function putAt(draft: Draft, tickets: readonly Ticket[], way: Way, anchor: Ticket | undefined): Promise<void> {
  for (const ticket of anchor === undefined ? tickets : [...tickets, anchor]) assertOrdered(draft, ticket);
  if (anchor !== undefined && tickets.some(({ id }) => id === anchor.id))
    throw new AyoError("bad_input", `${anchor.id} cannot come ${way} itself`, { data: { field: way } });
  const groups = new Map<string, Ticket[]>();
  for (const ticket of tickets) {
    const group = groupOf(draft, anchor ?? ticket);
    groups.set(group, [...(groups.get(group) ?? []), ticket]);
  }
  for (const [group, some] of groups) await putGroup(draft, some, { way, group, anchor });
}

interface Target {
  readonly way: Way;
  readonly group: string;
  readonly anchor: Ticket | undefined;
}

async function putGroup(draft: Draft, tickets: readonly Ticket[], { way, group, anchor }: Target): Promise<void> {
  const moved = new Set(tickets.map(({ id }) => id));
  const others = draft.view.tickets
    .filter((ticket) => !moved.has(ticket.id) && groupOf(draft, ticket) === group)
    .sort(compareReady);
  const beside = others.findIndex(({ id }) => id === anchor?.id);
  const at = { before: beside, after: beside + 1, first: 0, last: others.length, clear: 0 }[way];
  const order = [...others.slice(0, at), ...tickets, ...others.slice(at)];
  const changes = ranksFor(order.map(placed), moved);
  for (const ticket of order) {
    const rank = changes.get(ticket.id);
    const priority = moved.has(ticket.id) ? newPriority(ticket, anchor ?? ticket) : undefined;
    if (rank !== undefined || priority !== undefined) await draft.patch(ticket, { rank, priority });
  }
}

/** The column and the priority within which tickets are ordered by hand. */
function groupOf({ view: { board } }: Draft, { status, fields }: Ticket): string {
  return `${fields.priority ?? 2} ${columnFor(board, status)?.id ?? status}`;
}

function newPriority({ fields }: Ticket, like: Ticket): number | undefined {
  const wanted = like.fields.priority ?? 2;
  return (fields.priority ?? 2) === wanted ? undefined : wanted;
}

function placed({ id, fields: { rank, created } }: Ticket): Placed {
  return { id, rank, created };
}

/** @throws bad_input for a finished ticket */
function assertOrdered({ view: { board } }: Draft, { id, status, path }: Ticket): void {
  if (!isFinished(board, status) && !path.startsWith("archive/")) return;
  throw new AyoError("bad_input", `${id} is ${status}: finished tickets have no order by hand`, {
    data: { field: "ids", id },
  });
}
