import { AyoError } from "../../../error.ts";
import { workHere } from "../../../store/change/claimTokens.ts";
import type { Draft } from "../../../store/change/draft.ts";
import { isFinished, type View } from "../../../store/disk/view.ts";
import { assertSelf, isInRun } from "../../../store/open/identity/identity.ts";
import type { Store } from "../../../store/open/store.ts";
import { pipelineOfActor } from "../../../ticket/pipeline/pipeline.ts";
import type { Column } from "../../../ticket/rules/board.ts";
import { isAgent, isAssignedTo, isLapsed, isSameName, withoutClaim } from "../../../ticket/rules/claim.ts";
import { categoryOf, columnAt, columnOf } from "../../../ticket/rules/columns.ts";
import { asksToEnter, needsReview, passGate } from "../../../ticket/rules/gate.ts";
import { beginColumn } from "../../../ticket/rules/phases.ts";
import { isOpenChild } from "../../../ticket/rules/readiness.ts";
import { isForOther } from "../../../ticket/rules/roles.ts";
import { parseCriteria } from "../../../ticket/text/criteria.ts";
import type { FieldChanges } from "../../../ticket/text/patchTicket.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { assertMayMove, type Claimant, isSomebodys, standingOf } from "../claims/holder.ts";
import { claimFields, takingOf } from "../claims/take.ts";
import { tellLeftBehind } from "./leftBehind.ts";
import { reached } from "./reached.ts";
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
