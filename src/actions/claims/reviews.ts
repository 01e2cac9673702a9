import type { View } from "../../store/view.ts";
import { isAuthor } from "../../ticket/authors.ts";
import { REVIEWER } from "../../ticket/claim.ts";
import { categoryOf } from "../../ticket/readiness.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Whether a role is the reviewer's, who has for work what others submitted. */
export function isReviewer(role: string | undefined): boolean {
  return role?.trim().toLowerCase() === REVIEWER;
}

/** Whether a ticket waits for somebody's review, who did not do its work. */
export function isToReview({ board }: View, ticket: Ticket, name: string): boolean {
  return categoryOf(board, ticket.status) === "review" && !isAuthor(ticket, name);
}
