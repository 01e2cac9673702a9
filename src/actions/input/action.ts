import * as v from "valibot";
import { AyoError } from "../../error.ts";
import type { Change, Outcome } from "../../store/change/changing.ts";
import type { Draft } from "../../store/change/draft.ts";
import { isNested } from "../../store/change/nestedChanges.ts";
import type { View } from "../../store/disk/view.ts";
import { type Actor, actorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { misfitOf, misfitText } from "./misfit.ts";

/** A schema of one action's input: the TypeScript type, the validation and (later) the tool's schema in one. */
export type InputSchema = v.GenericSchema<Record<string, unknown>>;

/** One verb, the same on every face. */
export interface Action<S extends InputSchema, R> {
  /** The verb in the CLI's words: `close`, `dep add`. */
  readonly name: string;
  /** One sentence for help, REST and MCP. */
  readonly summary: string;
  readonly input: S;
  readonly writes: boolean;
  readonly run: (store: Store, input: v.InferOutput<S>) => Promise<R>;
}

/** Declares an action; the function only fixes the types. */
export function action<S extends InputSchema, R>(definition: Action<S, R>): Action<S, R> {
  return definition;
}

/**
 * Validates `input` and runs the action. Of an id that was deleted it is said so, whatever the verb.
 * @throws bad_input naming every field that does not fit; what the action throws
 */
export async function invoke<S extends InputSchema, R>(
  { input: schema, run }: Pick<Action<S, R>, "input" | "run">,
  store: Store,
  input: v.InferInput<S>,
): Promise<R> {
  const checked = checkInput(schema, input);
  try {
    return await run(store, checked);
  } catch (error) {
    throw (await deletedOr(store, error)) ?? error;
  }
}

/** What is said of an id that no ticket has any more, where nothing better is known of it. */
async function deletedOr(store: Store, error: unknown): Promise<AyoError | undefined> {
  if (!(error instanceof AyoError) || error.code !== "not_found" || error.try !== undefined) return undefined;
  const { id, near } = error.data ?? {};
  if (typeof id !== "string" || !Array.isArray(near) || store.journal === undefined) return undefined;
  const { deletedError } = await import("./deletedTicket.ts");
  return deletedError(store, id);
}

/**
 * The input as the schema has it.
 * @throws bad_input naming every field that does not fit
 */
export function checkInput<S extends InputSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const checked = v.safeParse(schema, input);
  if (checked.success) return checked.output;
  const misfits = checked.issues.map(misfitOf);
  const facts = misfits.map((one) => misfitText(one));
  throw new AyoError("bad_input", facts.join("; "), { data: { fields: misfits.map(({ field }) => field), misfits } });
}

/** A described text of one line or more. */
export const text = (description: string) => v.pipe(v.string(), v.description(description));

/** A described, optional text. */
export const optionalText = (description: string) => v.optional(text(description));

/** A described, optional switch. */
export const flag = (description: string) => v.optional(v.pipe(v.boolean(), v.description(description)));

/** A described, optional list of texts. */
export const optionalList = (description: string) =>
  v.optional(v.pipe(v.array(v.string()), v.description(description)));

/** One or more ticket ids. */
export const ids = v.pipe(v.array(v.string()), v.minLength(1, "at least one ticket id"), v.description("ticket ids"));

/** How many at most: from 1 on. */
export const limitOf = (description: string) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.description(description)));

/** One ticket id. */
export const id = text("ticket id, or a unique beginning or end of one");

/** How urgent a ticket is. */
export const priority = v.optional(v.pipe(v.union([v.string(), v.number()]), v.description("0 (critical) to 4")));

/** What every writing action takes besides its own input. */
export const writeOptions = {
  as: optionalText("the agent in whose name the change is made"),
  dryRun: flag("show what would happen, change nothing"),
  ifMatch: optionalText("refuse unless the ticket still has this version"),
  claim: optionalText("the token of your claim, where this worktree does not know it (also AYO_CLAIM)"),
};

/** The shared part of a writing action's input, as parsed. */
export interface WriteOptions {
  readonly as?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly ifMatch?: string | undefined;
  readonly claim?: string | undefined;
}

/** What every writing action answers besides its own result. */
export interface Written {
  /** Null where nothing was changed, or the commit waits. */
  readonly commit: string | null;
  /** Why the commit waits; the change itself is on disk. */
  readonly deferred?: string;
  readonly notices: readonly string[];
  readonly dryRun?: true;
  /** Of a dry run: whether something would change. */
  readonly wouldChange?: boolean;
}

/**
 * Runs a change as the actor that the input names, and answers with its outcome. It renews the actor's claims, and what
 * it makes of claims is remembered. `sparesNone`: claims of the actor's that ran out are given back like everybody's.
 */
export async function change<T>(
  store: Store,
  options: WriteOptions,
  run: (draft: Draft) => Promise<Change<T>> | Change<T>,
  { sparesNone = false }: { readonly sparesNone?: boolean } = {},
): Promise<Outcome<T> & { readonly written: Written }> {
  // Reading verbs share this file and should not pay for the machinery of writing.
  const { transaction } = await import("../../store/change/transaction.ts");
  const actor = actorOf(options.as, store);
  const joined = store.journal === undefined && options.dryRun !== true ? await joinIfShown(store) : [];
  let last: Draft | undefined;
  const work = async (draft: Draft): Promise<Change<T>> => {
    last = draft;
    const answer = await run(draft);
    if (!draft.view.marked.some((ticket) => isClaimOf(ticket, draft))) return answer;
    const { renewWith } = await import("../lifecycle/claims/renewal.ts");
    return renewWith(store, draft, options, answer);
  };
  const spares = async () => {
    const { standingOf } = await import("../lifecycle/claims/holder.ts");
    return (ticket: Ticket, view: View) =>
      standingOf({ store, actor, token: options.claim }, ticket, { view }) === "holder";
  };
  const conditions = { actor, dryRun: options.dryRun === true, ...(sparesNone ? {} : { spares }) };
  const outcome = await transaction(store, conditions, work);
  const notices = [
    ...joined,
    ...outcome.notices,
    ...(last?.notices ?? []),
    ...(await whatFollows(store, actor, last, outcome)),
  ];
  const written: Written = {
    notices,
    commit: outcome.commit ?? null,
    ...(outcome.deferred === undefined ? {} : { deferred: outcome.deferred }),
    ...(options.dryRun === true ? { dryRun: true, wouldChange: outcome.wouldChange === true } : {}),
  };
  return { ...outcome, written };
}

/** A first change in a clone that has brought tickets along is made in these, not in a store of its own. */
async function joinIfShown(store: Store): Promise<readonly string[]> {
  const { shownTickets } = await import("../../store/open/shownTickets.ts");
  const shown = shownTickets(store);
  if (shown === undefined) return [];
  const { isVacant, joinShown } = await import("../../store/sync/joinStore.ts");
  if (!isVacant(store)) return [];
  const { tickets } = await joinShown(store, shown);
  return [`joined the tickets of ${shown.remote} (${tickets})`];
}

/** What is done after a change that is made: it can fail, and the change cannot any more. Returns what to tell. */
async function whatFollows(
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
