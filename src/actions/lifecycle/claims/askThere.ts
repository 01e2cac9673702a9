import { AyoError } from "../../../error.ts";
import type { View } from "../../../store/disk/view.ts";
import type { Config } from "../../../store/open/config/config.ts";
import type { Actor } from "../../../store/open/identity/identity.ts";
import { dropOwnClaim, isOf, newOwnClaim, ownClaims, putOwnClaim } from "../../../store/open/ownClaims.ts";
import type { Store } from "../../../store/open/store.ts";
import { onTheWay, wantsOthers } from "../../../store/open/syncFolder.ts";
import { acquire, type Got, type Wanted } from "../../../store/sync/claims/acquire.ts";
import { bringBranch } from "../../../store/sync/claims/bringBranch.ts";
import { idsIn, judge, type Known, learn, lookAt } from "../../../store/sync/claims/judge.ts";
import { type Loss, loseClaims, whoHas } from "../../../store/sync/claims/loseClaims.ts";
import { type ClaimsThere, openClaims, patience } from "../../../store/sync/claims/openClaims.ts";
import { contactError } from "../../../store/sync/noContact.ts";
import type { Asked } from "./asked.ts";

/** What others are asked before a change is made. */
interface Question {
  readonly wanted: readonly Wanted[];
  /** Claims that are to end, of which it must be sure that they are ours still. */
  readonly ends: readonly string[];
}

/** What brings what others did may take longer than a look. */
const BRING_MS = 15_000;

/**
 * Asks where claims are settled, for no longer than a command may wait.
 * @throws lost_claim, claimed for a ticket that somebody else holds; unreachable where config.yml requires an answer
 */
export async function askThere(store: Store, actor: Actor, view: View, { wanted, ends }: Question): Promise<Got[]> {
  try {
    const claims = openClaims(store, view.config, patience(store));
    if (ends.length > 0) await assertNobodys(claims, view, ends);
    return await acquire(claims, actor, wanted);
  } catch (error) {
    if (!(error instanceof AyoError) || error.code === "lost_claim" || error.code === "claimed") throw error;
    const isOurs = ends.some((id) => ownClaims(store, id).length > 0);
    if (isOurs && wantsOthers(store, view.config)) throw error;
    // Where nobody may be asked the claim is this machine's alone.
    return wanted.map(({ id, by, token, lease, own }) => ({
      id,
      state: "unsure",
      own: own ?? newOwnClaim(store, { id, actor: by, token, lease }, "asking"),
      why: error.message,
      error,
    }));
  }
}

/** @throws lost_claim, claimed where somebody else holds one of them; unreachable */
async function assertNobodys(claims: ClaimsThere, view: View, ids: readonly string[]): Promise<void> {
  const { store, remote, transport } = claims;
  const known = await lookAt(claims, ids).catch(async (error) => {
    throw await contactError(remote, transport, error);
  });
  for (const id of ids) {
    if (wantsOthers(store, view.config)) await assertOurs(claims, known, id);
    const verdict = await judge(claims, known, { id, here: undefined });
    if (verdict.state !== "held") continue;
    const own = ownClaims(store, id).find(({ token }) => token === view.byId.get(id)?.fields.claim);
    if (own === undefined) throw claimedThere({ ...verdict, id });
    throw await giveUp(store, { id, actor: own.actor, token: own.token, by: verdict.by, host: verdict.host });
  }
}

/** Claims that hold whatever becomes of the change that made them longer are written down as such at once. */
export function keepRenewed({ store, renewed }: Asked, wanted: readonly Wanted[], answers: readonly Got[]): void {
  for (const { id, token, isRenewed } of wanted) {
    if (!isRenewed) continue;
    renewed.add(token);
    const answer = answers.find((one) => one.id === id);
    if (answer?.state === "sure") putOwnClaim(store, { ...answer.own, state: "sure" });
  }
}

/**
 * Claims of which nobody has heard are written down before they are made: whoever is killed then has them settled by the
 * next contact. Where that cannot be done it is told once they are made.
 */
export function noteUnheard(store: Store, answers: readonly Got[]): void {
  for (const answer of answers) {
    if (answer.state !== "unsure") continue;
    const { own } = answer;
    if (own.state !== "asking" || own.oid !== null || own.next !== null) continue;
    try {
      onTheWay.add(own.name);
      putOwnClaim(store, own);
    } catch (error) {
      if (!(error instanceof AyoError)) throw error;
    }
  }
}

/** Tickets that are others' there, all at once: who takes the next best does not ask for each. */
export async function othersThere(store: Store, config: Config): Promise<string[]> {
  const claims = openClaims(store, config, patience(store));
  const there = await claims.transport.lookAll([claims.all]);
  const ids = idsIn(claims, there);
  const known = await learn(claims, ids, there);
  const found: string[] = [];
  for (const id of ids) if ((await judge(claims, known, { id, here: undefined })).state === "held") found.push(id);
  return found;
}

/** Brings what others did, so that it is known here what they finished. */
export async function bring(store: Store, config: Config): Promise<void> {
  await bringBranch(openClaims(store, config, performance.now() + BRING_MS), config);
}

/** The error where no claim is made without others, and they cannot be asked; `config` wants that, or this process. */
export function notConfirmed({ id, why, error }: Extract<Got, { state: "unsure" }>, { sync }: Config): AyoError {
  const code = error instanceof AyoError ? error.code : "unreachable";
  const isConfigured = sync?.claims === "required";
  const who = isConfigured
    ? "config.yml wants that (sync.claims: required)"
    : "nothing is started without others' word";
  const said = `the claim of ${id} is not confirmed: ${why}; ${who}`;
  const hint = error instanceof AyoError && error.try !== undefined ? { try: error.try } : {};
  return new AyoError(code, said, { ...hint, data: { id, confirmed: false }, cause: error });
}

/** The error for a ticket that somebody on another machine has, or has finished. */
export function claimedThere(answer: Exclude<Got, { state: "sure" | "unsure" }>): AyoError {
  const { id, by } = answer;
  if (answer.state === "finished") {
    const { how, commit } = answer;
    return new AyoError("claimed", `${id} is ${how} by ${by}: that has not come here yet`, {
      try: ["ayo", "sync"],
      data: { id, by, until: null, elsewhere: true, commit },
    });
  }
  const { host, isLate } = answer;
  const who = whoHas({ by, host });
  return new AyoError("claimed", isLate ? `${id} was lost to ${who}, who was quicker` : `${id} is claimed by ${who}`, {
    try: ["ayo", "ticket", "ready"],
    data: { id, by, until: null, elsewhere: true, host },
  });
}

/** Gives up here what is another's there. Returns the error for whoever thought to have it. */
export async function lost(
  store: Store,
  wanted: readonly Wanted[],
  answer: Exclude<Got, { state: "sure" | "unsure" }>,
): Promise<AyoError> {
  const { id, by } = answer;
  const { by: actor, token } = wanted.find((one) => one.id === id) as Wanted;
  const isEnded = answer.state === "finished" && by === actor;
  const host = answer.state === "held" ? answer.host : "";
  return giveUp(store, { id, actor, token, by, host, ...(isEnded ? { ended: answer.how } : {}) });
}

/** @throws lost_claim for a claim that is another's there, or was ended by somebody */
async function assertOurs({ store, refOf }: ClaimsThere, { there, seen }: Known, id: string): Promise<void> {
  const own = ownClaims(store, id);
  const oid = there.get(refOf(id));
  if (oid === undefined || own.some((one) => isOf(one, oid))) return;
  const facts = seen.get(id)?.facts;
  const same = own.find(({ token }) => token === facts?.token);
  // The end of one before it says nothing of it, and another word of it is no other claim.
  if ((facts?.ended === undefined) === (same !== undefined)) return;
  const { actor = "", token = "" } = same ?? own[0] ?? {};
  const ended = same === undefined ? {} : { ended: facts?.ended?.how ?? "" };
  const who = { by: facts?.actor ?? "somebody", host: facts?.host ?? "" };
  throw await giveUp(store, { id, actor, token, ...who, ...ended });
}

/** What is lost is so at once: nothing here says any more that it holds. Returns the error that says so. */
async function giveUp(store: Store, loss: Loss): Promise<AyoError> {
  const { id, token, by, host, ended } = loss;
  await loseClaims(store, [loss]);
  for (const own of ownClaims(store, id)) if (own.token === token) dropOwnClaim(store, own);
  const now = ended === undefined ? `ended and ${whoHas({ by, host })} holds it now` : `was ended elsewhere (${ended})`;
  return new AyoError("lost_claim", `your claim on ${id} ${now}`, {
    try: ["ayo", "ticket", "claim", "--next"],
    data: { id, by: ended === undefined ? by : null, host, elsewhere: true },
  });
}
