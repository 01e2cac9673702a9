import { effectsOf } from "../../store/allow/kinds.ts";
import { whyNoProgram } from "../../store/allow/programs.ts";
import { programState } from "../../store/allow/ready/programState.ts";
import { lastUnready } from "../../store/allow/ready/seen.ts";
import { whyNoWorktree } from "../../store/allow/ready/worktreeState.ts";
import { AGENTS_FILE } from "../../store/open/agents/agentTypes.ts";
import { modeFaults, whyNoPrompt } from "../../store/open/agents/promptFaults.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import type { Store } from "../../store/open/store.ts";

/** What keeps an agent that is allowed here from being started; of agents.yml where it keeps all of them. */
export interface Unready {
  readonly name: string;
  /** A sentence, or one without a subject. */
  readonly why: string;
}

/**
 * Agents that are allowed on this machine and could not be started. With `ask` their programs are asked whether they
 * are logged in; else it is what files say, and what a dispatcher saw last.
 */
export async function unreadyAgents(store: Store, { ask }: { readonly ask: boolean }): Promise<Unready[]> {
  const { config } = await readAgents(store);
  if (config.agents.size === 0) return [];
  const effects = await effectsOf(store);
  const allowed = new Set(effects.flatMap(({ kind, state, name }) => (kind + state === "agentallowed" ? [name] : [])));
  const entries = [...config.agents.values()].filter(({ name }) => allowed.has(name));
  if (entries.length === 0) return [];
  const worktree = whyNoWorktree(store, config);
  const seen = lastUnready(store);
  const found = await Promise.all(
    entries.map(async (entry): Promise<Unready[]> => {
      const { name } = entry;
      const problems = ask ? (await programState(store, entry)).problems : quickly(store, entry, seen.get(name));
      const noPrompt = whyNoPrompt(store, entry);
      const all = new Set(noPrompt === undefined ? problems : [noPrompt, ...problems]);
      return [...all].map((why) => ({ name, why }));
    }),
  );
  const modes = [...modeFaults(store)].map(([mode, why]) => ({ name: `mode:${mode}`, why }));
  return [...(worktree === undefined ? [] : [{ name: AGENTS_FILE, why: worktree }]), ...modes, ...found.flat()];
}

function quickly(store: Store, entry: Parameters<typeof whyNoProgram>[1], seen: readonly string[] = []) {
  const why = whyNoProgram(store, entry);
  return why === undefined ? seen : [why];
}
