import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/draft.ts";
import { actorOf } from "../store/identity.ts";
import type { Sentence } from "../store/message.ts";
import type { Store } from "../store/store.ts";
import type { View } from "../store/view.ts";
import { categoryOf, columnOf, compareReady } from "../ticket/readiness.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { parseDuration } from "../ticket/time.ts";
import { action, change, flag, optionalList, optionalText, type Written, writeOptions } from "./action.ts";
import { checkActor } from "./checkInput.ts";
import { type Leftover, leftoverOf } from "./claims/leftover.ts";
import { offered } from "./claims/offer.ts";
import { isReviewer, isToReview } from "./claims/reviews.ts";
import { assertClaimable, checkLease, checkToken, claimFields, takingOf } from "./claims/take.ts";
import { assertVersion } from "./conflict.ts";
import { type TicketJson, ticketJson } from "./describe.ts";
import { moving } from "./moving.ts";
import { findAll, subjectOf } from "./status.ts";

const input = v.object({
  ids: v.optional(v.pipe(v.array(v.string()), v.description("ticket ids"))),
  next: flag("the best ready ticket: yours first, then nobody's"),
  count: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1, "must be at least 1"), v.description("with next: how many")),
  ),
  query: optionalText("with next: only what passes: type:bug -tag:ui priority:<2"),
  role: optionalText("with next: only tickets for this role (those that name none are for a worker)"),
  type: optionalList("with next: only these types"),
  tag: optionalList("with next: only tickets with all these tags"),
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
  /** For a reviewer who finds nothing to claim: what waits for review, which needs no claim. */
  readonly toReview?: readonly string[];
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
    const { attemptOrWait } = await import("./claims/wait.ts");
    return attemptOrWait(store, {
      atMost: wait,
      hasOffer: async (view) => {
        const actor = actorOf(input.as, store);
        const found = await offered(store, { view, actor }, input, receiverOf(input));
        return found.length > 0 || reviewsIn(view, actor.name, input).length > 0;
      },
      attempt: () => claimOnce(store, input),
      isFound: ({ tickets, toReview = [] }) => tickets.length + toReview.length > 0,
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
  readonly leftover: Leftover | undefined;
}

async function claimOnce(store: Store, input: ClaimInput): Promise<Claimed> {
  const by = receiverOf(input);
  const outcome = await change<readonly Taken[]>(
    store,
    input,
    async (draft) => {
      const wanted = input.next ? await offered(store, draft, input, by) : await findAll(draft, input.ids ?? []);
      if (!input.next) await assertVersion(store, draft, wanted, input.ifMatch);
      const result: Taken[] = [];
      for (const ticket of wanted) result.push(await claimOne(store, draft, ticket, input, by));
      return { result, ...sentenceOf(draft, wanted, by) };
    },
    { sparesNone: true },
  );
  const after = await outcome.after();
  const tickets = outcome.result.flatMap(({ id, leftover }) => {
    const ticket = after.byId.get(id);
    if (ticket === undefined) return [];
    return [{ ...ticketJson(after, ticket), ...(leftover === undefined ? {} : { leftover }) }];
  });
  const toReview = tickets.length > 0 ? [] : reviewsIn(after, actorOf(input.as, store).name, input);
  if (toReview.length === 0) return { ...outcome.written, tickets };
  const fact = `waiting for review: ${toReview.join(", ")} ('ayo ticket approve' or 'reject'; no claim is needed)`;
  return { ...outcome.written, notices: [...outcome.written.notices, fact], tickets, toReview };
}

/** What a reviewer has to do without claiming it. */
function reviewsIn(view: View, name: string, { next, role }: ClaimInput): string[] {
  if (next !== true || !isReviewer(role)) return [];
  return view.tickets
    .filter((ticket) => isToReview(view, ticket, name))
    .sort(compareReady)
    .map(({ id }) => id);
}

async function claimOne(
  store: Store,
  draft: Draft,
  ticket: Ticket,
  input: ClaimInput,
  by: string | undefined,
): Promise<Taken> {
  const claimant = { store, actor: draft.actor, token: input.claim };
  const standing = assertClaimable(claimant, draft, ticket, by !== undefined);
  const taking = takingOf(claimant, draft, { lease: input.lease, for: by });
  const fields = claimFields(claimant, draft, ticket, taking);
  // One that is handed over is a claim of its own: the old token must not count any more.
  const token = standing === "held" && by === undefined ? { claim: ticket.fields.claim ?? taking.token } : {};
  const isActive = categoryOf(draft.view.board, ticket.status) === "active";
  const move = isActive
    ? {}
    : moving(store, draft, ticket, columnOf(draft.view.board, "active"), { ...input, isClaim: true }).fields;
  const leftover = leftoverOf(draft.read(ticket));
  await draft.patch(ticket, { ...move, ...fields, ...token });
  return { id: ticket.id, leftover };
}

function sentenceOf(
  draft: Draft,
  tickets: readonly Ticket[],
  by: string | undefined,
): { readonly sentence?: Sentence } {
  const changed = tickets.filter((ticket) => draft.files.has(ticket.path));
  if (changed.length === 0) return {};
  const subject = `claim ${subjectOf(changed)}${by === undefined ? "" : ` for ${by}`}`;
  const isRenewed = changed.every(({ fields }) => fields.claimedBy !== undefined) && by === undefined;
  const event = isRenewed ? "renewed" : "claimed";
  return { sentence: { subject, event, tickets: changed.map(({ id }) => id), mustCommit: true } };
}

/** Who gets the tickets, where that is not the actor. */
function receiverOf({ for: by }: ClaimInput): string | undefined {
  return by === undefined ? undefined : checkActor(by);
}
