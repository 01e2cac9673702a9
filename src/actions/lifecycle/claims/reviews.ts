import type { Draft } from "../../../store/change/draft.ts";
import { isAuthor, reviewerOf, UNKNOWN_AUTHOR, withAuthors } from "../../../ticket/rules/authors.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import { selfReview } from "../../../ticket/rules/gate.ts";
import { isUnderReview } from "../../../ticket/rules/roles.ts";
import type { FieldChanges } from "../../../ticket/text/patchTicket.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { type Claimant, claimedBySomebody, lostClaim, standingOf } from "./holder.ts";
import { claimedByYou, claimFields, hasProof, type Taking } from "./take.ts";

/** Whether a ticket is in review, where a claim is a reviewer's. */
export function isInReview({ board }: Pick<Draft["view"], "board">, { status }: Ticket): boolean {
  return categoryOf(board, status) === "review";
}

/**
 * Refuses a review that somebody else holds, or of the receiver's own work; a holder learns that it is its own, as with
 * work.
 * @throws self_review, claimed, lost_claim
 */
export function assertReviewable(
  claimant: Claimant,
  draft: Draft,
  ticket: Ticket,
  by: string | undefined,
): "held" | "free" {
  const standing = standingOf(claimant, ticket, draft);
  if (standing === "lost" && reviewerOf(ticket) !== undefined) throw lostClaim(claimant, ticket);
  const receiver = by ?? claimant.actor.name;
  if (isAuthor(ticket, receiver)) throw selfReview(ticket, receiver);
  if (!isUnderReview(ticket, draft.view.now)) return "free";
  if (standing !== "holder") throw claimedBySomebody(ticket);
  if (by !== undefined || hasProof(claimant, ticket)) return "held";
  throw claimedByYou(ticket);
}

/**
 * The front matter of a claim for review: the ticket stays where it is, and where the work lies stays known. Whose work
 * it is must be written down first, where nobody did: the claim says it no longer.
 */
export function reviewFields(claimant: Claimant, draft: Draft, ticket: Ticket, taking: Taking): FieldChanges {
  const { claimedBy, lease, claim } = claimFields(claimant, draft, ticket, taking);
  const { authors = [], claimedBy: author, assignee = [UNKNOWN_AUTHOR] } = ticket.fields;
  const known = authors.length > 0 ? {} : withAuthors(ticket, author === undefined ? assignee : [author]);
  return { claimedBy: claimedBy ?? null, lease: lease ?? null, claim: claim ?? null, ...known };
}

/** Whether somebody else is reviewing a ticket; people judge it all the same. */
export function isReviewedByAnother(claimant: Claimant, draft: Draft, ticket: Ticket): boolean {
  if (!claimant.actor.agent || !isUnderReview(ticket, draft.view.now)) return false;
  const standing = standingOf(claimant, ticket, draft);
  return standing !== "holder" && standing !== "free";
}

/**
 * Refuses an agent that would judge what somebody else is reviewing.
 * @throws claimed, lost_claim
 */
export function assertNotUnderReview(claimant: Claimant, draft: Draft, ticket: Ticket): void {
  if (!isReviewedByAnother(claimant, draft, ticket)) return;
  throw standingOf(claimant, ticket, draft) === "lost" ? lostClaim(claimant, ticket) : claimedBySomebody(ticket);
}
