import { AyoError } from "../../error.ts";
import { readObject } from "../../git/objects/objects.ts";
import { reviewerOf, withAuthors } from "../../ticket/rules/authors.ts";
import { isLapsed, isLeaseLive, WITHOUT_REVIEW, withoutClaim, workOf } from "../../ticket/rules/claim.ts";
import { categoryOf, columnAt } from "../../ticket/rules/columns.ts";
import { lostDispatch } from "../../ticket/rules/dispatch.ts";
import type { FieldChanges } from "../../ticket/text/patchTicket.ts";
import type { Fields, Ticket } from "../../ticket/ticket.ts";
import type { HandEdit } from "../disk/archive/archiveEdits.ts";
import { parse } from "../disk/readFile.ts";
import { isFinished, type View } from "../disk/view.ts";
import type { Actor } from "../open/identity/identity.ts";
import type { Journal, Store } from "../open/store.ts";
import { type Draft, openDraft } from "./draft.ts";
import type { Sentence } from "./message.ts";
import { patchSurely } from "./patchSurely.ts";

/** In whose name claims are taken back and kept; the author of every store's root commit too. */
export const AYO: Actor = { name: "ayo", email: "ayo@ayo.invalid", agent: false };

/** A change that the store makes by itself before the caller's. */
export interface OwnChange {
  readonly draft: Draft;
  readonly sentence: Sentence;
}

/** The claims that ran out, but for those that `spares` keeps; costs a look at each ticket. */
export function lapsedTickets(view: View, spares?: (ticket: Ticket, view: View) => boolean): Ticket[] {
  return view.marked.filter(
    (ticket) => isLapsed(ticket, view.now) && isWork(view, ticket) && spares?.(ticket, view) !== true,
  );
}

/** What was finished or submitted by hand may still carry its author's lease: nobody waits for it. */
function isWork({ board }: View, ticket: Ticket): boolean {
  if (categoryOf(board, ticket.status) === "review") return reviewerOf(ticket) !== undefined;
  return !isFinished(board, ticket.status);
}

/**
 * Takes claims back whose lease ran out: to the initial column, with a note that says whose it was and where the work
 * lies. There is no daemon: whoever writes next does so, and reads take the claim for released before. What is in
 * review, or in a column for a role, waits there for the next.
 */
export async function releaseLapsed(
  store: Store,
  view: View,
  tickets: readonly Ticket[],
): Promise<OwnChange | undefined> {
  const draft = openDraft(store, view, AYO);
  const sentence = await releaseIn(draft, tickets);
  return sentence === undefined ? undefined : { draft, sentence };
}

/** The same as a part of a change. */
export async function releaseIn(draft: Draft, tickets: readonly Ticket[]): Promise<Sentence | undefined> {
  const released: Ticket[] = [];
  for (const ticket of tickets) if (await releaseOne(draft, ticket)) released.push(ticket);
  const [first] = released;
  if (first === undefined) return undefined;
  const named = released.length === 1 ? `${first.id}: ${first.title}` : namesOf(released);
  const subject = `lease of ${holders(released)} ran out on ${named}`;
  return { subject, event: "lease_expired", tickets: released.map(({ id }) => id) };
}

/** False for a file that only a person can change: it must not keep everybody else from writing. */
async function releaseOne(draft: Draft, ticket: Ticket): Promise<boolean> {
  const { claimedBy, lease, started } = ticket.fields;
  const column = columnAt(draft.view.board, ticket.status);
  const isReview = column?.category === "review";
  const anew = started === undefined ? {} : { started: null };
  const isWork = column?.category === "active";
  const status = isWork && column.role === undefined ? { status: draft.view.board.initial, ...anew } : {};
  const claim = isReview
    ? WITHOUT_REVIEW
    : { ...withoutClaim(ticket), ...withAuthors(ticket, isWork ? [claimedBy] : []), ...lostDispatch(ticket.fields) };
  const work = isReview ? "" : workOf(ticket);
  try {
    await draft.patch(ticket, { ...status, ...claim });
    draft.note(ticket, `The ${isReview ? "review" : "lease"} of ${claimedBy} ran out at ${lease}. ${work}`.trim());
    return true;
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    draft.files.delete(ticket.path);
    return false;
  }
}

/**
 * Puts live claims back that a hand edit took or dropped, unless it finished the ticket. Call it after
 * the edits are committed, with the view that they made; undefined where every claim is as it was.
 */
export async function restoreClaims(
  store: Store,
  journal: Journal,
  view: View,
  edits: readonly HandEdit[],
): Promise<OwnChange | undefined> {
  const draft = openDraft(store, view, AYO);
  const kept: Ticket[] = [];
  const byPath = new Map(edits.length === 0 ? [] : view.tickets.map((ticket) => [ticket.path, ticket]));
  for (const { file, before } of edits) {
    const now = byPath.get(file);
    if (now === undefined || before === null || isFinished(view.board, now.status)) continue;
    const old = await ticketAt(journal, file, before);
    const claim = old?.id === now.id ? keptClaim(old, now, view) : undefined;
    if (old === undefined || claim === undefined) continue;
    await patchSurely(draft, now, claim);
    kept.push(old);
  }
  if (kept.length === 0) return undefined;
  const subject = `keep the claim of ${holders(kept)} on ${namesOf(kept)}`;
  return { draft, sentence: { subject, event: "claim_kept", tickets: kept.map(({ id }) => id) } };
}

/**
 * The claim that a new text of a ticket may not have: it took or dropped a live one, and did not finish the ticket.
 * Undefined where the claim is as it was, or may go.
 */
export function keptClaim(old: Ticket, now: Ticket, { board, now: at }: View): FieldChanges | undefined {
  const isOver = isFinished(board, now.status) || !isUnderLease(old, at) || isClaimKept(old.fields, now.fields);
  return isOver ? undefined : claimOf(old.fields);
}

function isUnderLease({ fields }: Ticket, now: number): boolean {
  return fields.claimedBy !== undefined && fields.lease !== undefined && isLeaseLive(fields.lease, now);
}

/** A lease made longer by hand takes nothing from its holder. */
function isClaimKept(old: Fields, now: Fields): boolean {
  const isSame = old.claimedBy === now.claimedBy && old.claim === now.claim;
  return isSame && (old.lease === now.lease || (now.lease !== undefined && now.lease >= (old.lease ?? now.lease)));
}

function claimOf({ claimedBy, lease, claim, claimBranch, claimHead }: Fields): FieldChanges {
  return {
    claimedBy: claimedBy ?? null,
    lease: lease ?? null,
    claim: claim ?? null,
    claimBranch: claimBranch ?? null,
    claimHead: claimHead ?? null,
  };
}

/** The ticket of a committed version; parsed only where it can hold a claim. One that git has lost tells of none. */
async function ticketAt(journal: Journal, file: string, oid: string): Promise<Ticket | undefined> {
  const read = await readObject(journal.repository, oid).catch(() => undefined);
  if (read === undefined) return undefined;
  const { bytes } = read;
  if (!/claimed[-_]?by/i.test(bytes.toString("utf8"))) return undefined;
  const parsed = await parse(bytes, file, oid);
  return "id" in parsed ? parsed : undefined;
}

function holders(tickets: readonly Ticket[]): string {
  return [...new Set(tickets.map(({ fields }) => fields.claimedBy))].join(", ");
}

function namesOf(tickets: readonly Ticket[]): string {
  return tickets.map(({ id }) => id).join(", ");
}
