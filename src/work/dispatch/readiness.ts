import { agentsOf } from "../../store/allow/agents.ts";
import { programState } from "../../store/allow/ready/programState.ts";
import type { Unready } from "../../store/allow/ready/seen.ts";
import { whyNoWorktree } from "../../store/allow/ready/worktreeState.ts";
import type { AgentEntry, AgentsConfig } from "../../store/open/agents/agentTypes.ts";
import { whyNoPrompt } from "../../store/open/agents/promptFaults.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import { whyNotAllowed } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";

/** Whether an agent's program could be started now, and if not, why. */
export interface AgentState {
  readonly entry: AgentEntry;
  readonly version?: string;
  /** Nobody allowed it here. */
  readonly isBlocked?: true;
  /** Sentences without a subject. */
  readonly problems: readonly string[];
}

/** What the agents of a store are, and how ready for work each is. */
export interface Agents {
  readonly config: AgentsConfig;
  readonly states: ReadonlyMap<string, AgentState>;
  /** Why agents that are allowed here cannot be started. */
  readonly unready: Unready;
  /** What is wrong with agents.yml, or with where worktrees would be: as long as anything is, nobody is started. */
  readonly problems: readonly string[];
}

/** Looks whether the programs of a store's agents are allowed, there and logged in, and have where to work; changes nothing. */
export async function agentsNow(store: Store): Promise<Agents> {
  const read = await readAgents(store);
  const { config, problems } = read;
  const effects = new Map((await agentsOf(store, read)).map((effect) => [effect.name, effect]));
  const states = await Promise.all(
    [...config.agents.values()].map(async (entry): Promise<AgentState> => {
      const effect = effects.get(entry.name);
      const denied = effect?.state === "denied" ? [`${entry.name} was denied on this machine`] : [];
      const why = effect === undefined ? undefined : whyNotAllowed(store, entry.name, effect, "be started");
      const blocked = [...denied, ...(why === undefined ? [] : [why])];
      // What nobody allowed is not even asked for its version.
      if (blocked.length > 0) return { entry, isBlocked: true, problems: blocked };
      const noPrompt = whyNoPrompt(store, entry);
      const state = await programState(store, entry);
      return noPrompt === undefined
        ? { entry, ...state }
        : { entry, ...state, problems: [noPrompt, ...state.problems] };
    }),
  );
  const noWorktree = config.agents.size === 0 ? undefined : whyNoWorktree(store, config);
  const unready = states.filter(({ isBlocked, problems }) => isBlocked !== true && problems.length > 0);
  return {
    config,
    states: new Map(states.map((state) => [state.entry.name, state])),
    unready: new Map(unready.map(({ entry, problems }) => [entry.name, problems])),
    // A file that is none has no line.
    problems: [
      ...problems.map(({ path: file, line, message }) => `${file}${line > 0 ? `:${line}` : ""}: ${message}`),
      ...(noWorktree === undefined ? [] : [noWorktree]),
    ],
  };
}
