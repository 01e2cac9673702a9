import { readAgents } from "../../store/open/agents/readAgents.ts";
import type { Store } from "../../store/open/store.ts";
import { isAgent } from "../../ticket/rules/claim.ts";
import { isIn } from "../../ticket/rules/delegation.ts";
import { isSameRole } from "../../ticket/rules/roles.ts";
import { checkWords } from "../input/checkInput.ts";

/** What to say of agents and teams that agents.yml does not know though it knows others: `ayo work` starts nobody for them. */
export async function unknownAgents(store: Store, who: string | undefined): Promise<string[]> {
  if (who === undefined || !who.includes("@")) return [];
  const { agents, teams } = (await readAgents(store)).config;
  if (agents.size === 0) return [];
  const names = [...agents.keys(), ...teams.keys()];
  const strangers = checkWords("assignee", [who]).filter((one) => isAgent(one) && !isIn(names, one));
  return strangers.map((one) => `agents.yml has no agent or team ${one}: 'ayo work' starts nobody for it`);
}

/** The same for a role that no agent has. */
export async function unknownRole(store: Store, role: string | undefined): Promise<string[]> {
  const { agents } = (await readAgents(store)).config;
  if (role === undefined || agents.size === 0) return [];
  const isKnown = [...agents.values()].some(({ roles }) => roles.some((one) => isSameRole(one, role)));
  return isKnown ? [] : [`agents.yml has no agent with the role ${role}: 'ayo work' starts nobody for it`];
}
