import { readHead } from "../../../git/refs/refs.ts";
import { leaseUntil } from "../../../ticket/rules/claim.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { AYO, releaseIn } from "../../change/leases.ts";
import { patchSurely } from "../../change/patchSurely.ts";
import { transaction } from "../../change/transaction.ts";
import { isFinished, readStore, type View } from "../../disk/view.ts";
import { dropOwnClaim, isInOtherHands, isOf, type OwnClaim, ownClaims, putOwnClaim } from "../../open/ownClaims.ts";
import { acquire, type Wanted } from "./acquire.ts";
import { type Ending, endClaims } from "./endClaims.ts";
import { type ClaimHere, type Known, learn } from "./judge.ts";
import { type Loss, loseClaims, saysSo, whoHas } from "./loseClaims.ts";
import type { ClaimsThere } from "./openClaims.ts";
import { readSeen, stoodStill, writeSeen } from "./seenClaims.ts";

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
  const sorted = sortOut(claims, known, view, own);
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

/** What is to be done with each claim that was made here. */
interface Sorted {
  readonly holding: OwnClaim[];
  readonly losses: { readonly claim: OwnClaim; readonly loss: Loss }[];
  /** Over here, and others are to hear it. */
  readonly ended: OwnClaim[];
  /** Nothing is to be said of them any more. */
  readonly over: OwnClaim[];
}

function sortOut({ refOf }: ClaimsThere, known: Known, view: View, own: readonly OwnClaim[]): Sorted {
  const sorted: Sorted = { holding: [], losses: [], ended: [], over: [] };
  for (const claim of own) {
    const oid = known.there.get(refOf(claim.id));
    const ticket = view.byId.get(claim.id);
    const holds = claim.state !== "ending" && ticket !== undefined && saysSo(view, ticket, claim.token);
    if (!holds) (isOf(claim, oid) && !isSaid(claim, oid) ? sorted.ended : sorted.over).push(claim);
    else sortHeld(sorted, known, claim, oid);
  }
  return sorted;
}

/** Whether the end of a claim came there though nobody knew. */
function isSaid({ ended, next, oid }: OwnClaim, there: string | undefined): boolean {
  return ended !== undefined && there === next && next !== oid;
}

function sortHeld(sorted: Sorted, known: Known, claim: OwnClaim, oid: string | undefined): void {
  if (oid === undefined || isOf(claim, oid)) return void sorted.holding.push(claim);
  const loss = lossOf(known, claim);
  if (loss !== undefined) sorted.losses.push({ claim, loss });
  // It is over there, by somebody else: what comes says how. One that nobody had heard of may begin after that.
  else (claim.state === "here" ? sorted.holding : sorted.over).push(claim);
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
  const restored = await putBack(claims, view, kept);
  const asked = holding.filter((claim) => {
    const ticket = view.byId.get(claim.id);
    const isKnown = kept.includes(claim);
    if (isKnown || (ticket !== undefined && saysSo(view, ticket, claim.token))) return !isKnown;
    dropOwnClaim(store, claim);
    return false;
  });
  return [...restored, ...(await askFor(claims, view, asked))];
}

/** Makes claims where others can see them; who was quicker has it. */
export async function askFor(claims: ClaimsThere, view: View, own: readonly OwnClaim[]): Promise<readonly string[]> {
  if (own.length === 0) return [];
  const { store } = claims;
  const wanted = own.map((claim): Wanted => {
    const { id, actor: by, token, lease } = claim;
    return { id, by, token, lease, here: claimIn(view.byId.get(id)), own: claim, isRenewed: true };
  });
  const losses: Loss[] = [];
  for (const got of await acquire(claims, AYO, wanted)) {
    const claim = own.find(({ id }) => id === got.id) as OwnClaim;
    if (got.state === "sure") putOwnClaim(store, { ...got.own, state: "sure" });
    else if (got.state !== "unsure") {
      losses.push({
        id: got.id,
        actor: claim.actor,
        token: claim.token,
        by: got.by,
        host: "host" in got ? got.host : "",
      });
      dropOwnClaim(store, claim);
    }
  }
  return loseClaims(store, losses);
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

/** Ids of the tickets whose claims are there. */
function idsIn({ all }: ClaimsThere, there: ReadonlyMap<string, string>): string[] {
  const folder = all.slice(0, -1);
  return [...there.keys()].flatMap((ref) => (ref.startsWith(folder) ? [ref.slice(folder.length)] : []));
}

/** Who has it there; undefined where it is over. */
function lossOf({ seen }: Known, { id, actor, token }: OwnClaim): Loss | undefined {
  const facts = seen.get(id)?.facts;
  if (facts === undefined || facts.ended !== undefined) return undefined;
  if (facts.token === token && facts.actor === actor) return undefined;
  return { id, actor, token, by: facts.actor, host: facts.host };
}

function confirm({ store, refOf }: ClaimsThere, claim: OwnClaim, there: ReadonlyMap<string, string>): void {
  const oid = there.get(refOf(claim.id)) ?? null;
  if (claim.state === "sure" && claim.oid === oid) return;
  // When it came nobody knows any more: others may have seen it for that long.
  putOwnClaim(store, { ...claim, state: "sure", oid, next: null, since: claim.oid === oid ? claim.since : null });
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
      await patchSurely(draft, ticket, { claimedBy: actor, claim: token, lease: until });
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

/** Claims of others that show no sign of life: whoever says so first there takes them back. */
async function releaseStill(claims: ClaimsThere, { there, seen }: Known, view: View): Promise<readonly string[]> {
  const { store, refOf } = claims;
  const still = [...seen].filter(([id, one]) => {
    const ticket = view.byId.get(id);
    const isThere = one.key === there.get(refOf(id)) && one.facts.ended === undefined;
    return isThere && ticket !== undefined && saysSo(view, ticket, one.facts.token) && stoodStill(one);
  });
  if (still.length === 0) return [];
  const endings = still.map(([id]) => ({ id, how: "lapsed", commit: undefined }));
  const ended = new Set(
    (await endClaims(claims, AYO, endings)).flatMap(({ id, state }) => (state === "ended" ? [id] : [])),
  );
  const { notices } = await transaction(store, { actor: AYO }, async (draft) => {
    const tickets = still.flatMap(([id, { facts }]) => {
      const ticket = draft.view.byId.get(id);
      return ended.has(id) && ticket !== undefined && saysSo(draft.view, ticket, facts.token) ? [ticket] : [];
    });
    const sentence = await releaseIn(draft, tickets);
    return sentence === undefined ? { result: undefined } : { result: undefined, sentence };
  });
  const free = still.filter(([id]) => ended.has(id));
  return [
    ...free.map(([id, { facts }]) => `${id} is free: ${whoHas({ ...facts, by: facts.actor })} showed no sign of life`),
    ...notices,
  ];
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
