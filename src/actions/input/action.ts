import * as v from "valibot";
import { AyoError } from "../../error.ts";
import type { Change, Outcome } from "../../store/change/changing.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { View } from "../../store/disk/view.ts";
import { type Actor, actorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { isAskedSomewhere } from "../../ticket/rules/columns.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { concernsClaims, newAsked } from "../lifecycle/claims/asked.ts";
import { assertAsked, untilAsked } from "../lifecycle/claims/elsewhere.ts";
import { withProofs } from "../lifecycle/withProofs.ts";
import {
  joinIfShown,
  judgesOutputs,
  looksForLanding,
  mentionsNobody,
  pipelinesFollow,
  renewing,
  toldElsewhere,
  whatFollows,
} from "./aroundChange.ts";
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
  /** Where the store is shared: tickets whose claims others have heard of, and those of which they could not. */
  readonly confirmed?: readonly string[];
  readonly unconfirmed?: readonly string[];
  readonly dryRun?: true;
  /** Of a dry run: whether something would change. */
  readonly wouldChange?: boolean;
}

/** How a change deals with claims, and with what is over. */
export interface ChangeOptions {
  /** Claims of the actor's that ran out are given back like everybody's. */
  readonly sparesNone?: boolean;
  /** Questions that the actor is about to answer; an agent's never are. */
  readonly sparesQuestion?: (ticket: Ticket) => boolean;
  /** Gets the tickets that turn out to be another's on other machines, where the next best will do. */
  readonly passOver?: Set<string> | undefined;
  /** In whose name it is made, where it is not the caller's: what came from elsewhere. */
  readonly actor?: Actor;
  /** The actor wants to know whether a renewal was heard. */
  readonly renews?: boolean;
}

/**
 * Runs a change as the actor that the input names, and answers with its outcome. It renews the actor's claims, and what
 * it makes of claims is remembered, and settled with other machines where the store is shared.
 */
export async function change<T>(
  store: Store,
  options: WriteOptions,
  run: (draft: Draft) => Promise<Change<T>> | Change<T>,
  { sparesNone = false, sparesQuestion, passOver, renews, actor = actorOf(options.as, store) }: ChangeOptions = {},
): Promise<Outcome<T> & { readonly written: Written }> {
  // Reading verbs share this file and should not pay for the machinery of writing.
  const { transaction } = await import("../../store/change/transaction.ts");
  const joined = store.journal === undefined && options.dryRun !== true ? await joinIfShown(store) : [];
  let last: Draft | undefined;
  let event: string | undefined;
  const asked = newAsked(store, actor, { passOver, renews });
  const work = async (draft: Draft): Promise<Change<T>> => {
    last = draft;
    if (draft.view.board.output === "required" || isAskedSomewhere(draft.view.board, "output"))
      await judgesOutputs(store, draft);
    for (const [id, answer] of asked.got) if ("own" in answer) draft.sure.set(id, answer.own.token);
    await withProofs(store, draft);
    const made = await run(draft);
    event = made.sentence?.event;
    const answer = await renewing(store, draft, options, made);
    if (options.dryRun !== true && concernsClaims(draft)) await assertAsked(asked, draft);
    return answer;
  };
  const spares = async () => {
    const { standingOf } = await import("../lifecycle/claims/holder.ts");
    return (ticket: Ticket, view: View) =>
      standingOf({ store, actor, token: options.claim }, ticket, { view }) === "holder";
  };
  const conditions = {
    actor,
    dryRun: options.dryRun === true,
    ...(sparesNone ? {} : { spares }),
    ...(sparesQuestion === undefined || actor.agent ? {} : { sparesQuestion }),
  };
  const outcome = await untilAsked(asked, () => transaction(store, conditions, work));
  const elsewhere = last === undefined || options.dryRun ? {} : await toldElsewhere(asked, last, outcome);
  const landing = await looksForLanding(store, last, outcome);
  const notices = [
    ...joined,
    ...outcome.notices,
    ...(last?.notices ?? []),
    ...(elsewhere.notices ?? []),
    ...(event === "undone" ? [] : await mentionsNobody(store, last)),
    ...landing.notices,
    ...(await whatFollows(store, actor, last, outcome)),
    ...(await pipelinesFollow(store, options)),
  ];
  const written: Written = {
    notices,
    commit: outcome.commit ?? null,
    ...(outcome.deferred === undefined ? {} : { deferred: outcome.deferred }),
    ...(elsewhere.confirmed?.length ? { confirmed: elsewhere.confirmed } : {}),
    ...(elsewhere.unconfirmed?.length ? { unconfirmed: elsewhere.unconfirmed } : {}),
    ...(options.dryRun === true ? { dryRun: true, wouldChange: outcome.wouldChange === true } : {}),
  };
  return { ...outcome, after: landing.after, written };
}
