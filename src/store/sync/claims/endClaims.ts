import { Unreachable } from "../../../git/transport/transport.ts";
import type { Actor } from "../../open/identity/identity.ts";
import { dropOwnClaim, isOf, type OwnClaim, putOwnClaim, sending } from "../../open/ownClaims.ts";
import { writeClaim } from "./claimCommit.ts";
import { type Known, lookAt } from "./judge.ts";
import { type ClaimsThere, isRefName } from "./openClaims.ts";

/** Somebody may be quicker, or the line is cut. */
const MAX_TRIES = 3;

/** A claim that is over here. */
export interface Ending {
  readonly id: string;
  /** `closed`, `released`; and the commit of the store that says so. */
  readonly how: string;
  readonly commit?: string | undefined;
  /** What is written down of it, or is to be; nothing for what nobody needs to hear later. */
  readonly own?: OwnClaim | undefined;
}

/** What became of its ref. `none`: there was none, or it was over already. */
export type Ended =
  | { readonly id: string; readonly state: "ended" | "none" }
  | { readonly id: string; readonly state: "lost"; readonly by: string; readonly host: string }
  | { readonly id: string; readonly state: "unsure"; readonly error: unknown };

/**
 * Says where claims are settled that some are over, by a commit on each ref: a ref may not be deleted everywhere. What
 * nobody heard is said at the next contact.
 */
export async function endClaims(claims: ClaimsThere, actor: Actor, endings: readonly Ending[]): Promise<Ended[]> {
  const { store } = claims;
  const wanted = endings.filter(({ id }) => isRefName(id)).map((one) => ({ ...one, own: asEnding(claims, one) }));
  // Of what nobody has heard nobody needs to hear the end; that of a claim made elsewhere is another matter.
  const unheard = endings.filter(({ own }) => own?.oid === null && own.next === null && own.state !== "ending");
  try {
    return await sendAll(claims, actor, wanted);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return wanted.map(({ id }) => ({ id, state: "unsure", error }));
  } finally {
    for (const { own } of unheard) if (own !== undefined) dropOwnClaim(store, own);
  }
}

/** Written down first: who is killed in the midst of it has not forgotten it. */
function asEnding({ store }: ClaimsThere, { own, how, commit }: Ending): OwnClaim | undefined {
  if (own === undefined) return undefined;
  const ended = { how, ...(commit === undefined ? {} : { commit }) };
  // What was on its way was no end of it.
  const earlier = [...(own.earlier ?? []), ...(own.next === null ? [] : [own.next])];
  return putOwnClaim(store, { ...own, state: "ending", ended, next: null, earlier });
}

async function sendAll(claims: ClaimsThere, actor: Actor, endings: readonly Ending[]): Promise<Ended[]> {
  const { refOf } = claims;
  const results = new Map<string, Ended>();
  // Where it is known what the ref has nobody needs to look.
  const isPlain = endings.every(({ own }) => own !== undefined && own.oid !== null && !own.earlier?.length);
  const ids = endings.map(({ id }) => id);
  let known: Known = isPlain
    ? { there: new Map(endings.map(({ id, own }) => [refOf(id), own?.oid as string])), seen: new Map() }
    : await lookAt(claims, ids);
  for (let turn = 1; turn <= MAX_TRIES; turn++) {
    const left = endings.filter(({ id }) => !results.has(id));
    const there = await sendOnce(claims, actor, known, left);
    if (there === undefined) break;
    for (const id of there) results.set(id, { id, state: "ended" });
    if (there.length === left.length) break;
    known = await lookAt(claims, ids);
  }
  return endings.map((one) => {
    const result = results.get(one.id) ?? remaining(claims, known, one);
    if (one.own !== undefined && result.state !== "unsure") dropOwnClaim(claims.store, one.own);
    return result;
  });
}

/** Returns the tickets whose claims have ended there; undefined where there was nothing to send. */
async function sendOnce(
  claims: ClaimsThere,
  actor: Actor,
  known: Known,
  endings: readonly Ending[],
): Promise<string[] | undefined> {
  const moves = endings.flatMap((one) => moveOf(claims, actor, known, one) ?? []);
  if (moves.length === 0) return undefined;
  const { there } = await claims.transport.pushAll(moves);
  return moves.flatMap(({ id, ref, oid }) => (there.get(ref) === oid ? [id] : []));
}

function moveOf(claims: ClaimsThere, actor: Actor, { there, seen }: Known, { id, own, how, commit }: Ending) {
  const { store, journal, refOf } = claims;
  const ref = refOf(id);
  const oid = there.get(ref);
  if (oid === undefined) return undefined;
  const known = seen.get(id);
  const isOwn = own !== undefined && isOf(own, oid);
  const isHeld = known?.key === oid && known.facts.ended === undefined;
  // By its token a claim is known that somebody else, or another command, has made longer meanwhile.
  const isOthers = isHeld && (own === undefined || known.facts.token === own.token);
  // Somebody has taken it away, and what it came to is news all the same.
  const isOver = own !== undefined && commit !== undefined && known?.key === oid && known.facts.ended !== undefined;
  if (!isOwn && !isOthers && !isOver) return undefined;
  const facts = isOwn ? own : { ...(known?.facts ?? { actor: "", token: "", lease: 0 }) };
  const ended = { how, ...(commit === undefined ? {} : { commit }) };
  const { actor: who, token, lease } = facts;
  const next = writeClaim(store, journal, actor, { id, actor: who, token, lease, ended, parent: oid });
  if (own !== undefined) putOwnClaim(store, sending(own, oid, next));
  return { id, ref, oid: next, seen: oid };
}

/** What was not ended: there is nothing to end, it is somebody else's, or it did not work. */
function remaining({ refOf }: ClaimsThere, { there, seen }: Known, { id, own }: Ending): Ended {
  const oid = there.get(refOf(id));
  const known = seen.get(id);
  if (oid === undefined || (known?.key === oid && known.facts.ended !== undefined)) return { id, state: "none" };
  if (own !== undefined && known?.key === oid) {
    const { actor: by, host } = known.facts;
    return { id, state: "lost", by, host };
  }
  return { id, state: "unsure", error: new Unreachable("it was not taken") };
}
