import { readHead } from "../../../git/refs/refs.ts";
import { leaseUntil } from "../../../ticket/rules/claim.ts";
import { categoryOf, workColumn } from "../../../ticket/rules/columns.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { AYO } from "../../change/leases.ts";
import { patchSurely } from "../../change/patchSurely.ts";
import { transaction } from "../../change/transaction.ts";
import { isFinished, readStore, type View } from "../../disk/view.ts";
import { dropOwnClaim, isInOtherHands, isOf, type OwnClaim, ownClaims, putOwnClaim } from "../../open/ownClaims.ts";
import type { Store } from "../../open/store.ts";
import { acquire, type Wanted } from "./acquire.ts";
import { type Ending, endClaims } from "./endClaims.ts";
import { type ClaimHere, idsIn, type Known, learn } from "./judge.ts";
import { type Loss, loseClaims, saysSo } from "./loseClaims.ts";
import type { ClaimsThere } from "./openClaims.ts";
import { releaseStill } from "./releaseStill.ts";
import { readSeen, writeSeen } from "./seenClaims.ts";
import { type Sorted, sortClaims } from "./sortClaims.ts";

/** What is left to be settled once what others did has come. */
export interface Unsettled {
  /** Claims that hold here; others have heard of them, or are to be asked. */
  readonly holding: readonly OwnClaim[];
  readonly told: readonly string[];
}

/**
 * Before what others did is taken in: what was claimed here and is another's there is given up, so that no two claims
 * meet; what is over here is said to be.
 */
export async function settleBefore(claims: ClaimsThere, there: ReadonlyMap<string, string>): Promise<Unsettled> {
  const { store } = claims;
  const known = await learn(claims, idsIn(claims, there), there);
  forgetGone(claims, known);
  const own = ownClaims(store).filter((claim) => !isInOtherHands(claim, store.host.pid));
  const view = await readStore(store);
  const sorted = await sortSurely(claims, known, view, own);
  for (const claim of sorted.over) dropOwnClaim(store, claim);
  const told = await loseClaims(
    store,
    sorted.losses.map(({ loss }) => loss),
  );
  for (const { claim } of sorted.losses) dropOwnClaim(store, claim);
  const endings = sorted.ended.map((claim) => ({ id: claim.id, ...howEnded(claims, view, claim), own: claim }));
  if (endings.length > 0) await endClaims(claims, AYO, endings);
  return { holding: sorted.holding, told: [...told, ...(await releaseStill(claims, known, view))] };
}

/** What was looked at may be older than a claim that another command here has made since: what seems lost is looked at again. */
async function sortSurely(claims: ClaimsThere, known: Known, view: View, own: readonly OwnClaim[]): Promise<Sorted> {
  const sorted = await sortClaims(claims, known, view, own);
  if (sorted.losses.length === 0) return sorted;
  const there = await claims.transport.lookAll([claims.all]);
  return sortClaims(claims, await learn(claims, idsIn(claims, there), there), view, own);
}

/** Once what others did is here: claims that nobody there has heard of are made there, and what a merge dropped is put back. */
export async function settleAfter(
  claims: ClaimsThere,
  { holding }: Unsettled,
  there: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  if (holding.length === 0) return [];
  const { store, refOf } = claims;
  const view = await readStore(store);
  const kept = holding.filter((claim) => isOf(claim, there.get(refOf(claim.id))));
  for (const claim of kept) confirm(claims, claim, there);
  const restored = [...(await putBack(claims, view, kept)), ...(await giveUpWaiting(claims, view, kept))];
  await endFinished(claims, view, kept);
  const asked = holding.filter((claim) => {
    const ticket = view.byId.get(claim.id);
    const isKnown = kept.includes(claim);
    if (isKnown || (ticket !== undefined && saysSo(view, ticket, claim.token))) return !isKnown;
    dropOwnClaim(store, claim);
    return false;
  });
  return [...restored, ...(await askFor(claims, view, asked))];
}

/** A review that goes on while somebody has sent the work back to where it waits is over. */
async function giveUpWaiting(claims: ClaimsThere, view: View, kept: readonly OwnClaim[]): Promise<readonly string[]> {
  const waiting = kept.filter(({ id, token }) => {
    const ticket = view.byId.get(id);
    return ticket?.fields.claim === token && categoryOf(view.board, ticket.status) === "todo";
  });
  if (waiting.length === 0) return [];
  const told = await loseClaims(
    claims.store,
    waiting.map(({ id, actor, token }) => ({ id, actor, token, by: "", host: "", ended: "it waits again" })),
  );
  const commit = readHead(claims.journal.repository).oid;
  await endClaims(
    claims,
    AYO,
    waiting.map((own) => ({ id: own.id, how: "released", commit, own })),
  );
  return told;
}

/** What others have finished nobody holds. */
async function endFinished(claims: ClaimsThere, view: View, kept: readonly OwnClaim[]): Promise<void> {
  const over = kept.filter(({ id }) => {
    const ticket = view.byId.get(id);
    return ticket === undefined || isFinished(view.board, ticket.status);
  });
  const endings = over.map((claim) => ({ id: claim.id, ...howEnded(claims, view, claim), own: claim }));
  if (endings.length > 0) await endClaims(claims, AYO, endings);
}

/** Makes claims where others can see them; who was quicker has it. */
export async function askFor(claims: ClaimsThere, view: View, own: readonly OwnClaim[]): Promise<readonly string[]> {
  if (own.length === 0) return [];
  const { store } = claims;
  const wanted = own.map((claim): Wanted => {
    const { id, actor: by, token, lease } = claim;
    // What is not there any more, or is taken for another's, is nobody's for sure until it is there again.
    const unsure = claim.state === "sure" ? putOwnClaim(store, { ...claim, state: "here" }) : claim;
    return { id, by, token, lease, here: claimIn(view.byId.get(id)), own: unsure, isRenewed: true };
  });
  const losses: Loss[] = [];
  const told: string[] = [];
  for (const got of await acquire(claims, AYO, wanted)) {
    const claim = own.find(({ id }) => id === got.id) as OwnClaim;
    if (got.state === "sure") sureAlone(store, got.own);
    else if (got.state === "unsure") told.push(`the claim of ${got.id} is not confirmed: ${got.why}`);
    else {
      const { id, actor, token } = claim;
      losses.push({ id, actor, token, by: got.by, host: got.state === "held" ? got.host : "" });
      dropOwnClaim(store, claim);
    }
  }
  return [...told, ...(await loseClaims(store, losses))];
}

/** One claim of a ticket is left. */
function sureAlone(store: Store, own: OwnClaim): void {
  putOwnClaim(store, { ...own, state: "sure" });
  for (const other of ownClaims(store, own.id))
    if (other.name !== own.name && !isInOtherHands(other, store.host.pid)) dropOwnClaim(store, other);
}

/** What a ticket says of its claim. */
export function claimIn(ticket: Ticket | undefined): ClaimHere | undefined {
  const { claimedBy: by, claim: token, lease = "" } = ticket?.fields ?? {};
  return by === undefined || token === undefined ? undefined : { by, token, lease };
}

/** How a claim came to its end that is not in the ticket any more, and the store's commit that knows it. */
export function howEnded(
  { journal }: Pick<ClaimsThere, "journal">,
  view: View,
  { id, ended }: OwnClaim,
): Pick<Ending, "how" | "commit"> {
  if (ended !== undefined) return ended;
  const ticket = view.byId.get(id);
  const how = ticket === undefined || isFinished(view.board, ticket.status) ? "closed" : "released";
  return { how, commit: readHead(journal.repository).oid };
}

function confirm({ store, refOf }: ClaimsThere, claim: OwnClaim, there: ReadonlyMap<string, string>): void {
  const oid = there.get(refOf(claim.id)) ?? null;
  if (claim.state === "sure" && claim.oid === oid) return;
  // When it came nobody knows any more: others may have seen it for that long.
  putOwnClaim(store, {
    ...claim,
    state: "sure",
    oid,
    next: null,
    earlier: [],
    since: claim.oid === oid ? claim.since : null,
  });
}

/** What a merge left out of a ticket though it holds. */
async function putBack({ store }: ClaimsThere, view: View, kept: readonly OwnClaim[]): Promise<readonly string[]> {
  const gone = kept.filter(({ id, token }) => {
    const ticket = view.byId.get(id);
    return ticket !== undefined && ticket.fields.claim !== token && !isFinished(view.board, ticket.status);
  });
  if (gone.length === 0) return [];
  const { notices } = await transaction(store, { actor: AYO }, async (draft) => {
    const ids: string[] = [];
    for (const { id, actor, token, lease } of gone) {
      const ticket = draft.view.byId.get(id);
      if (ticket === undefined) continue;
      const until = lease === 0 ? null : leaseUntil(draft.view.now, lease);
      const isTodo = categoryOf(draft.view.board, ticket.status) === "todo";
      const begun = isTodo ? { status: workColumn(draft.view.board, ticket.status).id, started: draft.time } : {};
      await patchSurely(draft, ticket, { ...begun, claimedBy: actor, claim: token, lease: until });
      ids.push(id);
    }
    if (ids.length === 0) return { result: undefined };
    return {
      result: undefined,
      sentence: { subject: `keep the claims on ${ids.join(", ")}`, event: "claim_kept", tickets: ids },
    };
  });
  return notices;
}

/** What was seen of claims that are no more, and were over. */
function forgetGone({ store, refOf }: ClaimsThere, { there, seen }: Known): void {
  const gone = [...seen].filter(([id, { facts }]) => facts.ended !== undefined && !there.has(refOf(id)));
  if (gone.length === 0) return;
  const now = readSeen(store);
  for (const [id] of gone) {
    now.delete(id);
    seen.delete(id);
  }
  writeSeen(store, now);
}
