import { existsSync } from "node:fs";
import path from "node:path";
import { effectsOf } from "../../store/allow/kinds.ts";
import { HOOKS_FOLDER } from "../../store/hooks/findHooks.ts";
import { AGENTS_FILE } from "../../store/open/agents/agentTypes.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import { allowLine } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";
import type { Need } from "./item.ts";
import { unreadableNeeds } from "./states.ts";

/**
 * What does not take effect on this machine until a person looks: agents that nobody decided about, and whatever was
 * changed since it was allowed; and an agents.yml of which nothing is in force.
 */
export async function effectNeeds(store: Store): Promise<Need[]> {
  const isThere = (name: string): boolean => existsSync(path.join(store.dir, name));
  if (!isThere(AGENTS_FILE) && !isThere(HOOKS_FOLDER)) return [];
  const effects = await effectsOf(store);
  const open = effects.filter(({ kind, state }) => state === "changed" || (state === "new" && kind === "agent"));
  const needs = open.map(
    ({ kind, name, words, state, about, sha256 }): Need => ({
      key: `${name}:allow`,
      kind: "allow",
      id: name,
      title: about,
      by: null,
      text: state === "changed" ? `${kind} ${name} was changed since` : `${kind} ${name}`,
      act: allowLine(store, words[0]),
      about: sha256 ?? state,
    }),
  );
  const { problems } = await readAgents(store);
  return [...needs, ...unreadableNeeds(problems)];
}
