import { AyoError } from "../../../error.ts";
import { msSince } from "../../../processes.ts";
import type { Draft, Hold } from "../../../store/change/draft.ts";
import type { View } from "../../../store/disk/view.ts";
import {
  dropOwnClaim,
  isConfirmed,
  isDue,
  isInOtherHands,
  isOf,
  newOwnClaim,
  type OwnClaim,
  ownClaims,
  putOwnClaim,
} from "../../../store/open/ownClaims.ts";
import type { Store } from "../../../store/open/store.ts";
import { asksOthers } from "../../../store/open/syncFolder.ts";
import { acquire, type Got, type Wanted } from "../../../store/sync/claims/acquire.ts";
import { type Ending, endClaims } from "../../../store/sync/claims/endClaims.ts";
import { lookAt } from "../../../store/sync/claims/judge.ts";
import { type Loss, loseClaims } from "../../../store/sync/claims/loseClaims.ts";
import { type ClaimsThere, openClaims, patience } from "../../../store/sync/claims/openClaims.ts";
import { claimIn } from "../../../store/sync/claims/settle.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import { type Asked, endedBy } from "./asked.ts";

/** What of a change others heard, and what not. */
export interface ToldElsewhere {
  readonly notices: readonly string[];
  readonly confirmed: readonly string[];
  readonly unconfirmed: readonly string[];
}

/** An answer that is older is not built on: this process may have stood still, and others have waited long enough. */
const OLD_MS = 30_000;

/** What a change is, once it is made. */
interface Made {
  readonly commit?: string | undefined;
  readonly after: () => Promise<View>;
}

/**
 * What a change that is made means elsewhere: claims are written down as held, renewed and ended.
 * @throws lost_claim
 */
export async function tellElsewhere(asked: Asked, draft: Draft, made: Made): Promise<ToldElsewhere> {
  const { store } = asked;
  if (!asksOthers(store, draft.view.config)) return { notices: [], confirmed: [], unconfirmed: [] };
  const told: Telling = { asked, draft, notices: [], confirmed: [], unconfirmed: [], losses: [] };
  try {
    await tellAll(told, made);
  } catch (error) {
    if (!(error instanceof AyoError) || error.code === "lost_claim") throw error;
    // What is known of the others is told all the same.
    told.notices.push(`others were not told of all of it: ${error.message}`);
  }
  const { notices, confirmed, unconfirmed, losses } = told;
  return { notices: [...notices, ...(await loseClaims(store, losses))], confirmed, unconfirmed };
}

async function tellAll(told: Telling, { commit, after }: Made): Promise<void> {
  const { asked, draft } = told;
  const { got } = asked;
  const open = claimsOnce(asked, draft);
  const late: Wanted[] = dueBesides(told);
  for (const [id, hold] of draft.holds) {
    const answer = got.get(id);
    if (answer !== undefined && "own" in answer && answer.own.token === hold.token)
      await keep(told, answer, hold, open);
    else {
      const want = lateWish(told, id, hold);
      if (want !== undefined) late.push(want);
    }
  }
  if (late.length > 0) await renewThere(told, late, open);
  await endThere(told, await endings(draft, commit, after), open);
  await giveBack(
    asked,
    [...got.values()].filter(({ id }) => !draft.holds.has(id)),
    open,
  );
}

interface Telling {
  readonly asked: Asked;
  readonly draft: Draft;
  readonly notices: string[];
  readonly confirmed: string[];
  readonly unconfirmed: string[];
  readonly losses: Loss[];
}

/** One connection's time for all that follows a change. */
type Open = () => ClaimsThere;

function claimsOnce({ store }: Asked, { view }: Draft): Open {
  let claims: ClaimsThere | undefined;
  return () => {
    claims ??= openClaims(store, view.config, patience(store));
    return claims;
  };
}

/** @throws lost_claim where the answer is an old one and somebody has it by now */
async function keep(told: Telling, answer: Extract<Got, { own: OwnClaim }>, hold: Hold, open: Open): Promise<void> {
  const { store } = told.asked;
  const { own, id } = answer;
  for (const other of ownClaims(store, id))
    if (other.name !== own.name && !isInOtherHands(other, store.host.pid)) dropOwnClaim(store, other);
  if (answer.state === "unsure" && hold.isRenewed && isConfirmed(own)) {
    told.notices.push(`the claim of ${id} was not renewed where others see it: ${answer.why}`);
    return;
  }
  if (answer.state === "unsure") {
    told.unconfirmed.push(id);
    told.notices.push(`the claim of ${id} is not confirmed: ${answer.why}`);
    writeDown(told, { ...own, state: "here" });
    return;
  }
  putOwnClaim(store, { ...own, state: "sure" });
  const age = own.since === null ? undefined : msSince(own.since);
  if (age !== undefined && age < Math.min(OLD_MS, own.lease > 0 ? own.lease / 2 : OLD_MS))
    return void told.confirmed.push(id);
  const claims = open();
  const { there, seen } = await lookAt(claims, [id]);
  if (isOf(own, there.get(claims.refOf(id)))) return void told.confirmed.push(id);
  const facts = seen.get(id)?.facts;
  const who = { by: facts?.actor ?? "somebody", host: facts?.host ?? "" };
  dropOwnClaim(store, own);
  await loseClaims(store, [{ id, actor: own.actor, token: own.token, ...who }]);
  throw new AyoError("lost_claim", `your claim on ${id} was late: ${who.by} holds it now`, { data: { id, ...who } });
}

/** Without it no sync knows of the claim: its holder does, by the token. */
function writeDown({ asked: { store }, notices }: Telling, own: OwnClaim): void {
  try {
    putOwnClaim(store, own);
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    const { id, lease } = own;
    const how = lease === 0 ? "releasing and claiming it again" : `'ayo ticket renew ${id}'`;
    notices.push(`no sync confirms the claim of ${id}, only ${how}: ${error.message}`);
  }
}

/**
 * Claims of the actor's of which others hear nothing by this change, though half of what they know of them is over: those
 * on tickets that it touches, and the only one of who has no other, as everywhere (renewal.ts).
 */
function dueBesides({ asked: { store }, draft }: Telling): Wanted[] {
  const { actor, view, files, holds } = draft;
  const ended = new Set(endedBy(draft));
  const mine = ownClaims(store).filter(
    (own) => own.actor === actor.name && own.state !== "asking" && own.state !== "ending",
  );
  return mine.flatMap((own): Wanted[] => {
    const { id, token, lease, actor: by } = own;
    const ticket = view.byId.get(id);
    const isSign = mine.length === 1 || (ticket !== undefined && files.has(ticket.path));
    const isOther = holds.has(id) || ended.has(id) || ticket?.fields.claim !== token;
    if (!isSign || isOther || lease === 0 || !isDue(own, lease)) return [];
    return [{ id, by, token, lease, here: claimIn(ticket), own, isRenewed: true }];
  });
}

/** What is to be said of a claim that goes on, or that nobody was asked about. */
function lateWish({ asked: { store }, draft }: Telling, id: string, hold: Hold): Wanted | undefined {
  const known = ownClaims(store, id).find(({ token }) => token === hold.token);
  if (known !== undefined && !isDue(known, hold.lease)) return undefined;
  const { by, token, lease } = hold;
  const own =
    known ??
    (hold.isRenewed ? undefined : putOwnClaim(store, newOwnClaim(store, { id, actor: by, token, lease }, "here")));
  return { id, by, token, lease, here: claimIn(draft.view.byId.get(id)), own, isRenewed: hold.isRenewed === true };
}

async function renewThere(told: Telling, late: readonly Wanted[], open: Open): Promise<void> {
  const answers = await acquire(open(), told.draft.actor, late);
  for (const answer of answers) hear(told, answer, late.find(({ id }) => id === answer.id) as Wanted);
}

function hear({ asked: { store }, ...told }: Telling, answer: Got, { id, isRenewed, token, by: actor }: Wanted): void {
  const isNew = isRenewed !== true;
  if (answer.state === "sure") {
    putOwnClaim(store, { ...answer.own, state: "sure" });
    if (isNew) told.confirmed.push(id);
    return;
  }
  if (answer.state === "unsure") {
    if (isNew) told.unconfirmed.push(id);
    const what = isNew ? "is not confirmed" : "was not renewed where others see it";
    told.notices.push(`the claim of ${id} ${what}: ${answer.why}`);
    return;
  }
  for (const own of ownClaims(store, id)) if (own.token === token) dropOwnClaim(store, own);
  told.losses.push({ id, actor, token, by: answer.by, host: answer.state === "held" ? answer.host : "" });
}

/** Claims that a change has ended, with what it made of their tickets. */
async function endings(draft: Draft, commit: string | undefined, after: () => Promise<View>): Promise<Ending[]> {
  const ids = endedBy(draft);
  if (ids.length === 0 || commit === undefined) return [];
  const view = await after();
  return ids.map((id) => {
    const ticket = view.byId.get(id);
    const category = ticket === undefined ? "done" : categoryOf(view.board, ticket.status);
    const how =
      category === "review" ? "submitted" : category === "todo" || category === "active" ? "released" : "closed";
    return { id, how, commit };
  });
}

async function endThere(
  { asked: { store }, draft, notices }: Telling,
  ended: readonly Ending[],
  open: Open,
): Promise<void> {
  const all = ended.flatMap((one): Ending[] => {
    const own = ownClaims(store, one.id).filter((claim) => !isInOtherHands(claim, store.host.pid));
    if (own.length > 0) return own.map((claim) => ({ ...one, own: claim }));
    const { claimedBy: actor = "", claim: token = "" } = draft.view.byId.get(one.id)?.fields ?? {};
    return [{ ...one, own: newOwnClaim(store, { id: one.id, actor, token, lease: 0 }, "ending") }];
  });
  if (all.length === 0) return;
  for (const result of await endClaims(open(), draft.actor, all)) {
    if (result.state === "lost") notices.push(`${result.by} has claimed ${result.id} elsewhere meanwhile`);
    if (result.state === "unsure")
      notices.push(`others hear later that ${result.id} is free: ${(result.error as Error).message}`);
  }
}

/** Gives back what was claimed there and is not used here after all; who cannot be reached hears of it later. */
export async function giveBack(asked: Asked, answers: readonly Got[], open?: Open): Promise<void> {
  const { store, renewed } = asked;
  const own = answers.flatMap((answer) => ("own" in answer && !renewed.has(answer.own.token) ? [answer.own] : []));
  const unheard = own.filter(({ oid, next }) => oid === null && next === null);
  for (const one of unheard) dropOwnClaim(store, one);
  const heard = own.filter((one) => !unheard.includes(one));
  if (heard.length === 0) return;
  const endings = heard.map((one) => ({ id: one.id, how: "released", own: one }));
  const claims = open?.() ?? openClaims(store, await configNow(store), patience(store));
  await endClaims(claims, asked.actor, endings);
}

async function configNow(store: Store) {
  return (await import("../../../store/sync/lookHere.ts")).configOf(store);
}
