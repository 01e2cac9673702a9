import { isAncestor } from "../../../git/commits/history.ts";
import { objectExists } from "../../../git/objects/objects.ts";
import type { View } from "../../disk/view.ts";
import { isOf, type OwnClaim } from "../../open/ownClaims.ts";
import type { Journal } from "../../open/store.ts";
import type { Known } from "./judge.ts";
import { type Loss, saysSo } from "./loseClaims.ts";
import type { ClaimsThere } from "./openClaims.ts";

/** What is to be done with each claim that was made here. */
export interface Sorted {
  readonly holding: OwnClaim[];
  readonly losses: { readonly claim: OwnClaim; readonly loss: Loss }[];
  /** Over here, and others are to hear it. */
  readonly ended: OwnClaim[];
  /** Nothing is to be said of them any more. */
  readonly over: OwnClaim[];
}

/** Sorts claims that were made here by what is there. */
export async function sortClaims(
  claims: ClaimsThere,
  known: Known,
  view: View,
  own: readonly OwnClaim[],
): Promise<Sorted> {
  const sorted: Sorted = { holding: [], losses: [], ended: [], over: [] };
  for (const ofTicket of byTicket(own)) {
    const [{ id }] = ofTicket as [OwnClaim];
    const oid = known.there.get(claims.refOf(id));
    const ticket = view.byId.get(id);
    const holding = ofTicket.filter(
      ({ state, token }) => state !== "ending" && ticket !== undefined && saysSo(view, ticket, token),
    );
    const holder = holding.find((claim) => isOf(claim, oid)) ?? holding[0];
    for (const claim of ofTicket) {
      if (claim === holder) await sortHeld(sorted, { ...claims, ...known }, claim, oid);
      else if (holder !== undefined || !isToEnd(known, claim, oid)) sorted.over.push(claim);
      else sorted.ended.push(claim);
    }
    // Whoever was killed while it handed the ticket over has said so there, and not here: it is made again on top of that.
    if (holder !== undefined && !isOf(holder, oid)) keepFor(sorted, ofTicket, oid);
  }
  return sorted;
}

function byTicket(own: readonly OwnClaim[]): OwnClaim[][] {
  const groups = new Map<string, OwnClaim[]>();
  for (const claim of own) groups.set(claim.id, [...(groups.get(claim.id) ?? []), claim]);
  return [...groups.values()];
}

function keepFor({ over }: Sorted, claims: readonly OwnClaim[], oid: string | undefined): void {
  for (const claim of claims) {
    const at = over.indexOf(claim);
    if (at >= 0 && isOf(claim, oid)) over.splice(at, 1);
  }
}

function isToEnd({ seen }: Known, claim: OwnClaim, oid: string | undefined): boolean {
  if (oid === undefined) return false;
  if (isOf(claim, oid)) return !isSaid(claim, oid);
  const known = seen.get(claim.id);
  return known?.key === oid && known.facts.ended === undefined && known.facts.token === claim.token;
}

/** Whether the end of a claim came there though nobody knew. */
function isSaid({ ended, next, oid }: OwnClaim, there: string | undefined): boolean {
  return ended !== undefined && there === next && next !== oid;
}

async function sortHeld(
  { holding, losses, over }: Sorted,
  { journal, seen }: ClaimsThere & Known,
  claim: OwnClaim,
  oid: string | undefined,
): Promise<void> {
  const { id, actor, token } = claim;
  const known = seen.get(id);
  if (oid === undefined || isOf(claim, oid) || known?.key !== oid) return void holding.push(claim);
  const { ended, ...facts } = known.facts;
  const isSame = facts.token === token && facts.actor === actor;
  const loss = { id, actor, token };
  if (isSame && ended !== undefined) losses.push({ claim, loss: { ...loss, by: "", host: "", ended: ended.how } });
  // Its holder goes on with it on another machine.
  else if (isSame && (await isAfter(journal, oid, claim))) over.push(claim);
  // Somebody put the ref back: to an earlier word of the same claim, or to the end of the one before it.
  else if (isSame || ended !== undefined) holding.push(claim);
  else losses.push({ claim, loss: { ...loss, by: facts.actor, host: facts.host } });
}

async function isAfter({ repository }: Journal, there: string, { oid }: OwnClaim): Promise<boolean> {
  return oid !== null && (await objectExists(repository, oid)) && isAncestor(repository, oid, there);
}
