import type { Change } from "../../../store/change/changing.ts";
import { readKeptClaim } from "../../../store/change/claimTokens.ts";
import type { Draft } from "../../../store/change/draft.ts";
import type { Store } from "../../../store/open/store.ts";
import { DEFAULT_LEASE_MS, isHalfGone, leaseUntil } from "../../../ticket/rules/claim.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import type { WriteOptions } from "../../input/action.ts";
import { type Claimant, lostClaim, standingOf } from "./holder.ts";

/**
 * Renews the claims of whoever makes a change, with the change: those on the tickets that it touches, and the only one
 * of a holder who has no other. An agent that crashed and forgot what it held must not keep it by working on something
 * else. Written only when half of the lease is gone, so that busy holders do not rewrite their tickets all the time.
 */
export async function renewWith<T>(
  store: Store,
  draft: Draft,
  options: WriteOptions,
  answer: Change<T>,
): Promise<Change<T>> {
  if (answer.sentence === undefined || draft.files.size === 0) return answer;
  const claimant: Claimant = { store, actor: draft.actor, token: options.claim };
  const claimed = draft.view.marked.filter(
    ({ fields }) => fields.claimedBy !== undefined && fields.lease !== undefined,
  );
  const rest = claimed.filter(({ id }) => !draft.claims.has(id) && !draft.handedIn.has(id));
  const only = onlyHeld(claimant, draft, rest);
  for (const ticket of rest) {
    if (ticket !== only && !isTouched(draft, ticket)) continue;
    if (isHolders(claimant, ticket, draft)) await renewOne(claimant, draft, ticket);
    else if (standingOf(claimant, ticket, draft) === "lost") draft.notices.push(lostClaim(claimant, ticket).message);
  }
  return answer;
}

/** The one ticket that the caller holds; undefined where it holds several, for which a second is enough. */
function onlyHeld(claimant: Claimant, draft: Draft, claimed: readonly Ticket[]): Ticket | undefined {
  if ([...draft.claims.values()].some((kept) => kept !== null)) return undefined;
  let only: Ticket | undefined;
  for (const ticket of claimed) {
    if (!isHolders(claimant, ticket, draft)) continue;
    if (only !== undefined) return undefined;
    only = ticket;
  }
  return only;
}

/** By its name too: who only passes by must not have to prove anything. */
function isHolders(claimant: Claimant, ticket: Ticket, draft: Draft): boolean {
  return ticket.fields.claimedBy === claimant.actor.name && standingOf(claimant, ticket, draft) === "holder";
}

function isTouched({ files }: Draft, { path }: Ticket): boolean {
  return typeof files.get(path) === "string";
}

async function renewOne({ store, actor }: Claimant, draft: Draft, ticket: Ticket): Promise<void> {
  const { lease = "", claim = "" } = ticket.fields;
  const { now, config } = draft.view;
  if (draft.files.get(ticket.path) === null) return;
  const length = leaseLength(store, draft, ticket);
  if (!isHalfGone(lease, length, now)) return;
  await draft.patch(ticket, { lease: leaseUntil(now, length) });
  if (claim !== "") draft.holds.set(ticket.id, { by: actor.name, token: claim, lease: length, isRenewed: true });
  if (claim !== "" && readKeptClaim(store, actor, ticket.id) === undefined) {
    draft.claims.set(ticket.id, { token: claim, lease: config.lease ?? DEFAULT_LEASE_MS });
  }
}

/** How long a renewed lease runs, in milliseconds: as long as the claim was made for, where this worktree knows. */
export function leaseLength(
  store: Store,
  { actor, view }: Pick<Draft, "actor" | "view">,
  { id, fields }: Ticket,
): number {
  const kept = readKeptClaim(store, actor, id);
  const known = kept !== undefined && kept.token === fields.claim ? kept.lease : 0;
  return known || (view.config.lease ?? DEFAULT_LEASE_MS);
}
