import { AyoError } from "../../error.ts";
import { workHere } from "../../store/change/claimTokens.ts";
import type { Draft } from "../../store/change/draft.ts";
import { isFinished, type View } from "../../store/disk/view.ts";
import { assertSelf, isInRun } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { pipelineOfActor } from "../../ticket/pipeline/pipeline.ts";
import { reviewerOf, UNKNOWN_AUTHOR, withAuthors } from "../../ticket/rules/authors.ts";
import type { Board, Column } from "../../ticket/rules/board.ts";
import {
  DEFAULT_LEASE_MS,
  isAgent,
  isAssignedTo,
  isLapsed,
  isSameName,
  leaseUntil,
  WITHOUT_REVIEW,
  withoutClaim,
} from "../../ticket/rules/claim.ts";
import { categoryOf, columnAt, columnOf } from "../../ticket/rules/columns.ts";
import { undispatchedBy } from "../../ticket/rules/dispatch.ts";
import { asksToEnter, needsReview, passGate } from "../../ticket/rules/gate.ts";
import { beginColumn } from "../../ticket/rules/phases.ts";
import { withoutQuestion } from "../../ticket/rules/questions.ts";
import { isOpenChild } from "../../ticket/rules/readiness.ts";
import { isForOther } from "../../ticket/rules/roles.ts";
import { saidYes } from "../../ticket/rules/unconfirmedKeys.ts";
import { parseCriteria } from "../../ticket/text/criteria.ts";
import type { FieldChanges } from "../../ticket/text/patchTicket.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { assertMayMove, type Claimant, isSomebodys, standingOf } from "./claims/holder.ts";
import { claimFields, takingOf } from "./claims/take.ts";
import { tellLeftBehind } from "./leftBehind.ts";
import { othersIn } from "./room.ts";

/** Under what conditions a ticket moves. */
export interface MoveOptions {
  readonly force?: boolean | undefined;
  /** The token of the caller's claim. */
  readonly claim?: string | undefined;
  /** The tickets that move by the same command, this one included. */
  readonly together?: readonly Ticket[];
  /** The caller sees to the claim itself. */
  readonly isClaim?: true;
  /** Work begins with it, or goes on; else a column with a role means that it is handed to that role. */
  readonly begins?: Begins | undefined;
}

/** Whose work goes on by a move: the caller's, or only that of whom it is assigned to. */
export type Begins = "actor" | "assignee";

/** Where a ticket ends up and what its front matter becomes. */
export interface Moving {
  readonly to: Column;
  readonly fields: FieldChanges;
}

/**
 * What moving a ticket to a column makes of it, once claim and gate let it pass; every way of changing a status comes
 * through here. Where review is required, an agent that closes a ticket submits it; one that takes up work claims it.
 * @throws claimed, lost_claim, and what the gate throws
 */
export function moving(store: Store, draft: Draft, ticket: Ticket, wanted: Column, options: MoveOptions): Moving {
  const { actor, view } = draft;
  const to = targetOf(draft, ticket, wanted);
  const force = options.force === true;
  if (force) assertSelf(actor, "--force");
  const isReviewed = to.category === "done" || asksToEnter(view.board, ticket, to)("review");
  if (isReviewed && categoryOf(view.board, ticket.status) === "review") {
    assertSelf(actor, "approving");
    assertNoPipeline(ticket, actor.name);
  }
  const claimant = { store, actor, token: options.claim };
  assertMayMove(claimant, draft, ticket, { to, force });
  draft.moved.add(ticket.id);
  const isHandedOn = handsOn(draft, ticket, to, options);
  const together = new Set(options.together?.map(({ id }) => id));
  const context = gateContext(view, ticket, together, to);
  const criteria = () => parseCriteria(draft.read(ticket));
  const { unproven } = draft;
  const proofs = unproven === undefined ? {} : { unproven: () => unproven(ticket), isInRun: isInRun(store.host) };
  const held = () => othersIn(draft, ticket, to);
  passGate(ticket, to, { ...context, by: actor, criteria, output: outputOf(draft, ticket), held, ...proofs }, force);
  if (to.id !== wanted.id) {
    draft.notices.push(`${ticket.id} must be reviewed: it waits for somebody else's 'ayo ticket approve ${ticket.id}'`);
  }
  if (to.category === "cancelled" || to.category === "failed") tellLeftBehind(draft, ticket, to.id, together);
  return {
    to,
    fields: {
      ...reached(draft, ticket, to),
      ...(to.category === "review" ? workIn(store, draft, ticket) : {}),
      ...(isHandedOn ? handedOn(draft, ticket, to) : {}),
      ...(to.category === "active" && !isHandedOn ? taken(claimant, draft, ticket, options) : {}),
    },
  };
}

/** What a pipeline does, anybody can cause: it approves nothing. @throws review_required */
function assertNoPipeline({ id }: Ticket, by: string): void {
  if (pipelineOfActor(by) === undefined) return;
  throw new AyoError("review_required", `${id} is in review, and a pipeline approves nothing`, {
    try: ["ayo", "ticket", "approve", id],
    data: { id },
  });
}

function outputOf({ outputTrouble }: Draft, ticket: Ticket): (() => string | undefined) | undefined {
  return outputTrouble && (() => outputTrouble(ticket));
}

/**
 * Whether a move gives a ticket to the role of a column, for whoever of that role claims it. A new ticket that goes to
 * the first column of work is begun, as everywhere.
 */
function handsOn({ actor, view }: Draft, ticket: Ticket, to: Column, options: MoveOptions): boolean {
  const { board } = view;
  if (to.category !== "active" || to.role === undefined || options.isClaim) return false;
  if (columnAt(board, ticket.status)?.id === to.id) return false;
  const from = columnAt(board, ticket.status);
  if (options.begins === "assignee" && from?.category === "active" && isForOther(from, to)) return true;
  if (options.begins !== undefined) return !isBegunBy(ticket, actor.name, options.begins);
  return categoryOf(board, ticket.status) !== "todo" || to.id !== beginColumn(view, ticket).id;
}

function isBegunBy(ticket: Ticket, name: string, begins: Begins): boolean {
  return begins === "actor" || isAssignedTo(ticket, name);
}

/** Whoever held it has done its part: for another role it is not assigned to the agents that had it any more. */
function handedOn(draft: Draft, ticket: Ticket, to: Column): FieldChanges {
  draft.claims.set(ticket.id, null);
  const { assignee = [], authors = [], claimedBy } = ticket.fields;
  const isOver = (name: string): boolean =>
    isAgent(name) && [...authors, claimedBy].some((one) => isSameName(one, name));
  const kept = isForOther(columnAt(draft.view.board, ticket.status), to)
    ? assignee.filter((name) => !isOver(name))
    : assignee;
  const left = kept.length === assignee.length ? {} : { assignee: kept.length === 0 ? null : kept };
  return { ...withoutClaim(ticket), lease: null, ...left };
}

/** An agent's start is a claim, by whatever command; not of what is somebody's already. */
function taken(claimant: Claimant, draft: Draft, ticket: Ticket, { isClaim, begins }: MoveOptions): FieldChanges {
  const isOthers = begins !== undefined && !isBegunBy(ticket, draft.actor.name, begins);
  if (!draft.actor.agent || isClaim || isOthers || isSomebodys(ticket, draft)) return {};
  const isFree = standingOf(claimant, ticket, draft) === "free" || isLapsed(ticket, draft.view.now);
  return isFree ? claimFields(claimant, draft, ticket, takingOf(claimant, draft, {})) : {};
}

/** Where the work lies that is to be reviewed, when its author submits it. */
function workIn(store: Store, { actor, view }: Draft, { fields, status }: Ticket): FieldChanges {
  if (!actor.agent || (fields.claimedBy ?? actor.name) !== actor.name) return {};
  if (categoryOf(view.board, status) === "review") return {};
  const { branch, head } = workHere(store);
  return head === undefined ? {} : { claimBranch: branch ?? null, claimHead: head };
}

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

function targetOf({ actor, view }: Draft, ticket: Ticket, wanted: Column): Column {
  const isClosing = wanted.category === "done" && categoryOf(view.board, ticket.status) !== "review";
  const isRequired = needsReview(view.board, ticket) || asksToEnter(view.board, ticket, wanted)("review");
  const isRedirected = isClosing && actor.agent && isRequired && !isFinished(view.board, ticket.status);
  return isRedirected ? columnOf(view.board, "review") : wanted;
}

/** Tickets closed by the same command count as closed for each other. */
function gateContext(view: View, ticket: Ticket, together: ReadonlySet<string>, to: Column) {
  const { partsOf } = view.lookup;
  const lookup = {
    partsOf,
    get: (id: string) => {
      const found = view.lookup.get(id);
      if (found === undefined || !together.has(id) || to.category !== "done") return found;
      return { title: found.title, status: to.id, ...(found.fields === undefined ? {} : { fields: found.fields }) };
    },
  };
  const openChildren = view
    .children(ticket.id)
    .filter((child) => isOpenChild(view.board, child) && !together.has(child.id))
    .map((child) => child.id);
  return { board: view.board, lookup, openChildren };
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
