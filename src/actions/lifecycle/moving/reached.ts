import type { Draft } from "../../../store/change/draft.ts";
import { isFinished, type View } from "../../../store/disk/view.ts";
import { reviewerOf, UNKNOWN_AUTHOR, withAuthors } from "../../../ticket/rules/authors.ts";
import type { Board, Column } from "../../../ticket/rules/board.ts";
import { DEFAULT_LEASE_MS, isAgent, leaseUntil, WITHOUT_REVIEW, withoutClaim } from "../../../ticket/rules/claim.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import { undispatchedBy } from "../../../ticket/rules/dispatch.ts";
import { withoutQuestion } from "../../../ticket/rules/questions.ts";
import { saidYes } from "../../../ticket/rules/unconfirmedKeys.ts";
import type { FieldChanges } from "../../../ticket/text/patchTicket.ts";
import type { Ticket } from "../../../ticket/ticket.ts";

/** The front matter of a ticket that reaches a column, whoever sent it there; its claim ends where work ends. */
export function reached(draft: Draft, ticket: Ticket, to: Column): FieldChanges {
  const claim = claimAt(draft, ticket, to);
  if (claim.claimedBy === null || claim.claim === null) draft.claims.set(ticket.id, null);
  const wasReview = categoryOf(draft.view.board, ticket.status) === "review";
  if (to.category === "review" && !wasReview && ticket.fields.claim !== undefined) draft.handedIn.add(ticket.id);
  const authors = authorsAt(draft, ticket, to, claim);
  const moved = {
    status: to.id,
    ...times(draft.view, ticket, to, draft.time),
    ...parking(draft, ticket, to),
    ...(ticket.fields.wish === undefined || to.id === ticket.status ? {} : { wish: null }),
    ...anew(draft.view, ticket, to),
  };
  draft.columns.set(ticket.id, to.id);
  const undone = undispatchedBy(ticket, to, draft.view.board, draft.actor.name);
  return { ...moved, ...claim, ...authors, ...undone, ...confirmed(draft, ticket, to) };
}

function times(view: View, { fields }: Ticket, to: Column, time: string): FieldChanges {
  const started = to.category === "active" && fields.started === undefined ? { started: time } : {};
  if (isFinished(view.board, to.id)) return { ...started, closed: fields.closed ?? time };
  const wasClosed = fields.closed === undefined ? {} : { closed: null };
  // A ticket that begins anew has not been started.
  const anew = to.category === "todo" && fields.started !== undefined ? { started: null } : {};
  return { ...started, ...wasClosed, ...anew };
}

/** What a ticket waited for while it was parked is over when it leaves; a question that an agent gives up stays asked. */
function parking({ actor }: Draft, { fields }: Ticket, to: Column): FieldChanges {
  if (to.category === "blocked") return {};
  return {
    ...(fields.blockedReason === undefined ? {} : { blockedReason: null }),
    ...(fields.question === undefined || actor.agent ? {} : withoutQuestion(fields)),
  };
}

/** What is taken up again is no duplicate any more. */
function anew({ board }: View, { fields }: Ticket, to: Column): FieldChanges {
  if (isFinished(board, to.id)) return {};
  return {
    ...(fields.duplicateOf === undefined ? {} : { duplicateOf: null }),
    // What more is done has to land, too.
    ...(fields.landed === undefined ? {} : { landed: null }),
  };
}

/** A person who moves a ticket says yes to where it was; who finishes it, to all of it. */
export function confirmed({ actor, view }: Draft, { fields }: Ticket, to: Column): FieldChanges {
  if (actor.agent || fields.unconfirmed === undefined) return {};
  return isFinished(view.board, to.id) ? { unconfirmed: null } : saidYes(fields.unconfirmed, ["status", "question"]);
}

/** Who held it stays known until it is opened anew; a reviewer's claim makes no author. */
function authorsAt(
  { actor, view: { board } }: Draft,
  ticket: Ticket,
  to: Column,
  { claimedBy }: FieldChanges,
): FieldChanges {
  const { fields, status } = ticket;
  if (isOpenedAnew(ticket, to, { actor, board })) return fields.authors === undefined ? {} : { authors: null };
  const isReview = categoryOf(board, status) === "review" && fields.authors !== undefined;
  const submitted = to.category === "review" && typeof claimedBy === "string" ? claimedBy : undefined;
  const names = [isReview ? undefined : fields.claimedBy, submitted, ...begunBy(board, ticket, to)];
  return withAuthors(ticket, names.includes(actor.name) ? [...names, actor.borrowedBy] : names);
}

/** What an agent gave up or failed at and takes up again is the same work. */
function isOpenedAnew(
  { status }: Ticket,
  to: Column,
  { actor, board }: { readonly actor: Draft["actor"]; readonly board: Board },
): boolean {
  if (!isFinished(board, status) || isFinished(board, to.id) || to.category === "review") return false;
  return !actor.agent || categoryOf(board, status) === "done";
}

/** Who began it without a claim, where the ticket goes on without them; whom it is assigned to is not written twice. */
function begunBy(board: Board, { fields, status }: Ticket, to: Column): readonly string[] {
  const goesOn = to.category === "todo" || to.category === "review" || to.role !== undefined;
  const isBegun = goesOn && categoryOf(board, status) === "active" && fields.claimedBy === undefined;
  return isBegun ? (fields.assignee ?? []) : [];
}

/** After `submit` the author stays and the lease goes; back in work it runs again. */
function claimAt(draft: Draft, ticket: Ticket, to: Column): FieldChanges {
  if (categoryOf(draft.view.board, ticket.status) === "review") return claimAfterReview(draft, ticket, to);
  const { claimedBy, lease, assignee } = ticket.fields;
  const { actor, view } = draft;
  if (to.category === "active") return lease === undefined ? runningFor(draft, claimedBy) : {};
  if (to.category !== "review") return withoutClaim(ticket);
  // What was finished comes back for another look at the same work.
  const known = isFinished(view.board, ticket.status) ? lastAuthor(ticket) : undefined;
  const author = claimedBy ?? known ?? (actor.agent || assignee === undefined ? actor.name : undefined);
  return { ...(author === undefined ? {} : { claimedBy: author }), ...(lease === undefined ? {} : { lease: null }) };
}

/** A reviewer's claim ends with the review; who did the work has it in hand again where it goes back into work. */
function claimAfterReview(draft: Draft, ticket: Ticket, to: Column): FieldChanges {
  const { claimedBy, lease } = ticket.fields;
  const isReviewed = reviewerOf(ticket) !== undefined;
  if (to.category === "review") return isReviewed ? WITHOUT_REVIEW : lease === undefined ? {} : { lease: null };
  if (to.category !== "active") return withoutClaim(ticket);
  if (!isReviewed) return lease === undefined ? runningFor(draft, claimedBy) : {};
  const author = lastAuthor(ticket);
  return { ...WITHOUT_REVIEW, claimedBy: author ?? null, ...runningFor(draft, author) };
}

function lastAuthor({ fields }: Ticket): string | undefined {
  return fields.authors?.findLast((name) => name !== UNKNOWN_AUTHOR);
}

/** The lease of an agent that has a ticket in hand again; people need none. */
function runningFor({ view }: Draft, name: string | undefined): FieldChanges {
  if (name === undefined || !isAgent(name)) return {};
  return { lease: leaseUntil(view.now, view.config.lease ?? DEFAULT_LEASE_MS) };
}
