import { AyoError } from "../../../error.ts";
import type { Draft } from "../../../store/change/draft.ts";
import type { View } from "../../../store/disk/view.ts";
import type { Store } from "../../../store/open/store.ts";
import { doubtsIn } from "../../../store/verify/doubts.ts";
import { isAgent, isAssignedTo, isHeld } from "../../../ticket/rules/claim.ts";
import { categoryOf, columnAt } from "../../../ticket/rules/columns.ts";
import { goesBackTo } from "../../../ticket/rules/delegation.ts";
import { passGate } from "../../../ticket/rules/gate.ts";
import { beginColumn } from "../../../ticket/rules/phases.ts";
import { inReadyOrder } from "../../../ticket/rules/readyOrder.ts";
import { type Caller, isReviewFor, isSameRole, namesReviewer, roleOf } from "../../../ticket/rules/roles.ts";
import { unofferedReason } from "../../../ticket/rules/unconfirmedKeys.ts";
import { fieldOf, type Ticket } from "../../../ticket/ticket.ts";
import { roomIn } from "../moving/room.ts";

/** Which tickets `claim --next` may offer. */
export interface OfferFilter {
  readonly count?: number | undefined;
  /** The filter language of lists. */
  readonly query?: string | undefined;
  readonly role?: string | undefined;
  readonly type?: string[] | undefined;
  readonly tag?: string[] | undefined;
  readonly project?: string | undefined;
  /** Tickets that are another's, though nothing here says so. */
  readonly passOver?: ReadonlySet<string> | undefined;
}

/**
 * The best tickets to claim: what is assigned to the caller first, or names it as reviewer, then what is nobody's,
 * never somebody else's; then by priority, age and id.
 */
export async function offered(
  store: Store,
  { view, actor }: Pick<Draft, "view" | "actor">,
  filter: OfferFilter,
  by: string = actor.name,
): Promise<Ticket[]> {
  const { role, passOver } = filter;
  const caller = { name: by, role };
  const wanted = (await filtered(store, view, filter)) ?? maybeOffered(view);
  // Who goes by another's name does no reviews by it; asked for by its role, the refusal says so.
  const reviews = actor.borrowedBy === undefined || role !== undefined || by !== actor.name;
  const doubts = isAgent(by) ? await doubtsIn(store, view, wanted) : NO_DOUBTS;
  const [own, free]: [Ticket[], Ticket[]] = [[], []];
  for (const ticket of wanted) {
    const isOffered = isInReview(view, ticket)
      ? reviews && isReviewOf(view, ticket, caller) && !doubts.has(ticket.id)
      : isWork(view, ticket) && !isTaken(view, ticket) && isOpenTo(ticket, by);
    if (isOffered) (isAssignedTo(ticket, by) || namesReviewer(ticket, by) ? own : free).push(ticket);
  }
  // What takes longer to find is asked in this order, until there is enough.
  const isFree = (ticket: Ticket): boolean =>
    passOver?.has(ticket.id) !== true &&
    (isInReview(view, ticket) || (isReadyFor(view, ticket, role) && mayTake(view, ticket, actor, by)));
  return fitting(view, inReadyOrder(own).concat(inReadyOrder(free)), isFree, filter.count ?? 1);
}

function isInReview({ board }: View, { status }: Ticket): boolean {
  return categoryOf(board, status) === "review";
}

/** Whether a ticket's status is one in which it may be ready. */
function isWork({ board }: View, { status }: Ticket): boolean {
  const category = categoryOf(board, status);
  return category === "todo" || category === "active";
}

/** Whether the caller may begin a ticket that is ready, and nobody's. */
function mayTake(view: View, ticket: Ticket, actor: Draft["actor"], by: string): boolean {
  if (!mayBegin(view, ticket, actor)) return false;
  if (!actor.agent) return true;
  const isKept = unofferedReason(ticket) !== undefined || fieldOf(ticket, "origin") !== undefined;
  return !isKept && !goesBackTo(view.byId, ticket, by);
}

/** The first of some tickets that are free, as many as fit into the columns that claims take them to. */
function fitting(view: View, sorted: readonly Ticket[], isFree: (ticket: Ticket) => boolean, most: number): Ticket[] {
  const room = roomIn(view, []);
  const found: Ticket[] = [];
  for (const ticket of sorted) {
    if (found.length >= most) break;
    if (isFree(ticket) && room(ticket) === undefined) found.push(ticket);
  }
  return found;
}

/** What a person is offered, whatever ayo saw of it. */
const NO_DOUBTS: ReadonlyMap<string, string> = new Map();

/** Whether a ticket can be worked on now, by those of a role where one is asked for. */
export function isReadyFor(view: View, ticket: Ticket, role: string | undefined): boolean {
  return (role === undefined || isForRole(view, ticket, role)) && view.isReady(ticket);
}

/** Whether a ticket is for a role: its column's as long as it is there, else its own; without one for a worker. */
export function isForRole({ board }: View, ticket: Ticket, role: string): boolean {
  return isSameRole(roleOf(ticket, columnAt(board, ticket.status)), role);
}

/** Whether a ticket waits for somebody's review: his role's, or his own where it names him; never of his own work. */
export function isReviewOf({ board, now }: View, ticket: Ticket, caller: Caller): boolean {
  const column = columnAt(board, ticket.status);
  return column?.category === "review" && isReviewFor(ticket, column, caller, now);
}

/** What passes the filter; undefined where nothing narrows it. */
async function filtered(store: Store, view: View, filter: OfferFilter): Promise<readonly Ticket[] | undefined> {
  const { query, type, tag, project, role } = filter;
  if ([query, type, tag, project].every((one) => one === undefined))
    return role === undefined ? undefined : view.tickets;
  const { filterTickets } = await import("../../list.ts");
  return filterTickets(store, view, view.tickets, { query, type, tag, project });
}

/** All but what rows tell is not ready, and no review that names somebody. */
function maybeOffered({ byRow, entries, all }: View): readonly Ticket[] {
  const ready = byRow.ready();
  if (ready === undefined || entries === undefined) return all();
  return [...new Set([...ready.first(ready.count), ...ready.others, ...entries.reviewed()])];
}

function isTaken({ now }: View, ticket: Ticket): boolean {
  return fieldOf(ticket, "lease") !== undefined && isHeld(ticket, now);
}

function isOpenTo(ticket: Ticket, by: string): boolean {
  return (fieldOf(ticket, "assignee") ?? []).length === 0 || isAssignedTo(ticket, by);
}

/**
 * A board whose `transitions:` let nobody begin a ticket from where it is, or whose column of work asks for what it has
 * not, does not offer it; in work it stays there.
 */
function mayBegin(view: View, ticket: Ticket, actor: Draft["actor"]): boolean {
  const { board, lookup } = view;
  if (categoryOf(board, ticket.status) === "active") return true;
  const to = beginColumn(view, ticket);
  if (board.transitions === undefined && to.enter === undefined) return true;
  const { done, total } = ticket.criteria;
  const criteria = () => (done < total ? [{ n: 0, done: false, text: "" }] : []);
  try {
    passGate(ticket, to, { board, lookup, openChildren: [], by: actor, criteria }, false);
    return true;
  } catch (error) {
    if (error instanceof AyoError) return false;
    throw error;
  }
}
