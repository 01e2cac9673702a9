import { AyoError } from "../../../error.ts";
import { readKeptClaim, workHere } from "../../../store/change/claimTokens.ts";
import type { Draft } from "../../../store/change/draft.ts";
import { isFinished } from "../../../store/disk/view.ts";
import type { Actor } from "../../../store/open/identity/identity.ts";
import type { Store } from "../../../store/open/store.ts";
import { isHeldElsewhere } from "../../../store/open/syncFolder.ts";
import { isAuthor, reviewerOf } from "../../../ticket/rules/authors.ts";
import type { Board, Column } from "../../../ticket/rules/board.ts";
import { isAgent, isAssignedTo, isHeld, isLapsed } from "../../../ticket/rules/claim.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import { isUnderReview } from "../../../ticket/rules/roles.ts";
import type { Ticket } from "../../../ticket/ticket.ts";

/**
 * What a caller is to a ticket's claim: it holds it; it held it and somebody took it over; somebody else does; nobody
 * does. A token proves it; where the caller has none, the name does.
 */
export type Standing = "holder" | "lost" | "other" | "free";

/** Who asks, and with which token of its own. */
export interface Claimant {
  readonly store: Store;
  readonly actor: Actor;
  /** From `--claim`. */
  readonly token?: string | undefined;
}

/** What a caller is to a ticket's claim; one that ran out is still its holder's as long as nobody took it back. */
export function standingOf(claimant: Claimant, ticket: Ticket, draft: Pick<Draft, "view">): Standing {
  const { claimedBy, claim, lease } = ticket.fields;
  const { board } = draft.view;
  // What was finished by hand may carry its claim still.
  if (claimedBy === undefined || isFinished(board, ticket.status)) return "free";
  if (lease === undefined && categoryOf(board, ticket.status) === "todo") return "free";
  const isFree = isFreeHere(claimant.store, ticket, draft);
  const token = tokenFor(claimant, ticket.id);
  if (claim === undefined || token.text === undefined) {
    if (isNamed(claimant.actor, claimedBy)) return "holder";
    return isFree ? "free" : "other";
  }
  if (token.text === claim) return "holder";
  if (isFree) return "free";
  // Who handed it in has lost nothing to whoever reviews it.
  if (isReviewOfOwn(board, ticket, claimant.actor.name)) return "other";
  // A variable may be meant for another ticket; a name or a remembered token cannot.
  return token.isSure || claimedBy === claimant.actor.name ? "lost" : "other";
}

function isReviewOfOwn(board: Board, ticket: Ticket, name: string): boolean {
  const isReview = categoryOf(board, ticket.status) === "review" && reviewerOf(ticket) !== undefined;
  return isReview && isAuthor(ticket, name);
}

/** A clock here says nothing of a claim that was made elsewhere: whoever wants it asks there. */
function isFreeHere(store: Store, ticket: Ticket, { view: { now, config } }: Pick<Draft, "view">): boolean {
  return !isHeld(ticket, now) && !isHeldElsewhere(store, config, ticket.id);
}

/** Whoever only goes by the holder's name must have its token. */
function isNamed({ name, borrowedBy }: Actor, claimedBy: string): boolean {
  return claimedBy === name && borrowedBy === undefined;
}

function tokenFor({ store, actor, token }: Claimant, id: string): { text: string | undefined; isSure: boolean } {
  if (token !== undefined) return { text: token, isSure: true };
  const kept = readKeptClaim(store, actor, id)?.token;
  const fromEnv = store.host.env.AYO_CLAIM;
  if (fromEnv) return { text: fromEnv, isSure: kept === fromEnv };
  return { text: kept, isSure: true };
}

/**
 * Refuses to move a ticket that somebody else holds, or is reviewing. People may finish it, judge what is in review, and
 * with `force` do anything.
 * @throws claimed, lost_claim
 */
export function assertMayMove(
  claimant: Claimant,
  draft: Draft,
  ticket: Ticket,
  { to, force }: { readonly to: Column; readonly force: boolean },
): void {
  const isReview = categoryOf(draft.view.board, ticket.status) === "review";
  // Its author holds it no longer: the gate knows who may approve.
  if (isReview && !isUnderReview(ticket, draft.view.now)) return;
  // Whether it is free is settled where claims are.
  if (claimant.actor.agent && to.category === "active" && isLapsed(ticket, draft.view.now)) return;
  const standing = standingOf(claimant, ticket, draft);
  if (standing === "free" || standing === "holder") return;
  const { agent } = claimant.actor;
  if (!agent && (force || isReview || isFinished(draft.view.board, to.id))) return;
  throw standing === "lost" ? lostClaim(claimant, ticket) : claimedBySomebody(ticket);
}

/**
 * Whether a person began it without a claim: then it is that person's, whom it is assigned to. An agent at work has a
 * claim; what is only assigned to one waits for it.
 */
export function isSomebodys(ticket: Ticket, { actor, view }: Pick<Draft, "actor" | "view">): boolean {
  const { claimedBy, assignee = [] } = ticket.fields;
  const isBegun = categoryOf(view.board, ticket.status) === "active" && claimedBy === undefined;
  return isBegun && assignee.some((name) => !isAgent(name)) && !isAssignedTo(ticket, actor.name);
}

/** Whether a change makes claims: its commit cannot wait, since two holders could each take theirs for made. */
export function makesClaims({ claims }: Draft): boolean {
  return [...claims.values()].some((kept) => kept !== null);
}

/**
 * Refuses an agent that would take a ticket away from its holder.
 * @throws claimed, lost_claim
 */
export function assertNotHeldByAnother(claimant: Claimant, draft: Draft, ticket: Ticket): void {
  const standing = standingOf(claimant, ticket, draft);
  if (!claimant.actor.agent || standing === "free" || standing === "holder") return;
  throw standing === "lost" ? lostClaim(claimant, ticket) : claimedBySomebody(ticket);
}

/**
 * Refuses a holder that comes back after its claim was taken over and the ticket finished.
 * @throws lost_claim
 */
export function assertNotFinishedByAnother(claimant: Claimant, draft: Draft, ticket: Ticket): void {
  if (ticket.fields.claimedBy !== undefined || !isFinished(draft.view.board, ticket.status)) return;
  if (readKeptClaim(claimant.store, claimant.actor, ticket.id) !== undefined) throw lostClaim(claimant, ticket);
}

/** The error for a holder whose claim was taken over: who has it now, and that its own commits are safe. */
export function lostClaim({ store }: Claimant, { id, status, fields }: Ticket): AyoError {
  const until = fields.lease === undefined ? "" : ` until ${fields.lease}`;
  const now = fields.claimedBy === undefined ? `it is ${status}` : `${fields.claimedBy} holds it now${until}`;
  const { branch, head } = workHere(store);
  const at = [branch === undefined ? "" : ` on branch ${branch}`, head === undefined ? "" : ` at ${head.slice(0, 12)}`];
  const safe = head === undefined ? "" : `; your commits are safe${at.join("")}`;
  return new AyoError("lost_claim", `your claim on ${id} ended and ${now}${safe}`, {
    try: ["ayo", "ticket", "claim", "--next"],
    data: {
      id,
      status,
      by: fields.claimedBy ?? null,
      until: fields.lease ?? null,
      theirs: { branch: fields.claimBranch ?? null, head: fields.claimHead ?? null },
      yours: { branch: branch ?? null, head: head ?? null },
    },
  });
}

/** The error for a ticket that somebody else works on. */
export function claimedBySomebody({ id, fields }: Ticket, by = fields.claimedBy): AyoError {
  const until = fields.lease === undefined ? "" : ` until ${fields.lease}`;
  const how = fields.claimedBy === undefined ? "being worked on" : "claimed";
  return new AyoError("claimed", `${id} is ${how} by ${by}${until}`, {
    try: ["ayo", "ticket", "ready"],
    data: { id, by: by ?? null, until: fields.lease ?? null, since: fields.started ?? null },
  });
}
