import { isAncestor } from "../../../git/commits/history.ts";
import { objectExists } from "../../../git/objects/objects.ts";
import { readHead } from "../../../git/refs/refs.ts";
import { isInOtherHands, isOf, type OwnClaim, ownClaims } from "../../open/ownClaims.ts";
import type { Journal, Store } from "../../open/store.ts";
import { readClaim } from "./claimCommit.ts";
import type { ClaimsThere } from "./openClaims.ts";
import { isNews, note, readSeen, type Seen, type SeenClaims, stoodStill, writeSeen } from "./seenClaims.ts";

/** What a ticket here says of who has it. */
export interface ClaimHere {
  readonly by: string;
  readonly token: string;
  /** As it is written; another one is a sign of life. */
  readonly lease: string;
}

/** Whether a ticket can be claimed, as far as that is settled elsewhere. */
export type Verdict =
  | { readonly state: "free"; readonly seen: string | undefined }
  | { readonly state: "own"; readonly seen: string; readonly claim: OwnClaim }
  /** `isLate`: it was free when it was first looked at. */
  | { readonly state: "held"; readonly by: string; readonly host: string; readonly isLate?: true }
  /** It was finished by a commit that has not come here. */
  | { readonly state: "finished"; readonly by: string; readonly how: string; readonly commit: string };

/** What is known of claims before one is judged. */
export interface Known {
  readonly there: ReadonlyMap<string, string>;
  readonly seen: SeenClaims;
}

/** Looks at claims there; those of others that are news are read, and when they were first seen is remembered. */
export async function lookAt(claims: ClaimsThere, ids: readonly string[]): Promise<Known> {
  const { transport, refOf, otherRefOf } = claims;
  return learn(claims, ids, await transport.lookAll([...ids.map(refOf), ...ids.map(otherRefOf)]));
}

/** The same of what was looked at before. */
export async function learn(
  claims: ClaimsThere,
  ids: readonly string[],
  there: ReadonlyMap<string, string>,
): Promise<Known> {
  const { store, journal, refOf, otherRefOf } = claims;
  const seen = readSeen(store);
  const places = ids.flatMap((id) => [
    { id, name: id, ref: refOf(id) },
    { id, name: otherName(id), ref: otherRefOf(id) },
  ]);
  const news = places.flatMap(({ id, name, ref }) => {
    const oid = there.get(ref);
    if (oid === undefined || !isNews(seen, name, oid) || ownClaims(store, id).some((own) => isOf(own, oid))) return [];
    return [{ name, ref, oid }];
  });
  if (news.length === 0) return { there, seen };
  const unknown: string[] = [];
  for (const { ref, oid } of news) if (!(await objectExists(journal.repository, oid))) unknown.push(ref);
  if (unknown.length > 0) await claims.transport.fetch(...unknown);
  for (const { name, oid } of news) note(seen, name, oid, await readClaim(journal, oid));
  writeSeen(store, seen);
  return { there, seen };
}

/** What is remembered of a claim that lies where this store's config.yml has not put it goes by this name. */
function otherName(id: string): string {
  return `${id}@`;
}

/** Who holds a ticket by a ref in the other place; a clone with another config.yml has put it there. */
function heldOther({ otherRefOf, store }: ClaimsThere, { there, seen }: Known, id: string): Verdict | undefined {
  const oid = there.get(otherRefOf(id));
  if (oid === undefined || ownClaims(store, id).some((own) => isOf(own, oid))) return undefined;
  const known = seen.get(otherName(id));
  if (known === undefined || known.key !== oid) return { state: "held", by: "somebody", host: "" };
  return known.facts.ended !== undefined || stoodStill(known) ? undefined : heldBy(known);
}

/** Ids of the tickets whose claims are there. */
export function idsIn({ all }: ClaimsThere, there: ReadonlyMap<string, string>): string[] {
  const folder = all.slice(0, -1);
  return [...there.keys()].flatMap((ref) => (ref.startsWith(folder) ? [ref.slice(folder.length)] : []));
}

/** Who wants to know of a ticket. */
interface Question {
  readonly id: string;
  /** What the ticket here says. */
  readonly here: ClaimHere | undefined;
  /** The file of the claim that is asked for, where it is written down. */
  readonly name?: string | undefined;
}

/** Judges one ticket by what was looked at. */
export async function judge(
  claims: ClaimsThere,
  { there, seen }: Known,
  { id, here, name }: Question,
): Promise<Verdict> {
  const { store, journal, refOf } = claims;
  const oid = there.get(refOf(id));
  const own = ownClaims(store, id);
  const busy = own.find((claim) => claim.name !== name && isInOtherHands(claim, store.host.pid));
  if (busy !== undefined) return { state: "held", by: busy.actor, host: "" };
  const other = heldOther(claims, { there, seen }, id);
  if (other !== undefined) return other;
  const mine = own.find((claim) => isOf(claim, oid));
  if (mine !== undefined && oid !== undefined) return { state: "own", seen: oid, claim: mine };
  const known = seen.get(id);
  if (oid === undefined)
    return judgeMissing(store, seen, id, own.some(({ token }) => token === here?.token) ? undefined : here);
  if (known === undefined || known.key !== oid) return { state: "held", by: "somebody", host: "" };
  return judgeSeen(journal, known, oid);
}

/** A ref that somebody deleted, or a claim that was made without asking anybody, holds as long as one that stands still. */
function judgeMissing(store: Store, seen: SeenClaims, id: string, here: ClaimHere | undefined): Verdict {
  const known = seen.get(id);
  if (known !== undefined && !known.key.startsWith("file:") && known.facts.ended === undefined)
    return stoodStill(known) ? { state: "free", seen: undefined } : heldBy(known);
  if (here === undefined) return { state: "free", seen: undefined };
  const lease = here.lease === "" ? 0 : undefined;
  const facts = { actor: here.by, token: here.token, host: "", lease: lease ?? known?.facts.lease ?? 0 };
  const length = lease ?? leaseAtLeast(facts.lease);
  if (note(seen, id, `file:${here.token} ${here.lease}`, { ...facts, lease: length })) writeSeen(store, seen);
  const now = seen.get(id) as Seen;
  return stoodStill(now) ? { state: "free", seen: undefined } : heldBy(now);
}

/** How long a lease is that only says when it ends. */
function leaseAtLeast(known: number): number {
  return known > 0 ? known : 15 * 60_000;
}

async function judgeSeen(journal: Journal, known: Seen, oid: string): Promise<Verdict> {
  const { ended, actor } = known.facts;
  if (ended === undefined) return stoodStill(known) ? { state: "free", seen: oid } : heldBy(known);
  const { how, commit } = ended;
  if (commit === undefined || (await hasCommit(journal, commit)) || stoodStill(known))
    return { state: "free", seen: oid };
  return { state: "finished", by: actor, how, commit };
}

function heldBy({ facts: { actor, host } }: Seen): Verdict {
  return { state: "held", by: actor, host };
}

/** Whether a commit of the store has come here. */
async function hasCommit({ repository }: Journal, oid: string): Promise<boolean> {
  const head = readHead(repository).oid;
  if (head === undefined || !(await objectExists(repository, oid))) return false;
  return isAncestor(repository, oid, head);
}
