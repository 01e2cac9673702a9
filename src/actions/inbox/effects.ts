import { existsSync } from "node:fs";
import path from "node:path";
import { effectsOf } from "../../store/allow/kinds.ts";
import { HOOKS_FOLDER } from "../../store/hooks/findHooks.ts";
import { AGENTS_FILE } from "../../store/open/agents/agentTypes.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import { allowLine } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";
import { PIPELINES_FOLDER } from "../../ticket/pipeline/pipeline.ts";
import { unreadyAgents } from "../agents/unready.ts";
import { spentRoots } from "../delegation/rootBudget.ts";
import type { Looked, Need } from "./item.ts";
import { unreadableNeeds } from "./states.ts";

/**
 * What does not take effect on this machine until a person looks: agents that nobody decided about, and whatever was
 * changed since it was allowed; and an agents.yml of which nothing is in force.
 */
export async function effectNeeds(store: Store): Promise<Need[]> {
  const isThere = (name: string): boolean => existsSync(path.join(store.dir, name));
  if (![AGENTS_FILE, HOOKS_FOLDER, PIPELINES_FOLDER].some(isThere)) return [];
  const effects = await effectsOf(store);
  const open = effects.filter(
    ({ kind, state }) => state === "changed" || (state === "new" && (kind === "agent" || kind === "pipeline")),
  );
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
  // What cannot be read in agents.yml itself has lines of its own.
  const gone = effects.flatMap(({ kind, name, problem }) =>
    kind === "agent" && problem?.code === "not_found" ? [{ name, why: problem.message }] : [],
  );
  const { problems } = await readAgents(store);
  return [...needs, ...gone.map(unreadyNeed), ...(await unreadyNeeds(store)), ...unreadableNeeds(problems)];
}

/** Agents that are allowed and cannot be started, as lines. */
async function unreadyNeeds(store: Store): Promise<Need[]> {
  return (await unreadyAgents(store, { ask: false })).map(unreadyNeed);
}

/** Roots below which nothing more is started, since their runs have cost what they may. */
export function spentNeeds({ store, view }: Pick<Looked, "store" | "view">): Need[] {
  return spentRoots(store, view).map(({ root: { id, title }, why }) => {
    const act = ["ayo", "ticket", "tree", id];
    return { key: `${id}:cost`, kind: "unready", id, title, by: null, text: why, act, about: why };
  });
}

function unreadyNeed({ name, why }: { readonly name: string; readonly why: string }): Need {
  const act = ["ayo", "work", "--dry-run"];
  return { key: `${name}:unready`, kind: "unready", id: name, title: name, by: null, text: why, act, about: why };
}
