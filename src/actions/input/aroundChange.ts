import { existsSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Change, Outcome } from "../../store/change/changing.ts";
import type { Draft } from "../../store/change/draft.ts";
import { isNested } from "../../store/change/nestedChanges.ts";
import { readFresh, type View } from "../../store/disk/view.ts";
import type { Actor } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { asksOthers, isShared, ownClaimFiles } from "../../store/open/syncFolder.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { unlandedOf } from "../../ticket/rules/landed.ts";
import { noteHeader } from "../../ticket/text/notes.ts";
import { readBody } from "../../ticket/text/parseTicket.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { type Asked, concernsClaims, letGo } from "../lifecycle/claims/asked.ts";
import type { ToldElsewhere } from "../lifecycle/claims/tellElsewhere.ts";
import type { WriteOptions } from "./action.ts";
import { followChange } from "./followers.ts";

/** Has the gate know which tickets have an output that fits; loaded only where the board asks for one. */
export async function judgesOutputs(store: Store, draft: Draft): Promise<void> {
  const { outputTrouble } = await import("../output/outputTrouble.ts");
  draft.outputTrouble = (ticket) => outputTrouble(store, draft, ticket);
}

/** The answer of a change, with the renewals of the actor's claims. */
export async function renewing<T>(
  store: Store,
  draft: Draft,
  options: WriteOptions,
  answer: Change<T>,
): Promise<Change<T>> {
  if (!draft.view.marked.some((ticket) => isClaimOf(ticket, draft))) return answer;
  const { renewWith } = await import("../lifecycle/claims/renewal.ts");
  return renewWith(store, draft, options, answer);
}

/** What others heard of claims; that they could not be told fails nothing. @throws lost_claim */
export async function toldElsewhere(
  asked: Asked,
  draft: Draft,
  outcome: Pick<Outcome<unknown>, "commit" | "after">,
): Promise<Partial<ToldElsewhere>> {
  try {
    return await tellThem(asked, draft, outcome);
  } finally {
    letGo(asked);
  }
}

async function tellThem(
  asked: Asked,
  draft: Draft,
  outcome: Pick<Outcome<unknown>, "commit" | "after">,
): Promise<Partial<ToldElsewhere>> {
  const { store } = asked;
  if (isNested(store)) return {};
  if (!asksOthers(store, draft.view.config)) return aloneThough(store, draft);
  if (!concernsClaims(draft) && (draft.files.size === 0 || ownClaimFiles(store).length === 0)) return {};
  try {
    const { tellElsewhere } = await import("../lifecycle/claims/tellElsewhere.ts");
    return await tellElsewhere(asked, draft, outcome);
  } catch (error) {
    if (error instanceof AyoError && error.code === "lost_claim") throw error;
    return { notices: [`others were not told of the claim: ${(error as Error).message}`] };
  }
}

/** Claims of tickets that others seem to have too, in a store that nobody here has said yes to sharing. */
async function aloneThough(store: Store, { holds, view }: Draft): Promise<Partial<ToldElsewhere>> {
  const made = [...holds].flatMap(([id, { isRenewed }]) => (isRenewed ? [] : [id]));
  const isOff = view.config.sync?.claims === "off" || store.journal?.mode !== "own";
  if (made.length === 0 || isOff || isShared(store)) return {};
  const why = await whyNotAlone(store);
  if (why === undefined) return {};
  return { notices: made.map((id) => `the claim of ${id} is not confirmed: ${why}`), unconfirmed: made };
}

async function whyNotAlone(store: Store): Promise<string | undefined> {
  const { shownTickets, whyUntold } = await import("../../store/open/shownTickets.ts");
  const why = whyUntold(store);
  if (why !== undefined) return why;
  const shown = shownTickets(store);
  return (
    shown && `${shown.remote} has these tickets too, and nobody here has said yes to sharing them: 'ayo sync' asks`
  );
}

/** A first change in a clone that has brought tickets along is made in these, not in a store of its own. */
export async function joinIfShown(store: Store): Promise<readonly string[]> {
  const { shownTickets } = await import("../../store/open/shownTickets.ts");
  const shown = shownTickets(store);
  if (shown === undefined) return [];
  const { isVacant, joinShown } = await import("../../store/sync/joinStore.ts");
  if (!isVacant(store)) return [];
  const { tickets } = await joinShown(store, shown);
  return [`joined the tickets of ${shown.remote} (${tickets})`];
}

/** What to say of names in what was written that nobody bears; the parts of a larger change leave that to the whole. */
export async function mentionsNobody(store: Store, draft: Draft | undefined): Promise<readonly string[]> {
  if (draft === undefined || isNested(store)) return [];
  const { before, bases, files } = draft;
  const isNews = ([file, text]: readonly [string, string | null]): boolean =>
    text?.includes("@") === true && wordsWithAt(text) !== wordsWithAt(String(bases.get(before.get(file) ?? "") ?? ""));
  if (![...files].some(isNews)) return [];
  try {
    const { unknownMentions } = await import("./unknownMentions.ts");
    return await unknownMentions(store, draft);
  } catch (error) {
    return [
      `the change is made; whether the names that it mentions are known cannot be told: ${(error as Error).message}`,
    ];
  }
}

/** What is done after a change that is made: it can fail, and the change cannot any more. Returns what to tell. */
export async function whatFollows(
  store: Store,
  actor: Actor,
  draft: Draft | undefined,
  outcome: Pick<Outcome<unknown>, "commit" | "deferred">,
): Promise<readonly string[]> {
  const told: string[] = [];
  try {
    told.push(...(await remember(store, actor, draft, outcome)));
    if (outcome.commit === undefined) return told;
    const { archiveIfDue } = await import("../../store/change/archiveOld.ts");
    return [...told, ...(await archiveIfDue(store))];
  } catch (error) {
    return [...told, `the change is made; what follows it failed: ${(error as Error).message}`];
  }
}

/**
 * What pipelines do about a change that is made, and about what a crash left to be done: one stat where a store has none.
 * Those of a command that is done for another process are for that to run, as its hooks are.
 */
export async function pipelinesFollow(store: Store, { dryRun }: WriteOptions = {}): Promise<readonly string[]> {
  if (dryRun === true || !existsSync(path.join(store.dir, "pipelines"))) return [];
  const { acting, request } = store.host;
  if (acting !== undefined || request !== undefined || isNested(store)) return [];
  try {
    return await followChange(store);
  } catch (error) {
    return [`the change is made; pipelines did not go on: ${(error as Error).message}`];
  }
}

/**
 * Where work has to land: whether that of tickets that were just finished has, so that what waits for them is ready at
 * once. It can fail, and the change cannot any more.
 */
export async function looksForLanding(
  store: Store,
  draft: Draft | undefined,
  { commit, after }: Pick<Outcome<unknown>, "commit" | "after">,
): Promise<{ readonly notices: readonly string[]; readonly after: () => Promise<View> }> {
  if (draft?.view.board.landsOn === undefined || commit === undefined || isNested(store)) return { notices: [], after };
  try {
    const view = await after();
    const changed = view.tickets.filter(({ path }) => draft.files.has(path));
    if (!changed.some((ticket) => isDoneUnlanded(view, ticket))) return { notices: [], after };
    const { seeLanded } = await import("../../store/codeCommits/landed/seeLanded.ts");
    const { landed, unlanded, trouble } = await seeLanded(store);
    const notices = trouble === undefined ? [] : [`whether work has landed cannot be seen: ${trouble}`];
    return { notices, after: landed.length + unlanded.length === 0 ? after : () => readFresh(store) };
  } catch (error) {
    const told = `the change is made; whether its work has landed cannot be told: ${(error as Error).message}`;
    return { notices: [told], after };
  }
}

/** Of a parent its parts count. */
function isDoneUnlanded({ board, lookup }: View, { id, status }: Ticket): boolean {
  return categoryOf(board, status) === "done" && unlandedOf(id, board, lookup).length > 0;
}

/** The lines of a ticket's text that may mention somebody: what a claim and a note's header say costs no more than this. */
function wordsWithAt(text: string): string {
  const lines = readBody(text).split("\n");
  return lines.filter((line) => line.includes("@") && !noteHeader(line)).join("\n");
}

/** Whether a change has to do with a claim: one that the actor holds, or one on a ticket that it touches. */
function isClaimOf(ticket: Ticket, { actor, files }: Draft): boolean {
  if (ticket.known?.isUnmarked) return false;
  const { fields, path } = ticket;
  return fields.lease !== undefined && (fields.claimedBy === actor.name || files.has(path));
}

/** What was claimed or given up is remembered once it is so; the parts of a larger change leave that to the whole. */
async function remember(
  store: Store,
  actor: Actor,
  draft: Draft | undefined,
  { commit, deferred }: Pick<Outcome<unknown>, "commit" | "deferred">,
): Promise<readonly string[]> {
  const isMade = commit !== undefined || deferred !== undefined;
  if (draft === undefined || draft.claims.size === 0 || !isMade || isNested(store)) return [];
  const { keepClaims } = await import("../../store/change/claimTokens.ts");
  return keepClaims(store, actor, draft.claims);
}
