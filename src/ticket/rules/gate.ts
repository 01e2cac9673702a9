import { AyoError } from "../../error.ts";
import type { Criterion, Ticket } from "../ticket.ts";
import { isAuthor } from "./authors.ts";
import type { Board, Column } from "./board.ts";
import { categoryOf, columnFor } from "./columns.ts";
import { type DependencyState, dependencyStates, type Lookup } from "./readiness.ts";
import { isInDoubt } from "./unconfirmedKeys.ts";

/** What the gate looks at besides the ticket. */
export interface GateContext {
  readonly board: Board;
  readonly lookup: Lookup;
  readonly openChildren: readonly string[];
  /** Who moves it; unknown for an edit by hand, which may be anybody's. */
  readonly by?: { readonly name: string; readonly agent: boolean };
  /** The acceptance criteria; asked for only where the board requires them. */
  readonly criteria?: () => readonly Criterion[];
}

/**
 * The one gate that every change of a status passes, on every face. `force` lets open dependencies and children
 * pass, and from a person everything but a forbidden transition.
 * @throws transition_refused, blocked, open_children, review_required, self_review, criteria_open, needs_person
 */
export function passGate(ticket: Ticket, to: Column, context: GateContext, force: boolean): void {
  assertTransition(ticket, to, context.board);
  if (!force || context.by?.agent === true) assertRules(ticket, to, context);
  if (force) return;
  if (to.category === "active" || to.category === "done" || to.category === "review") {
    assertUnblocked(ticket, context);
  }
  if (to.category === "done" && context.openChildren.length > 0) {
    throw new AyoError("open_children", `${ticket.id} has open children: ${context.openChildren.join(", ")}`, {
      try: ["ayo", "ticket", "list", "--parent", ticket.id],
      data: { id: ticket.id, children: context.openChildren },
    });
  }
}

/** Whether a ticket must be reviewed before it is done: by its own `review`, else by its type. */
export function needsReview(board: Board, { fields }: Ticket): boolean {
  if (fields.unconfirmed?.includes("review")) return true;
  if (fields.review !== undefined) return fields.review === "required";
  return board.review === "all" || (board.review?.includes(fields.type ?? "") ?? false);
}

/** What people settled for agents; a person passes where it says so. */
function assertRules(ticket: Ticket, to: Column, context: GateContext): void {
  const { board, by } = context;
  const from = categoryOf(board, ticket.status);
  if (ticket.fields.question !== undefined && by?.agent === true && isWork(to)) throw unanswered(ticket);
  const isUnasked = ticket.fields.unconfirmed?.includes("question") === true && isWork(to);
  const isDone = to.category === "done" && isInDoubt(ticket);
  if (by?.agent === true && (isUnasked || isDone)) throw unconfirmed(ticket);
  if (to.category === "done") assertReviewed(ticket, from === "review", context);
  if (board.criteria === "required" && (to.category === "done" || to.category === "review")) {
    assertCriteria(ticket, context.criteria?.() ?? []);
  }
}

/**
 * Refuses an agent to do away with what waits for a person.
 * @throws needs_person
 */
export function assertNobodyIsAsked(ticket: Ticket, by: { readonly agent: boolean }): void {
  if (!by.agent) return;
  if (ticket.fields.question !== undefined) throw unanswered(ticket);
  if (ticket.fields.unconfirmed !== undefined) throw unconfirmed(ticket);
}

function isWork({ category }: Column): boolean {
  return category !== "blocked" && category !== "cancelled" && category !== "failed";
}

/** Nobody approves their own work; a person who is alone may close it where no review is required. */
function assertReviewed(ticket: Ticket, isInReview: boolean, { board, by }: GateContext): void {
  const isRequired = needsReview(board, ticket);
  // A person's own close is the review; an agent's ends in review, and of one by hand nobody knows whose it is.
  const isUnreviewed = by === undefined || (by.agent && !isInReview);
  if (isRequired && isUnreviewed) throw reviewRequired(ticket);
  if (!isInReview || by === undefined) return;
  if ((by.agent || isRequired) && isAuthor(ticket, by.name)) throw selfReview(ticket, by.name);
}

function reviewRequired({ id }: Ticket): AyoError {
  return new AyoError("review_required", `${id} must be reviewed before it is done`, {
    try: ["ayo", "ticket", "submit", id],
    data: { id },
  });
}

/** The error for approving one's own work. */
export function selfReview({ id }: Ticket, by: string): AyoError {
  return new AyoError("self_review", `${id} is the work of ${by}, whom somebody else must approve`, {
    try: ["ayo", "ticket", "show", id],
    data: { id, by },
  });
}

function unanswered({ id, fields }: Ticket): AyoError {
  return new AyoError("needs_person", `${id} waits for a person's answer: ${fields.question}`, {
    try: ["ayo", "ticket", "ready"],
    data: { id, question: fields.question },
  });
}

function unconfirmed({ id, fields }: Ticket): AyoError {
  const what = fields.unconfirmed?.join(", ");
  return new AyoError("needs_person", `${id} was changed by hand (${what}) and waits for a person's 'ticket confirm'`, {
    try: ["ayo", "ticket", "ready"],
    data: { id, unconfirmed: fields.unconfirmed },
  });
}

function assertCriteria({ id }: Ticket, criteria: readonly Criterion[]): void {
  const open = criteria.filter(({ done }) => !done);
  const [first] = open;
  if (first === undefined) return;
  const what = open.map(({ n, text }) => `${n}. ${text}`).join("; ");
  throw new AyoError("criteria_open", `${id} has unticked acceptance criteria: ${what}`, {
    try: ["ayo", "ticket", "show", id],
    data: { id, open },
  });
}

function assertTransition(ticket: Ticket, to: Column, board: Board): void {
  const from = columnFor(board, ticket.status);
  const allowed = from === undefined ? undefined : board.transitions?.[from.id];
  if (from?.id === to.id || allowed === undefined || allowed.includes(to.id)) return;
  throw new AyoError(
    "transition_refused",
    `${ticket.id} cannot move from ${from?.id} to ${to.id}; allowed: ${allowed.join(", ") || "nothing"}`,
    { data: { id: ticket.id, from: from?.id, to: to.id, allowed } },
  );
}

function assertUnblocked(ticket: Ticket, { board, lookup }: GateContext): void {
  const open = dependencyStates(ticket, board, lookup).filter((dependency) => dependency.state !== "done");
  const [first] = open;
  if (first === undefined) return;
  throw new AyoError("blocked", `${ticket.id} waits for ${open.map(describeDependency).join("; ")}`, {
    try:
      first.state === "missing" ? ["ayo", "ticket", "undep", ticket.id, first.id] : ["ayo", "ticket", "show", first.id],
    data: { id: ticket.id, blockedBy: open },
  });
}

/** `ayo-9fq1 (open): Build the schema`. */
export function describeDependency({ id, state, status = state, title }: DependencyState): string {
  if (state === "unconfirmed") return `${id} (${status} by hand, not confirmed by a person yet): ${title}`;
  return title === undefined ? `${id} (${status})` : `${id} (${status}): ${title}`;
}
