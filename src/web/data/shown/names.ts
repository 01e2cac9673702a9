import { call } from "../api.ts";
import type { Model } from "../model.ts";

/** Everybody whom tickets name, and agents that have none yet, with how many tickets are theirs. */
export function countNames({ config, cards }: Model, agents: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>([[config.actor.name, 0], ...agents.map((name) => [name, 0] as const)]);
  for (const { assignee, claim } of cards.values()) {
    for (const name of assignee?.split(", ") ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (claim !== null && !counts.has(claim.by)) counts.set(claim.by, 0);
  }
  return counts;
}

/** Agents that are known, though no ticket may name them; none where the server does not answer. */
export async function readAgents(): Promise<readonly string[]> {
  try {
    const { agents } = await call<{ agents: readonly { readonly name: string }[] }>("/agents");
    return agents.map(({ name }) => name);
  } catch {
    return [];
  }
}
