import { AyoError } from "../../../error.ts";
import type { RefMove } from "../../../git/transport/transport.ts";
import { Unreachable } from "../../../git/transport/transport.ts";
import { type Moment, momentNow } from "../../../processes.ts";
import type { Actor } from "../../open/identity/identity.ts";
import {
  dropOwnClaim,
  isConfirmed,
  isOf,
  newOwnClaim,
  type OwnClaim,
  putOwnClaim,
  sending,
} from "../../open/ownClaims.ts";
import { onTheWay } from "../../open/syncFolder.ts";
import { shownAs } from "../findRemote.ts";
import { writeClaim } from "./claimCommit.ts";
import { type ClaimHere, judge, type Known, learn, lookAt, type Verdict } from "./judge.ts";
import { type ClaimsThere, isRefName } from "./openClaims.ts";

/** A claim that is to be made, or made longer. */
export interface Wanted {
  readonly id: string;
  /** Whose it is to be. */
  readonly by: string;
  readonly token: string;
  /** In milliseconds; 0 for none. */
  readonly lease: number;
  /** What the ticket here says before. */
  readonly here: ClaimHere | undefined;
  /** What is written down of it already. */
  readonly own?: OwnClaim | undefined;
  /** It was made before: one that is known by its token is the same. */
  readonly isRenewed?: boolean;
}

/** What came of it. `unsure`: nobody could be asked, or nobody knows whether they heard it. */
export type Got = { readonly id: string } & (
  | { readonly state: "sure"; readonly own: OwnClaim }
  | { readonly state: "unsure"; readonly own: OwnClaim; readonly why: string; readonly error: unknown }
  | Extract<Verdict, { readonly state: "held" | "finished" }>
);

/** Somebody may be quicker, or the line is cut before the other side has acted: then it is tried again. */
const MAX_TRIES = 3;

/** What was sent of one of them. */
interface Try {
  readonly own: OwnClaim;
  readonly seen: string | undefined;
  readonly since: Moment;
}

interface Work {
  readonly claims: ClaimsThere;
  readonly actor: Actor;
  readonly got: Map<string, Got>;
  readonly tries: Map<string, Try>;
  known: Known;
}

/**
 * Makes claims where they are settled. What is sent is written down first; what the other side has done is looked at
 * after every failure, never concluded from what git says.
 */
export async function acquire(claims: ClaimsThere, actor: Actor, wanted: readonly Wanted[]): Promise<Got[]> {
  const got = new Map<string, Got>();
  const odd = wanted.filter(({ id }) => !isRefName(id));
  for (const one of odd) {
    const error = new AyoError("bad_input", `git can have no ref called '${one.id}'`, { data: { id: one.id } });
    got.set(one.id, unsure(claims, one, error));
  }
  let left = wanted.filter(({ id }) => isRefName(id));
  const tries = new Map<string, Try>();
  try {
    if (left.length > 0) {
      const work = {
        claims,
        actor,
        got,
        tries,
        known: await lookAt(
          claims,
          left.map(({ id }) => id),
        ),
      };
      for (let turn = 1; left.length > 0; turn++) left = await tryAll(work, left, turn === MAX_TRIES);
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) {
      for (const { own } of tries.values()) onTheWay.delete(own.name);
      throw error;
    }
    for (const one of left) got.set(one.id, unsure(claims, { ...one, own: tries.get(one.id)?.own ?? one.own }, error));
  }
  return wanted.flatMap(({ id }) => got.get(id) ?? []);
}

/** One push for all that can be had. Returns those that are to be tried again. */
async function tryAll(work: Work, left: readonly Wanted[], isLast: boolean): Promise<Wanted[]> {
  const { claims, tries, got } = work;
  const sent: Wanted[] = [];
  for (const want of left) if (await prepare(work, want)) sent.push(want);
  if (sent.length === 0) return [];
  const moves = sent.map(({ id }) => {
    const one = tries.get(id) as Try;
    return { ref: claims.refOf(id), oid: one.own.next as string, seen: one.seen };
  });
  const { there, said } = await claims.transport.pushAll([...moves, ...movedFrom(work, sent)]);
  const again: Wanted[] = [];
  for (const want of sent) {
    const { own, seen, since } = tries.get(want.id) as Try;
    const now = there.get(claims.refOf(want.id));
    if (now === own.next) got.set(want.id, arrived(want, own, since));
    else if (!isLast) again.push(want);
    else if (now === seen) got.set(want.id, unsure(claims, { ...want, own }, refused(claims, said)));
    else got.set(want.id, { id: want.id, state: "held", by: "somebody", host: "" });
  }
  if (again.length > 0)
    work.known = await learn(
      claims,
      again.map(({ id }) => id),
      there,
    );
  return again;
}

/** Ends what is ours where config.yml had the refs of claims before: nobody is to find two. */
function movedFrom({ claims, actor, known, tries }: Work, sent: readonly Wanted[]): RefMove[] {
  const { store, journal, otherRefOf } = claims;
  return sent.flatMap(({ id, by, token, lease }) => {
    const seen = known.there.get(otherRefOf(id));
    if (seen === undefined || !isOf((tries.get(id) as Try).own, seen)) return [];
    const oid = writeClaim(store, journal, actor, {
      id,
      actor: by,
      token,
      lease,
      ended: { how: "moved" },
      parent: seen,
    });
    return [{ ref: otherRefOf(id), oid, seen }];
  });
}

/** Writes down what is to be sent for one ticket; false where it is decided without. */
async function prepare({ claims, actor, tries, got, known }: Work, want: Wanted): Promise<boolean> {
  const { store, refOf } = claims;
  const { id } = want;
  const before = tries.get(id);
  const there = known.there.get(refOf(id));
  if (before !== undefined && there === before.own.next) {
    got.set(id, arrived(want, before.own, before.since));
    return false;
  }
  const verdict = await judgeFor(claims, known, want, before?.own.name ?? want.own?.name);
  if (verdict.state === "held" || verdict.state === "finished") {
    if (before !== undefined && want.own === undefined) dropOwnClaim(store, before.own);
    const isLate = before !== undefined && verdict.state === "held" ? { isLate: true as const } : {};
    got.set(id, { ...verdict, ...isLate, id });
    return false;
  }
  // The same again may have come by then; another one would lose against it.
  if (before !== undefined && before.seen === verdict.seen) return true;
  tries.set(id, writeDown(claims, actor, want, { before, seen: verdict.seen }));
  return true;
}

function writeDown(
  { store, journal }: ClaimsThere,
  actor: Actor,
  want: Wanted,
  { before, seen }: { readonly before: Try | undefined; readonly seen: string | undefined },
): Try {
  const { id, by, token, lease } = want;
  const own = before?.own ?? want.own ?? newOwnClaim(store, { id, actor: by, token, lease }, "asking");
  const next = writeClaim(store, journal, actor, { id, actor: by, token, lease, parent: seen });
  if (own.state === "asking" && !want.isRenewed) onTheWay.add(own.name);
  const since = momentNow();
  // Until it is known to have come others may go by the lease that they know.
  const sure = own.oid === null ? lease : shorter(own.lease, lease);
  const sent = putOwnClaim(store, sending({ ...own, actor: by, token, lease: sure }, seen, next));
  return { own: sent, seen, since };
}

async function judgeFor(
  claims: ClaimsThere,
  known: Known,
  { id, token, by, here: said, isRenewed }: Wanted,
  name: string | undefined,
): Promise<Verdict> {
  const here = isRenewed && said?.token === token ? undefined : said;
  const judged = await judge(claims, known, { id, here, name });
  const verdict = isNews(judged, { token, said })
    ? ({ state: "held", by: judged.claim.actor, host: "" } as const)
    : judged;
  if (verdict.state !== "held" || !isRenewed) return verdict;
  const there = known.there.get(claims.refOf(id));
  const seen = known.seen.get(id);
  const isSame = seen?.key === there && seen?.facts.token === token && seen.facts.actor === by;
  return isSame && there !== undefined ? { state: "free", seen: there } : verdict;
}

/**
 * Whether another of this clone has got it since the ticket was read here: what is asked for was to be of nobody's, and
 * who asked goes on by what the ticket says now.
 */
function isNews(
  verdict: Verdict,
  { token, said }: { readonly token: string; readonly said: ClaimHere | undefined },
): verdict is Extract<Verdict, { readonly state: "own" }> {
  if (verdict.state !== "own" || said !== undefined) return false;
  const { claim } = verdict;
  return claim.token !== token && claim.oid === verdict.seen && isConfirmed(claim);
}

/** Of two leases; 0 is one without an end. */
function shorter(one: number, other: number): number {
  return one === 0 || other === 0 ? Math.max(one, other) : Math.min(one, other);
}

function arrived({ id, lease }: Wanted, own: OwnClaim, since: Moment): Got {
  return { id, state: "sure", own: { ...own, lease, oid: own.next, next: null, earlier: [], since } };
}

/** Why a host that answers takes no claims: in its own words, and what helps. */
function refused({ remote, refOf }: ClaimsThere, said: string): AyoError {
  const folder = refOf("…");
  const isBranch = folder.startsWith("refs/heads/");
  const hint = isBranch ? "" : "; where only branches are taken, 'ayo config sync.claims-ref heads' helps";
  return new AyoError("remote_refused", `${shownAs(remote)} does not take ${folder}: ${said}${hint}`, {
    ...(isBranch ? {} : { try: ["ayo", "config", "sync.claims-ref", "heads"] }),
    data: { remote: remote.name, said },
  });
}

function unsure({ store, remote }: ClaimsThere, want: Wanted, error: unknown): Got {
  const { id, by, token, lease } = want;
  const own = want.own ?? newOwnClaim(store, { id, actor: by, token, lease }, "asking");
  const why =
    error instanceof Unreachable ? `offline (${shownAs(remote)}: ${error.message})` : (error as Error).message;
  return { id, state: "unsure", own, why, error };
}
