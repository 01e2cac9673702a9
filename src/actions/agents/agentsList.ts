import * as v from "valibot";
import { readStore } from "../../store/disk/view.ts";
import { worktreeAgents } from "../../store/open/identity/worktreeAgents.ts";
import { isAgent } from "../../ticket/rules/claim.ts";
import { action } from "../input/action.ts";
import { heldBy } from "../lifecycle/claims/held.ts";
import { isOpen } from "../list.ts";

/** An agent, by what it holds, was given, or where it works. */
export interface AgentJson {
  readonly name: string;
  /** The worktree that it joined; null where it joined none. */
  readonly worktree: string | null;
  readonly holds: readonly { readonly id: string; readonly title: string; readonly until: string | null }[];
  /** How many unfinished tickets are assigned to it. */
  readonly assigned: number;
}

/** Who is here. */
export interface AgentList {
  readonly agents: readonly AgentJson[];
}

/** Every agent that holds a ticket, was given one that is not finished, or joined a worktree; by name. */
export const agentsList = action({
  name: "agents list",
  summary: "List the agents: where they work, what they hold, how much they were given",
  writes: false,
  input: v.object({}),
  run: async (store): Promise<AgentList> => {
    const view = await readStore(store);
    const worktrees = new Map(worktreeAgents(store).map(({ name, worktree }) => [name, worktree]));
    const open = view.tickets.filter((ticket) => isOpen(view, ticket));
    const given = open.flatMap(({ fields }) => fields.assignee ?? []).filter(isAgent);
    const holders = open.flatMap(({ fields }) => fields.claimedBy ?? []).filter(isAgent);
    const names = [...new Set([...worktrees.keys(), ...given, ...holders])].sort();
    const agents = names.map((name) => ({
      name,
      worktree: worktrees.get(name) ?? null,
      holds: heldBy(view, name).map(({ id, title, fields }) => ({ id, title, until: fields.lease ?? null })),
      assigned: given.filter((one) => one === name).length,
    }));
    return {
      agents: agents.filter(({ worktree, holds, assigned }) => worktree !== null || holds.length + assigned > 0),
    };
  },
});
