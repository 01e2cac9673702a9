import type { Ticket } from "../ticket.ts";
import { isAuthor, reviewerOf } from "./authors.ts";
import type { Column } from "./board.ts";
import { isAgent, isHeld } from "./claim.ts";

/** The role of tickets that name none. */
export const DEFAULT_ROLE = "worker";
/** The role that reviews where neither ticket nor column say. */
export const REVIEWER = "reviewer";

/** Whom a ticket is for: as long as it is in a column with a role, that role, whatever it names itself. */
export function roleOf({ fields }: Ticket, column: Column | undefined): string {
  return column?.role ?? fields.role ?? DEFAULT_ROLE;
}

/** Whether two names of a role are the same. */
export function isSameRole(one: string, other: string): boolean {
  return one === other || one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Whether a column is for a role, and another than the one before is for. */
export function isForOther(from: Column | undefined, to: Column): boolean {
  return to.role !== undefined && (from?.role === undefined || !isSameRole(from.role, to.role));
}

/** Who is to review a ticket, as roles and names: what it says itself, else its column. */
export function reviewersOf({ fields }: Ticket, column: Column | undefined): readonly string[] {
  return fields.reviewer ?? [column?.role ?? REVIEWER];
}

/** Who asks for work, and in which role. */
export interface Caller {
  readonly name: string;
  readonly role?: string | undefined;
}

/**
 * Whether a ticket in review is offered to somebody: nobody reviews it yet, it is not his work, and he or his role is
 * to review it. An agent is named with its `@`, so that no role is taken for one.
 */
export function isReviewFor(ticket: Ticket, column: Column, { name, role }: Caller, now: number): boolean {
  // What was changed by hand past a gate waits for a person first.
  if (ticket.fields.unconfirmed !== undefined) return false;
  if (isUnderReview(ticket, now) || isAuthor(ticket, name)) return false;
  if (namesReviewer(ticket, name)) return true;
  return role !== undefined && reviewersOf(ticket, column).some((one) => !isAgent(one) && isSameRole(one, role));
}

/** Whether a ticket in review names somebody as its reviewer. */
export function namesReviewer(ticket: Ticket, name: string): boolean {
  if (ticket.known?.hasReviewer === false) return false;
  return ticket.fields.reviewer?.some((one) => isSameRole(one, name)) ?? false;
}

/** Whether somebody holds the review of a ticket that is in review. */
export function isUnderReview(ticket: Ticket, now: number): boolean {
  return reviewerOf(ticket) !== undefined && isHeld(ticket, now);
}
