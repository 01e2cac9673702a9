import * as v from "valibot";
import { AyoError } from "../error.ts";
import { keptIds } from "../store/change/claimTokens.ts";
import type { Draft } from "../store/change/draft.ts";
import { leaseUntil } from "../ticket/rules/claim.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { action, change, optionalText, type Written, writeOptions } from "./input/action.ts";
import { assertVersion } from "./input/conflict.ts";
import { type Claimant, claimedBySomebody, lostClaim, standingOf } from "./lifecycle/claims/holder.ts";
import { leaseLength } from "./lifecycle/claims/renewal.ts";
import { checkLease } from "./lifecycle/claims/take.ts";
import { findAll, subjectOf } from "./lifecycle/findAll.ts";

/** What `renew` answers. */
export interface Renewed extends Written {
  readonly tickets: readonly TicketJson[];
}

/** `ayo ticket renew [id…]`: a sign of life for long work; without ids for every claim of this worktree's. */
export const renew = action({
  name: "renew",
  summary: "Keep claims for another lease",
  writes: true,
  input: v.object({
    ids: v.optional(v.pipe(v.array(v.string()), v.description("ticket ids; all that you hold where there are none"))),
    lease: optionalText("how long: 15m, 1h"),
    ...writeOptions,
  }),
  run: async (store, input): Promise<Renewed> => {
    const lease = input.lease === undefined ? undefined : checkLease(input.lease);
    const outcome = await change<readonly string[]>(
      store,
      input,
      async (draft) => {
        const claimant = { store, actor: draft.actor, token: input.claim };
        const named = input.ids ?? [];
        const tickets = named.length > 0 ? await findAll(draft, named) : heldHere(claimant, draft);
        await assertVersion(store, draft, tickets, input.ifMatch);
        for (const ticket of tickets) await renewOne(claimant, draft, ticket, lease);
        const result = tickets.map(({ id }) => id);
        const changed = tickets.filter(({ path }) => draft.files.has(path));
        if (changed.length === 0) return { result };
        const sentence = {
          subject: `renew ${subjectOf(changed)}`,
          event: "renewed",
          tickets: changed.map(({ id }) => id),
        };
        return { result, sentence };
      },
      { renews: true },
    );
    const after = await outcome.after();
    const tickets = outcome.result.flatMap((id) => after.byId.get(id) ?? []).map((ticket) => ticketJson(after, ticket));
    return { ...outcome.written, tickets };
  },
});

/** What the caller holds by tokens of this worktree; by its name alone it could be another's work. */
function heldHere(claimant: Claimant, draft: Draft): Ticket[] {
  const kept = new Set(keptIds(claimant.store, claimant.actor));
  const { AYO_CLAIM } = claimant.store.host.env;
  const token = claimant.token ?? AYO_CLAIM;
  return draft.view.tickets.filter(
    (ticket) =>
      ticket.fields.lease !== undefined &&
      (kept.has(ticket.id) || (token !== undefined && ticket.fields.claim === token)) &&
      standingOf(claimant, ticket, draft) === "holder",
  );
}

async function renewOne(claimant: Claimant, draft: Draft, ticket: Ticket, wanted: number | undefined): Promise<void> {
  const standing = standingOf(claimant, ticket, draft);
  if (standing === "lost") throw lostClaim(claimant, ticket);
  if (standing === "other") throw claimedBySomebody(ticket);
  if (standing === "free" || ticket.fields.lease === undefined) throw noLease(ticket);
  const lease = wanted ?? leaseLength(claimant.store, draft, ticket);
  const { claim: token } = ticket.fields;
  if (token !== undefined) {
    draft.claims.set(ticket.id, { token, lease });
    draft.holds.set(ticket.id, { by: ticket.fields.claimedBy ?? "", token, lease, isRenewed: true });
  }
  await draft.patch(ticket, { lease: leaseUntil(draft.view.now, lease) });
}

function noLease({ id, fields, status }: Ticket): AyoError {
  const fact = fields.claimedBy === undefined ? `nobody holds ${id}: it is ${status}` : `${id} is held without a lease`;
  return new AyoError("transition_refused", fact, { try: ["ayo", "ticket", "show", id], data: { id } });
}
