import { AyoError } from "../../error.ts";
import type { Criterion, Ticket } from "../ticket.ts";
import { isAuthor } from "./authors.ts";
import type { Board, Column, EnterCheck } from "./board.ts";
import { categoryOf, columnFor } from "./columns.ts";
import { toLandText } from "./landed.ts";
import { type DependencyState, dependencyStates, type Lookup } from "./readiness.ts";
import { assertRoom } from "./room.ts";
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
  /** Why the ticket has no output that can be used; asked for only where the board requires one. */
  readonly output?: (() => string | undefined) | undefined;
  /** Why its work does not count as verified; asked for only where the board requires it. */
  readonly unproven?: () => readonly Unproven[];
  /** The caller is a program that ayo runs, which has nothing verified. */
  readonly isInRun?: boolean;
  /** How many other tickets the column holds; asked for only where it refuses more than its limit. */
  readonly held?: (() => number) | undefined;
}

/** A command that ayo has not seen pass for a ticket's work as it is now. */
export interface Unproven {
  /** The entry of agents.yml. */
  readonly name: string;
  /** In a sentence without a subject: `has not been run on 3fa1c2d4`. */
  readonly why: string;
  /** It was run, and only a person can say what that means. */
  readonly isDoubt?: boolean;
}

/**
 * The one gate that every change of a status passes, on every face. `force` lets open dependencies and children
 * pass, and from a person everything but a forbidden transition.
 * @throws transition_refused, blocked, open_children, review_required, self_review, criteria_open, output_invalid,
 * verify_required, wip_limit, needs_person
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
  if (ticket.fields.question !== undefined && by?.agent === true && isWork(to)) throw unanswered(ticket);
  const isUnasked = ticket.fields.unconfirmed?.includes("question") === true && isWork(to);
  const isDone = to.category === "done" && isInDoubt(ticket);
  if (by?.agent === true && (isUnasked || isDone)) throw unconfirmed(ticket);
  assertWork(ticket, to, context, asksToEnter(board, ticket, to));
  if (context.held !== undefined) assertRoom(ticket, columnFor(board, ticket.status), to, context.held);
}

/** What its work must be before it is handed in or done, or comes where that is asked for. */
function assertWork(ticket: Ticket, to: Column, context: GateContext, asks: (check: EnterCheck) => boolean): void {
  const { board } = context;
  const from = categoryOf(board, ticket.status);
  if (to.category === "done" || asks("review"))
    assertReviewed(ticket, from === "review", context, asks("review") ? to : undefined);
  const isDone = to.category === "done";
  const isHandedIn = isDone || to.category === "review";
  const isRequired = (check: EnterCheck): boolean =>
    check !== "review" && board[check] === "required" && (check === "verify" ? isDone : isHandedIn);
  assertAsked(ticket, to, context, (check) => asks(check) || isRequired(check));
}

function assertAsked(ticket: Ticket, to: Column, context: GateContext, asks: (check: EnterCheck) => boolean): void {
  if (asks("criteria")) assertCriteria(ticket, context.criteria?.() ?? []);
  if (asks("output")) assertOutput(ticket, to, context);
  if (asks("verify")) assertProven(ticket, to, context);
}

/**
 * What a column asks for of what a person makes right in it, who reviews it by that; no other gate stands before it.
 * @throws criteria_open, output_invalid, verify_required
 */
export function assertAsNew(ticket: Ticket, to: Column, context: GateContext): void {
  assertAsked(ticket, to, context, (check) => to.enter?.includes(check) === true);
}

/** What a column itself asks of a ticket that is not in it yet. */
export function asksToEnter(board: Board, { status }: Ticket, to: Column): (check: EnterCheck) => boolean {
  const isEntering = to.enter !== undefined && columnFor(board, status)?.id !== to.id;
  return (check) => isEntering && to.enter?.includes(check) === true;
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
function assertReviewed(ticket: Ticket, isInReview: boolean, { board, by }: GateContext, asking?: Column): void {
  const isRequired = asking !== undefined || needsReview(board, ticket);
  // A person's own close is the review; an agent's ends in review, and of one by hand nobody knows whose it is.
  const isUnreviewed = by === undefined || (by.agent && !isInReview);
  if (isRequired && isUnreviewed) throw reviewRequired(ticket, asking);
  if (!isInReview || by === undefined) return;
  if ((by.agent || isRequired) && isAuthor(ticket, by.name)) throw selfReview(ticket, by.name);
}

function reviewRequired({ id }: Ticket, asking: Column | undefined): AyoError {
  const before = asking === undefined || asking.category === "done" ? "is done" : `comes into ${asking.id}`;
  return new AyoError("review_required", `${id} must be reviewed before it ${before}`, {
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

/** What nobody can look at counts where it was handed in. */
function assertOutput({ id, fields }: Ticket, { category }: Column, { output }: GateContext): void {
  if (fields.outputSchema === undefined) return;
  const none = fields.outputId === undefined ? "was not handed in" : undefined;
  const why = output === undefined ? none : output();
  if (why === undefined) return;
  throw new AyoError("output_invalid", `${id} needs an output that fits schema ${fields.outputSchema}: it ${why}`, {
    try: ["ayo", "ticket", category === "done" ? "close" : "submit", id, "--output", "-"],
    data: { id, schema: fields.outputSchema, errors: [] },
  });
}

/** Who hands it in leaves it to somebody else to see that it is run. */
function assertProven({ id, status }: Ticket, to: Column, { board, by, unproven, isInRun }: GateContext): void {
  const isReview = categoryOf(board, status) === "review";
  const open = (unproven?.() ?? []).map(({ name, why, isDoubt = false }) => ({ name, why, isDoubt }));
  if (open.length === 0) return;
  const told = toldUnproven(open);
  const data = { id, open: open.map(({ name, why }) => ({ name, why })) };
  if (by?.agent !== true || !isReview) {
    const verb = by?.agent === true && to.category === "done" ? "submit" : "verify";
    throw new AyoError("verify_required", `${id} is not verified: ${told}`, { try: ["ayo", "ticket", verb, id], data });
  }
  // An agent that reviews tells what it found, and leaves the rest to whoever can settle it.
  const tell = ["ayo", "ticket", "note", id, "Reviewed, and good. Please approve it."];
  if (open.every(({ isDoubt }) => isDoubt))
    throw new AyoError("verify_required", `only a person can approve ${id}: ${told}`, { try: tell, data });
  const message = isInRun === true ? "; inside a run nobody can have it verified, a person has to" : "";
  const help = isInRun === true ? tell : ["ayo", "ticket", "verify", id];
  throw new AyoError("verify_required", `${id} is not verified: ${told}${message}`, { try: help, data });
}

/** `test: has not been run on 3fa1c2d4; lint: failed with exit code 1`. */
export function toldUnproven(open: readonly Unproven[]): string {
  return open.map(({ name, why }) => `${name}: ${why}`).join("; ");
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
export function describeDependency({ id, state, status = state, title, base, unlanded }: DependencyState): string {
  if (state === "unlanded") return `${id} (${status}, ${toLandText(id, base, unlanded)}): ${title}`;
  if (state === "unconfirmed") return `${id} (${status} by hand, not confirmed by a person yet): ${title}`;
  return title === undefined ? `${id} (${status})` : `${id} (${status}): ${title}`;
}
