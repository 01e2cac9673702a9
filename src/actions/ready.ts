import * as v from "valibot";
import type { ReadyRows } from "../store/disk/table/rowReadiness.ts";
import { readStore, type View } from "../store/disk/view.ts";
import { type Actor, actorOf } from "../store/open/identity/identity.ts";
import type { Store } from "../store/open/store.ts";
import { categoryOf, columnAt } from "../ticket/rules/columns.ts";
import { chainAbove, goesBackTo } from "../ticket/rules/delegation.ts";
import { inReadyOrder } from "../ticket/rules/readyOrder.ts";
import { type Caller, isSameRole, roleOf } from "../ticket/rules/roles.ts";
import { unofferedReason } from "../ticket/rules/unconfirmedKeys.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { flag, optionalText } from "./input/action.ts";
import { conditionsOf, type Filters, type Found, filters, filterTickets, isOpen, listAction, upTo } from "./list.ts";

/** Where asked for, why the other unfinished tickets are not in a list. */
export interface ReadyMore {
  readonly notReady?: readonly { readonly id: string; readonly title: string; readonly reasons: readonly string[] }[];
}

/** `ayo ticket ready`: what can be begun now, best first. */
export const ready = listAction({
  name: "ready",
  summary: "List tickets that can be worked on now, best first",
  input: v.object({
    ...filters,
    explain: flag("say why the other tickets are not ready"),
    role: optionalText("only for this role: worker, reviewer, …; and what it is to review"),
    as: optionalText("what is ready for this agent"),
  }),
  find: async (store, input): Promise<Found<ReadyMore>> => {
    const view = await readStore(store);
    const rows = readyRows(view, input);
    if (rows !== undefined) return fromRows(store, view, rows, input);
    const tickets = await filterTickets(store, view, view.tickets, input as Filters);
    const test = await readyTest(store, view, tickets, input);
    const found = inReadyOrder(tickets.filter(test));
    const answer = upTo(input.limit, view, found);
    if (!input.explain) return answer;
    const others = inReadyOrder(tickets.filter((ticket) => isOpen(view, ticket) && !test(ticket)));
    const { role } = input;
    const notReady = others.map((ticket) => ({ id: ticket.id, title: ticket.title, reasons: why(view, ticket, role) }));
    return { ...answer, more: { notReady } };
  },
});

type Asked = Filters & {
  readonly explain?: boolean | undefined;
  readonly role?: string | undefined;
  readonly as?: string | undefined;
};

/** Where nothing narrows the list and nobody reviews, rows tell most of it: thousands are not looked at one by one. */
function readyRows(view: View, input: Asked): ReadyRows | undefined {
  const isNarrow = input.query !== undefined || conditionsOf(input).length > 0;
  if (isNarrow || input.explain === true || input.role !== undefined) return undefined;
  return view.entries?.reviewed().some(hasReviewer) === false ? view.byRow.ready() : undefined;
}

async function fromRows(store: Store, view: View, rows: ReadyRows, { limit, as }: Asked): Promise<Found<ReadyMore>> {
  const test = await readyTest(store, view, [], { as });
  const others = rows.others.filter(test);
  const tickets = inReadyOrder([...rows.first(limit ?? rows.count), ...others]);
  return { view, tickets: tickets.slice(0, limit), total: rows.count + others.length };
}

function hasReviewer(ticket: Ticket): boolean {
  return ticket.known?.hasReviewer ?? ticket.fields.reviewer !== undefined;
}

/** What is ready for a caller: what can be worked on, by those of a role where one is asked for, and its reviews. */
async function readyTest(
  store: Store,
  view: View,
  tickets: readonly Ticket[],
  { role, as }: { readonly role?: string | undefined; readonly as?: string | undefined },
): Promise<(ticket: Ticket) => boolean> {
  const isKept = keptFrom(store, view, as);
  // Who asks matters to reviews alone, and most stores name no reviewers.
  const asksWho = role !== undefined || tickets.some(hasReviewer);
  if (!asksWho) return (ticket) => view.isReady(ticket) && !isKept(ticket);
  const { isReadyFor, isReviewOf } = await import("./lifecycle/claims/offer.ts");
  const { name, agent } = actorOf(as, store);
  const caller: Caller = { name, role };
  // What only a person can settle is not offered to agents.
  const doubts = agent ? await (await import("../store/verify/doubts.ts")).doubtsIn(store, view, tickets) : undefined;
  return (ticket) =>
    categoryOf(view.board, ticket.status) === "review"
      ? isReviewOf(view, ticket, caller) && doubts?.has(ticket.id) !== true
      : isReadyFor(view, ticket, role) && !isKept(ticket);
}

/** Whether a ticket is kept from the asking agent: it handed that on, or a person has not confirmed it. Who asks is looked up only there. */
function keptFrom(store: Store, { byId }: View, as: string | undefined): (ticket: Ticket) => boolean {
  let caller: Actor | undefined;
  return (ticket) => {
    const isUnoffered = unofferedReason(ticket) !== undefined;
    if (!isUnoffered && chainAbove(byId, ticket).length === 0) return false;
    caller ??= actorOf(as, store);
    return caller.agent && (isUnoffered || goesBackTo(byId, ticket, caller.name));
  };
}

/** Why a ticket is not offered: what keeps it from everybody, that it is for another role, or comes from who asks. */
function why(view: View, ticket: Ticket, role: string | undefined): readonly string[] {
  const { reasons, ready } = view.readiness(ticket);
  if (!ready) return reasons;
  const unoffered = unofferedReason(ticket);
  if (unoffered !== undefined) return [unoffered];
  const column = columnAt(view.board, ticket.status);
  if (role === undefined || isSameRole(roleOf(ticket, column), role))
    return ["comes from you: work does not go back to those who hand it on"];
  const own = column?.role;
  return [
    own === undefined ? `is for a ${ticket.fields.role ?? "worker"}` : `is in ${column?.id}, which is for a ${own}`,
  ];
}
