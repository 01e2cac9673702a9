import { isDeepStrictEqual } from "node:util";
import { AyoError } from "../../error.ts";
import { agentsOf } from "../../store/allow/agents.ts";
import type { AgentEntry, AgentsConfig } from "../../store/open/agents/agentTypes.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import { whyNotAllowed } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";

/**
 * Makes sure, right before an agent is started, that all of what is started is what a person has allowed: a set-up takes
 * minutes, and whoever may write the store may change agents.yml or a prompt meanwhile.
 * @throws bad_config
 */
export async function assertStillAllowed(
  store: Store,
  {
    entry,
    config,
    prompts,
  }: { readonly entry: AgentEntry; readonly config: AgentsConfig; readonly prompts: readonly string[] },
): Promise<void> {
  const now = await readAgents(store);
  const effect = (await agentsOf(store, now)).find(({ name }) => name === entry.name);
  const why =
    effect === undefined
      ? `${entry.name} is not in agents.yml any more`
      : whyNotAllowed(store, entry.name, effect, "be started");
  const denied = effect?.state === "denied" ? `${entry.name} was denied on this machine` : undefined;
  const { agents: _, teams: __, ...shared } = config;
  const { agents, teams: ___, ...sharedNow } = now.config;
  const isSame =
    isDeepStrictEqual({ ...agents.get(entry.name), line: 0 }, { ...entry, line: 0 }) &&
    isDeepStrictEqual(shared, sharedNow);
  const isPrompt = prompts.every((prompt) => effect?.bytes?.includes(prompt) === true);
  if (why === undefined && denied === undefined && isSame && isPrompt) return;
  throw new AyoError("bad_config", why ?? denied ?? `${entry.name} was changed while it was being started`);
}
