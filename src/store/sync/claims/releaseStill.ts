import { AYO, releaseIn } from "../../change/leases.ts";
import { transaction } from "../../change/transaction.ts";
import type { View } from "../../disk/view.ts";
import { endClaims } from "./endClaims.ts";
import type { Known } from "./judge.ts";
import { saysSo, whoHas } from "./loseClaims.ts";
import type { ClaimsThere } from "./openClaims.ts";
import { type Seen, stoodStill } from "./seenClaims.ts";

/** Why a claim is over that stood still; no commit of the store says so before. */
const LAPSED = "lapsed";

/** Claims of others that show no sign of life: whoever says so first there takes them back. */
export async function releaseStill(
  claims: ClaimsThere,
  { there, seen }: Known,
  view: View,
): Promise<readonly string[]> {
  const { store, refOf } = claims;
  const still = [...seen].filter(([id, one]) => {
    const ticket = view.byId.get(id);
    if (one.key !== there.get(refOf(id)) || !stoodStill(one)) return false;
    const isSaid = ticket !== undefined && saysSo(view, ticket, one.facts.token);
    // One that no ticket here says may be somebody's of whom nothing came; it stands still all the same.
    return one.facts.ended === undefined || (isLeft(one) && isSaid);
  });
  if (still.length === 0) return [];
  const endings = still.flatMap(([id, one]) => (isLeft(one) ? [] : [{ id, how: LAPSED }]));
  const ended = endings.length === 0 ? [] : await endClaims(claims, AYO, endings);
  const isFree = new Set(ended.flatMap(({ id, state }) => (state === "ended" ? [id] : [])));
  for (const [id, one] of still) if (isLeft(one)) isFree.add(id);
  const { notices } = await transaction(store, { actor: AYO }, async (draft) => {
    const tickets = still.flatMap(([id, { facts }]) => {
      const ticket = draft.view.byId.get(id);
      return isFree.has(id) && ticket !== undefined && saysSo(draft.view, ticket, facts.token) ? [ticket] : [];
    });
    const sentence = await releaseIn(draft, tickets);
    return sentence === undefined ? { result: undefined } : { result: undefined, sentence };
  });
  const free = still.filter(([id]) => isFree.has(id));
  return [
    ...free.map(([id, { facts }]) => `${id} is free: ${whoHas({ ...facts, by: facts.actor })} showed no sign of life`),
    ...notices,
  ];
}

/** Whoever took it back there did not live to say so in the ticket, or has not sent that for a lease. */
function isLeft({ facts: { ended } }: Seen): boolean {
  return ended?.how === LAPSED && ended.commit === undefined;
}
