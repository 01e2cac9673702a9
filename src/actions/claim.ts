import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/change/draft.ts";
import type { Sentence } from "../store/change/message.ts";
import { actorOf, assertSelf } from "../store/open/identity/identity.ts";
import type { Store } from "../store/open/store.ts";
import { categoryOf } from "../ticket/rules/columns.ts";
import { type Dispatch, formatDispatch } from "../ticket/rules/dispatch.ts";
import { beginColumn, begunPhase } from "../ticket/rules/phases.ts";
import type { FieldChanges } from "../ticket/text/patchTicket.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { parseDuration } from "../ticket/time.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { withTicket } from "./answers/written.ts";
import {
  action,
  change,
  flag,
  limitOf,
  optionalList,
  optionalText,
  type Written,
  writeOptions,
} from "./input/action.ts";
import { checkActor } from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";
import { type Leftover, leftoverOf } from "./lifecycle/claims/leftover.ts";
import { offered } from "./lifecycle/claims/offer.ts";
import { assertReviewable, isInReview, reviewFields } from "./lifecycle/claims/reviews.ts";
import { assertClaimable, checkLease, checkToken, claimFields, takingOf } from "./lifecycle/claims/take.ts";
import { findAll, subjectOf } from "./lifecycle/findAll.ts";
import { moving } from "./lifecycle/moving/moving.ts";

const input = v.object({
  ids: v.optional(v.pipe(v.array(v.string()), v.description("ticket ids"))),
  next: flag("the best ready ticket: yours first, then nobody's"),
  count: limitOf("with next: how many"),
  query: optionalText("with next: only what passes: type:bug -tag:ui priority:<2"),
  role: optionalText("with next: only tickets for this role, and those in review that it reviews: worker, reviewer, …"),
  type: optionalList("with next: only these types"),
  tag: optionalList("with next: tags, all; a,b: either"),
  project: optionalText("with next: only tickets of this project"),
  lease: optionalText("how long it holds without a sign of life: 15m, 1h"),
  for: optionalText("whose it becomes: hand it to this agent"),
  wait: optionalText("with next: how long to wait until there is one: 30s, 10m"),
  ...writeOptions,
});

/** What `claim` takes. */
export type ClaimInput = v.InferOutput<typeof input>;

/** What `claim` answers. */
export interface Claimed extends Written {
  readonly tickets: readonly (TicketJson & { readonly leftover?: Leftover })[];
  /** The one, where it is one. */
  readonly ticket?: TicketJson & { readonly leftover?: Leftover };
}

/** `ayo ticket claim <id…>`, `ayo ticket claim --next`. */
export const claim = action({
  name: "claim",
  summary: "Take tickets so that nobody else does, for as long as you show signs of life",
  writes: true,
  input,
  run: async (store, input): Promise<Claimed> => {
    checkCombination(input);
    // Also where there is nothing to claim with them.
    if (input.lease !== undefined) checkLease(input.lease);
    checkToken(input.claim);
    if (input.wait === undefined) return claimOnce(store, input);
    const wait = parseDuration(input.wait);
    if (wait === undefined) {
      throw new AyoError("bad_input", `wait '${input.wait}' is not a duration such as 30s or 10m`);
    }
    const { attemptOrWait } = await import("./lifecycle/claims/wait.ts");
    return attemptOrWait(store, {
      atMost: wait,
      hasOffer: async (view) => {
        const actor = actorOf(input.as, store);
        return (await offered(store, { view, actor }, input, receiverOf(input))).length > 0;
      },
      attempt: () => claimOnce(store, input),
      isFound: ({ tickets }) => tickets.length > 0,
    });
  },
});

function checkCombination({ ids = [], next, count, query, role, type, tag, project, wait, ifMatch }: ClaimInput): void {
  if (next !== true && ids.length === 0) {
    throw new AyoError("bad_usage", "claim what? name tickets, or say --next", {
      try: ["ayo", "ticket", "claim", "--next"],
    });
  }
  if (next === true && ids.length > 0) throw new AyoError("bad_usage", "claim takes ids or --next, not both");
  if (next === true && ifMatch !== undefined) throw new AyoError("bad_usage", "--if-match goes with one ticket");
  const onlyNext = Object.entries({ count, query, role, type, tag, project, wait }).find(
    ([, value]) => value !== undefined,
  );
  if (next !== true && onlyNext !== undefined) throw new AyoError("bad_usage", `--${onlyNext[0]} goes with --next`);
}

interface Taken {
  readonly id: string;
  /** The caller had it, and has it for longer now. */
  readonly isRenewed: boolean;
  readonly leftover: Leftover | undefined;
}

/** What goes with the claim of a dispatcher, which starts an agent's program by it. */
export interface Dispatching {
  /** The mark that the claim leaves, so that nobody starts the same again. */
  readonly mark: Dispatch;
  /** Who it is assigned to from now on, where that changes. */
  readonly fields?: FieldChanges;
  /** Refuses, in the same transaction, what is not to be started any more. */
  readonly check: (ticket: Ticket, draft: Draft) => void;
}

/** Claims one ticket for an agent whose program is to be started. @throws what `claim` throws, and what `check` does */
export function claimForRun(store: Store, input: ClaimInput, dispatching: Dispatching): Promise<Claimed> {
  checkToken(input.claim);
  return claimOnce(store, input, dispatching);
}

async function claimOnce(store: Store, input: ClaimInput, dispatching?: Dispatching): Promise<Claimed> {
  const by = receiverOf(input);
  const passOver = input.next ? new Set<string>() : undefined;
  const outcome = await change<readonly Taken[]>(
    store,
    input,
    async (draft) => {
      const wanted = input.next
        ? await offered(store, draft, { ...input, passOver }, by)
        : await findAll(draft, input.ids ?? []);
      if (!input.next) await assertVersion(store, draft, wanted, input.ifMatch);
      const result: Taken[] = [];
      for (const ticket of wanted) {
        dispatching?.check(ticket, draft);
        result.push(await claimOne(store, draft, ticket, input, by));
        if (dispatching === undefined) continue;
        await draft.patch(ticket, { ...dispatching.fields, dispatched: formatDispatch(dispatching.mark) });
      }
      return { result, ...sentenceOf(draft, wanted, result, by) };
    },
    { sparesNone: true, passOver },
  );
  const after = await outcome.after();
  const tickets = outcome.result.flatMap(({ id, leftover }) => {
    const ticket = after.byId.get(id);
    if (ticket === undefined) return [];
    return [{ ...ticketJson(after, ticket), ...(leftover === undefined ? {} : { leftover }) }];
  });
  return { ...outcome.written, ...withTicket(tickets) };
}

async function claimOne(
  store: Store,
  draft: Draft,
  ticket: Ticket,
  input: ClaimInput,
  by: string | undefined,
): Promise<Taken> {
  const claimant = { store, actor: draft.actor, token: input.claim };
  const isReview = isInReview(draft.view, ticket);
  if (isReview && by === undefined) assertSelf(draft.actor, "reviewing");
  const standing = isReview
    ? assertReviewable(claimant, draft, ticket, by)
    : assertClaimable(claimant, draft, ticket, by !== undefined);
  const taking = takingOf(claimant, draft, { lease: input.lease, for: by });
  const fields = (isReview ? reviewFields : claimFields)(claimant, draft, ticket, taking);
  // One that is handed over is a claim of its own: the old token must not count any more.
  const token = standing === "held" && by === undefined ? { claim: ticket.fields.claim ?? taking.token } : {};
  if (standing === "held" && by === undefined) {
    const kept = { by: taking.by, token: token.claim ?? taking.token, lease: taking.lease ?? 0 };
    draft.holds.set(ticket.id, { ...kept, isRenewed: true });
  }
  const stays = isReview || categoryOf(draft.view.board, ticket.status) === "active";
  const move = stays
    ? {}
    : {
        ...moving(store, draft, ticket, beginColumn(draft.view, ticket), { ...input, isClaim: true }).fields,
        ...begunPhase(ticket),
      };
  const leftover = isReview ? undefined : leftoverOf(draft.read(ticket));
  const further = await givenTo(store, draft, ticket, by);
  await draft.patch(ticket, { ...move, ...fields, ...token, ...further });
  return { id: ticket.id, isRenewed: standing === "held" && by === undefined, leftover };
}

/** Who claims a part of its own ticket for another hands it on, as by assigning it. */
async function givenTo(store: Store, draft: Draft, ticket: Ticket, by: string | undefined): Promise<FieldChanges> {
  if (by === undefined || isInReview(draft.view, ticket)) return {};
  const { handedOn } = await import("./lifecycle/changedFields.ts");
  return handedOn(store, draft, ticket, { assignee: by });
}

function sentenceOf(
  draft: Draft,
  tickets: readonly Ticket[],
  taken: readonly Taken[],
  by: string | undefined,
): { readonly sentence?: Sentence } {
  const changed = tickets.filter((ticket) => draft.files.has(ticket.path));
  if (changed.length === 0) return {};
  const subject = `claim ${subjectOf(changed)}${by === undefined ? "" : ` for ${by}`}`;
  const event = taken.every(({ isRenewed }) => isRenewed) ? "renewed" : "claimed";
  return { sentence: { subject, event, tickets: changed.map(({ id }) => id), mustCommit: true } };
}

/** Who gets the tickets, where that is not the actor. */
function receiverOf({ for: by }: ClaimInput): string | undefined {
  return by === undefined ? undefined : checkActor(by);
}
