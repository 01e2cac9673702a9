import { randomBytes } from "node:crypto";
import { AyoError } from "../../../error.ts";
import { workHere } from "../../../store/change/claimTokens.ts";
import type { Draft } from "../../../store/change/draft.ts";
import { withAuthors } from "../../../ticket/rules/authors.ts";
import type { Category } from "../../../ticket/rules/board.ts";
import { DEFAULT_LEASE_MS, isLapsed, leaseUntil } from "../../../ticket/rules/claim.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import type { FieldChanges } from "../../../ticket/text/patchTicket.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { parseDuration } from "../../../ticket/time.ts";
import { assertNotTakenBack } from "./circle.ts";
import { type Claimant, claimedBySomebody, isSomebodys, lostClaim, standingOf } from "./holder.ts";

/** How a claim is made. */
export interface Taking {
  /** Whose it becomes; the actor's unless it is handed over. */
  readonly by: string;
  /** Milliseconds; undefined for a person, who needs no lease. */
  readonly lease: number | undefined;
  readonly token: string;
}

const TOKEN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MIN_LEASE_MS = 1_000;
const MAX_LEASE_MS = 365 * 24 * 60 * 60_000;

/**
 * How the caller's claim is to be made: the lease as asked for, or as config.yml says; a person's has none.
 * @throws bad_input for a lease or token that is none
 */
export function takingOf(
  { store, actor, token }: Claimant,
  draft: Pick<Draft, "view">,
  { lease, for: by = actor.name }: { readonly lease?: string | undefined; readonly for?: string | undefined },
): Taking {
  const wanted = checkToken(token ?? store.host.env.AYO_CLAIM);
  const usual = by.startsWith("@") ? (draft.view.config.lease ?? DEFAULT_LEASE_MS) : undefined;
  return { by, lease: lease === undefined ? usual : checkLease(lease), token: wanted || newToken() };
}

/** A token that a caller brings, which goes into the ticket's front matter. */
export function checkToken(token: string | undefined): string | undefined {
  if (!token || TOKEN.test(token)) return token;
  throw new AyoError("bad_input", `claim '${token}' is no token: use up to 64 letters, digits, '.', '_' and '-'`, {
    data: { field: "claim" },
  });
}

/** A lease as typed, in milliseconds. */
export function checkLease(text: string): number {
  const lease = parseDuration(text);
  if (lease !== undefined && lease >= MIN_LEASE_MS && lease <= MAX_LEASE_MS) return lease;
  throw new AyoError("bad_input", `lease '${text}' is not a duration such as 15m, 1h or 90s`, {
    data: { field: "lease" },
  });
}

function newToken(): string {
  return randomBytes(8).toString("hex");
}

/**
 * The front matter of a claim, which the worktree will remember where it is the actor's own.
 * @throws delegation_refused where an agent would take back what it handed on
 */
export function claimFields(claimant: Claimant, draft: Draft, ticket: Ticket, taking: Taking): FieldChanges {
  const { id } = ticket;
  const { by, lease } = taking;
  // One that others know by now keeps its name.
  const token = draft.sure.get(id) ?? taking.token;
  const isOwn = by === claimant.actor.name;
  draft.holds.set(id, { by, token, lease: lease ?? 0 });
  // Whoever reviews works elsewhere: what the ticket says is where its author's work lies.
  const isReview = categoryOf(draft.view.board, ticket.status) === "review";
  if (!isReview) assertNotTakenBack(draft, ticket, by);
  const { branch, head } = isOwn && !isReview ? workHere(claimant.store) : {};
  if (isOwn) draft.claims.set(id, { token, lease: lease ?? 0 });
  else draft.claims.set(id, null);
  return {
    claimedBy: by,
    lease: lease === undefined ? null : leaseUntil(draft.view.now, lease),
    claim: token,
    ...(isReview ? {} : { claimBranch: branch ?? null, claimHead: head ?? null }),
    // Who works by another's name approves it by none of them.
    ...withAuthors(ticket, [by, isOwn ? claimant.actor.borrowedBy : undefined]),
  };
}

/**
 * Refuses a ticket that cannot be claimed. A holder learns that it is its own, so that two agents who share a name do
 * not both believe to have it; with the claim's token it is let pass, for retries.
 * @throws claimed, lost_claim, blocked, transition_refused
 */
export function assertClaimable(
  claimant: Claimant,
  draft: Draft,
  ticket: Ticket,
  isHandOver: boolean,
): "held" | "free" {
  assertNoRun(ticket);
  const standing = standingOf(claimant, ticket, draft);
  const category = categoryOf(draft.view.board, ticket.status);
  if (category !== "todo" && category !== "active") {
    throw standing === "lost" ? lostClaim(claimant, ticket) : notWork(ticket, category);
  }
  // In a dry run nobody took it back: it is free, as it will be.
  if (isLapsed(ticket, draft.view.now)) return "free";
  if (standing === "holder") {
    if (isHandOver || hasProof(claimant, ticket)) return "held";
    throw claimedByYou(ticket);
  }
  if (standing !== "free") throw claimedBySomebody(ticket);
  if (isSomebodys(ticket, draft)) throw claimedBySomebody(ticket, ticket.fields.assignee?.[0]);
  return "free";
}

/** @throws transition_refused for a run of a pipeline */
function assertNoRun({ id, fields: { pipeline } }: Ticket): void {
  if (pipeline === undefined) return;
  throw new AyoError(
    "transition_refused",
    `${id} is a run of pipeline ${pipeline}: nobody works on it but its tickets`,
    {
      try: ["ayo", "pipeline", "show", id],
      data: { id, pipeline },
    },
  );
}

/** Whether the caller brings the token of the claim, so that repeating it is safe. */
export function hasProof({ store, token }: Claimant, { fields }: Ticket): boolean {
  const proof = token ?? store.host.env.AYO_CLAIM;
  return Boolean(proof) && proof === fields.claim;
}

function notWork({ id, status, fields }: Ticket, category: Category | undefined): AyoError {
  if (category === "blocked") {
    const why = fields.question ?? fields.blockedReason;
    return new AyoError("blocked", `${id} is blocked${why === undefined ? "" : `: ${why}`}`, {
      try: ["ayo", "ticket", "show", id],
      data: { id, blockedBy: [] },
    });
  }
  const isOver = category === "done" || category === "cancelled" || category === "failed";
  return new AyoError("transition_refused", `${id} is ${status || "without a status"}: nothing to claim`, {
    try: ["ayo", "ticket", isOver ? "reopen" : "show", id],
    data: { id, from: status },
  });
}

/** The error for a claim of what the caller has already. */
export function claimedByYou({ id, fields }: Ticket): AyoError {
  const until = fields.lease === undefined ? "" : ` until ${fields.lease}`;
  return new AyoError("claimed", `${id} is already yours (${fields.claimedBy})${until}`, {
    try: ["ayo", "ticket", "renew", id],
    data: { id, by: fields.claimedBy, until: fields.lease ?? null, yours: true },
  });
}
