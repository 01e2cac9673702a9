import { AyoError } from "../../../error.ts";
import type { Draft } from "../../../store/change/draft.ts";
import { readAgents } from "../../../store/open/agents/readAgents.ts";
import type { Store } from "../../../store/open/store.ts";
import { isAgent, isSameName } from "../../../ticket/rules/claim.ts";
import { goesBackTo, isIn } from "../../../ticket/rules/delegation.ts";
import type { Ticket } from "../../../ticket/ticket.ts";

/**
 * Refuses to hand work back to those from whom it comes, or to a team of which all are.
 * @throws delegation_refused
 */
export async function assertNoCircle(
  store: Store,
  chain: readonly string[],
  assignee: readonly string[],
  about: Ticket,
): Promise<void> {
  const back = assignee.find((name) => isIn(chain, name));
  if (back !== undefined) throw circle(back, about);
  const names = chain.length === 0 ? [] : assignee.filter(isAgent);
  if (names.length === 0) return;
  const { teams } = (await readAgents(store)).config;
  const team = names.find((name) => {
    const [, members = []] = [...teams].find(([one]) => isSameName(one, name)) ?? [];
    return members.length > 0 && members.every((member) => isIn(chain, member));
  });
  if (team !== undefined) throw circle(team, about);
}

/**
 * Refuses an agent's claim of what it, or whom it claims for, handed on.
 * @throws delegation_refused
 */
export function assertNotTakenBack({ actor, view }: Pick<Draft, "actor" | "view">, ticket: Ticket, by: string): void {
  if (actor.agent && goesBackTo(view.byId, ticket, by)) throw circle(by, ticket);
}

function circle(by: string, { id }: Ticket): AyoError {
  return delegationRefused(`${by} is one of those who hand on the work of ${id}: it does not go back to it`, id, {
    limit: "circle",
    by,
    id,
  });
}

/** The error for what agents do not hand on. */
export function delegationRefused(message: string, id: string, data: Readonly<Record<string, unknown>>): AyoError {
  return new AyoError("delegation_refused", message, { try: ["ayo", "ticket", "tree", id], data });
}
