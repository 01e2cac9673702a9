import type { Ticket } from "../ticket.ts";
import { reviewerOf } from "./authors.ts";
import type { Board, Column } from "./board.ts";
import { isAgent, isLeaseLive } from "./claim.ts";
import { categoryOf, columnAt } from "./columns.ts";
import { unlandedOf, whatHasToLand } from "./landed.ts";
import { reviewersOf } from "./roles.ts";
import { isInDoubt, unaskedReason } from "./unconfirmedKeys.ts";

/** How tickets that others wait for are found, archived ones included. */
export interface Lookup {
  get(id: string): Found | undefined;
  /** Ids of the tickets that have this one as parent; archived ones are none. */
  partsOf(id: string): Iterable<string>;
}

/** What a dependency is judged by; an archived one has no fields. */
interface Found {
  readonly status: string;
  readonly title: string;
  readonly fields?: {
    readonly unconfirmed?: readonly string[];
    readonly commits?: readonly string[];
    readonly landed?: string;
    readonly unlanded?: string;
  };
  readonly known?: { readonly isUnmarked: boolean; readonly isUnlanded: boolean };
}

/** One dependency of a ticket and how far it is; `open` is everything that may still become done. */
export interface DependencyState {
  readonly id: string;
  readonly title?: string;
  readonly state: "done" | "open" | "cancelled" | "failed" | "missing" | "unconfirmed" | "unlanded";
  /** As the ticket has it. */
  readonly status?: string;
  /** Of what is unlanded: the branch that its work is to be on. */
  readonly base?: string;
  /** And what is not there: itself, its parts, or both. */
  readonly unlanded?: readonly string[];
}

/** Whether a ticket can be worked on now, and every reason why not, as sentences without a subject. */
export interface Readiness {
  readonly ready: boolean;
  readonly blocked: boolean;
  /** Ids of the dependencies that are not done. */
  readonly blockedBy: readonly string[];
  readonly reasons: readonly string[];
}

/** The state of every dependency, in the ticket's order, each id once. */
export function dependencyStates(ticket: Ticket, board: Board, lookup: Lookup): DependencyState[] {
  return [...new Set(depsOf(ticket))].map((id) => {
    const found = lookup.get(id);
    if (found === undefined) return { id, state: "missing" };
    const category = categoryOf(board, found.status);
    if (category === "done" && isInDoubt(found)) {
      return { id, title: found.title, status: found.status, state: "unconfirmed" };
    }
    const unlanded = category === "done" ? unlandedOf(id, board, lookup) : NONE;
    if (unlanded.length > 0) {
      const base = board.landsOn as string;
      return { id, title: found.title, status: found.status, state: "unlanded", base, unlanded };
    }
    const isFinal = category === "done" || category === "cancelled" || category === "failed";
    return { id, title: found.title, status: found.status, state: isFinal ? category : "open" };
  });
}

/** Ids of what a ticket waits for and is not done. */
export function blockersOf(ticket: Ticket, board: Board, lookup: Lookup): string[] {
  return dependencyStates(ticket, board, lookup).flatMap(({ id, state }) => (state === "done" ? [] : id));
}

/** Whether a ticket waits for another, or stands in a blocked column; `waits` is asked where that decides. */
export function isBlocked({ status }: Ticket, board: Board, waits: () => readonly unknown[]): boolean {
  const category = categoryOf(board, status);
  if (category === "blocked") return true;
  return (category === "todo" || category === "active" || category === "review") && waits().length > 0;
}

/**
 * What a ticket is at the time `now`, in milliseconds since 1970. Ready is what stands in a column of category todo, or
 * was begun, is held by nobody now and waits for a role or an agent, with every dependency done and no open child.
 * Blocked is what waits for a dependency that is open, missing, failed or cancelled, or stands in a column of category
 * blocked.
 */
export function readinessOf(
  ticket: Ticket,
  board: Board,
  lookup: Lookup,
  openChildren: readonly string[],
  now: number,
): Readiness {
  const column = columnAt(board, ticket.status);
  const waits = dependencyStates(ticket, board, lookup).filter(({ state }) => state !== "done");
  const reason = statusReason(ticket, column, now);
  const reasons = [
    ...(reason === undefined ? [] : [reason]),
    ...waits.map(waitsFor),
    ...(openChildren.length > 0 ? [childrenReason(openChildren)] : []),
  ];
  return {
    ready: isReady(ticket, board, lookup, () => openChildren.length > 0, now),
    blocked: isBlocked(ticket, board, () => waits),
    blockedBy: waits.map(({ id }) => id),
    reasons,
  };
}

/** The yes or no of {@link readinessOf}, without the sentences: lists of thousands ask. */
export function isReady(
  ticket: Ticket,
  board: Board,
  lookup: Lookup,
  hasOpenChild: () => boolean,
  now: number,
): boolean {
  const column = columnAt(board, ticket.status);
  // What the ticket alone tells comes first: most of thousands are told by that.
  if (column === undefined || !isOpen(ticket, column, now) || unaskedReason(ticket) !== undefined) return false;
  for (const id of depsOf(ticket)) {
    const found = lookup.get(id);
    if (found === undefined || categoryOf(board, found.status) !== "done" || isInDoubt(found)) return false;
    if (board.landsOn !== undefined && unlandedOf(id, board, lookup).length > 0) return false;
  }
  return !hasOpenChild();
}

/** Whether a child keeps its parent from being done: it is not finished, or only by hand, past a gate. */
export function isOpenChild(board: Board, child: Found): boolean {
  const category = categoryOf(board, child.status);
  if (category === "done") return isInDoubt(child);
  return category !== "cancelled" && category !== "failed";
}

const NONE: readonly string[] = [];

/** The ids that a ticket waits for. */
export function depsOf(ticket: Ticket): readonly string[] {
  return ticket.known?.deps ?? ticket.fields.deps ?? NONE;
}

/**
 * Whether somebody can take it where it is. What was begun and is nobody's now waits to be gone on with: by the role
 * that its column is for, or by the agent that it is assigned to; a person needs no claim to be at work.
 */
function isOpen(ticket: Ticket, { category, role }: Column, now: number): boolean {
  if (category !== "todo" && category !== "active") return false;
  // Of thousands most are told by this much, and no more is read of them.
  if (ticket.known?.isUnmarked) return category === "todo" || role !== undefined || ticket.known.isForAgent;
  const { claimedBy, lease, pipeline, assignee = NONE } = ticket.fields;
  // Its pipeline goes on with it, and nobody else.
  if (pipeline !== undefined) return false;
  if (category === "todo") return claimedBy === undefined || lease === undefined || !isLeaseLive(lease, now);
  if (lease !== undefined && !isLeaseLive(lease, now)) return true;
  return claimedBy === undefined && (role !== undefined || assignee.some(isAgent));
}

/** Why the status alone keeps a ticket from being ready; undefined when it does not. */
function statusReason(ticket: Ticket, column: Column | undefined, now: number): string | undefined {
  const isWork = column?.category === "todo" || column?.category === "active";
  return (isWork ? unaskedReason(ticket) : undefined) ?? columnReason(ticket, column, now);
}

function columnReason(ticket: Ticket, column: Column | undefined, now: number): string | undefined {
  const { claimedBy, lease } = ticket.fields;
  switch (column?.category) {
    case undefined:
      return ticket.status === "" ? "has no status" : `status '${ticket.status}' is not a column of this board`;
    case "todo":
    case "active":
      if (isOpen(ticket, column, now)) return undefined;
      if (ticket.fields.pipeline !== undefined) return `is a run of pipeline ${ticket.fields.pipeline}`;
      if (claimedBy === undefined) return "is in progress";
      return lease === undefined ? `is in progress by ${claimedBy}` : claimReason(claimedBy, lease);
    case "blocked":
      return blockReason(ticket);
    case "review":
      return reviewReason(ticket, column, now);
    default:
      return `is ${ticket.status}`;
  }
}

function reviewReason(ticket: Ticket, column: Column, now: number): string {
  const by = reviewerOf(ticket);
  const { lease, unconfirmed } = ticket.fields;
  if (unconfirmed !== undefined) {
    return `is in review: was changed by hand (${unconfirmed.join(", ")}) and waits for a person's 'ticket confirm'`;
  }
  if (by === undefined || (lease !== undefined && !isLeaseLive(lease, now))) {
    return `is in review: waits for ${reviewersOf(ticket, column).join(" or ")}`;
  }
  return lease === undefined ? `is in review by ${by}` : `is in review by ${by} until ${lease}`;
}

function blockReason({ fields: { question, blockedReason } }: Ticket): string {
  if (question !== undefined) return `waits for an answer: ${question}`;
  return blockedReason === undefined ? "is blocked" : `is blocked: ${blockedReason}`;
}

function claimReason(by: string, lease: string): string {
  return `claimed by ${by} until ${lease}`;
}

function waitsFor({ id, state, status = state, title, base, unlanded = [id] }: DependencyState): string {
  switch (state) {
    case "missing":
      return `waits for ${id}, which is missing`;
    case "cancelled":
      return `waits for ${id}, which was cancelled`;
    case "failed":
      return `waits for ${id}, which failed`;
    case "unconfirmed":
      return `waits for ${id}, which was finished by hand and waits for a person's 'ticket confirm'`;
    case "unlanded":
      return `waits for ${whatHasToLand(id, status, unlanded)} to land on ${base}: ${title}`;
    default:
      return title === undefined ? `waits for ${id} (${status})` : `waits for ${id} (${status}): ${title}`;
  }
}

function childrenReason(children: readonly string[]): string {
  return `has ${children.length} open ${children.length === 1 ? "child" : "children"}: ${children.join(", ")}`;
}

/** Tickets by the id in their `parent`. */
export function childrenIndex(tickets: Iterable<Ticket>): Map<string, Ticket[]> {
  const index = new Map<string, Ticket[]>();
  for (const ticket of tickets) {
    if (ticket.known?.hasParent === false) continue;
    if (ticket.fields.parent !== undefined) addTo(index, ticket.fields.parent, ticket);
  }
  return index;
}

/** Tickets by each id they wait for. */
export function dependentsIndex(tickets: Iterable<Ticket>): Map<string, Ticket[]> {
  const index = new Map<string, Ticket[]>();
  for (const ticket of tickets) {
    for (const dep of depsOf(ticket)) {
      if (index.get(dep)?.at(-1) !== ticket) addTo(index, dep, ticket);
    }
  }
  return index;
}

function addTo(index: Map<string, Ticket[]>, key: string, ticket: Ticket): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [ticket]);
  else list.push(ticket);
}
