import { effectsOf } from "../../store/allow/kinds.ts";
import { unmatchedPatterns } from "../../store/allow/protectedPaths.ts";
import { columnPrompts, whyNoPrompt } from "../../store/open/agents/columnPrompt.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import type { Effect } from "../../store/open/effect.ts";
import type { Store } from "../../store/open/store.ts";
import type { Finding } from "../../store/repair/finding.ts";
import type { Board } from "../../ticket/rules/board.ts";
import { unreadyAgents } from "../agents/unready.ts";
import { titleOf, whyNot } from "../allow/allow.ts";

/**
 * What somebody counts on and that takes no effect: what cannot, what was changed since it was allowed, and what was
 * decided and cannot be read. What nobody has decided about yet is no damage; a clone has it all.
 */
export async function silentEffects(store: Store): Promise<Finding[]> {
  return (await known(store))
    .filter(({ state, trouble }) => ["broken", "changed"].includes(state) || (state === "new" && trouble !== undefined))
    .map((effect) => ({
      code: effect.trouble === undefined ? `${effect.kind}_${effect.state}` : "approval_unreadable",
      severity: "warning",
      path: effect.name,
      message: (whyNot(store, effect) ?? "").replace(`${titleOf(effect)} `, ""),
    }));
}

/** Prompts that columns name and that cannot be used: for a ticket in such a column nobody is started. */
export function untold(store: Store, board: Board): Finding[] {
  return columnPrompts(store, board).flatMap((prompt) => {
    const why = whyNoPrompt(prompt);
    const message = `${why}: write it, or take 'prompt:' from the column`;
    return why === undefined
      ? []
      : [{ code: "prompt_missing", severity: "warning" as const, path: "config.yml", target: prompt.column, message }];
  });
}

/** Agents that are allowed here, and could not be started. */
export async function unreadyFindings(store: Store): Promise<Finding[]> {
  const found = await unreadyAgents(store, { ask: true });
  return found.map(({ name, why }) => ({
    code: "agent_unready",
    severity: "warning",
    path: name,
    message: `cannot be started here: ${why}`,
  }));
}

/** What takes no effect, though it is no damage: URLs that nobody has decided about, and paths that nothing is at. */
export async function silentWords(store: Store): Promise<string[]> {
  const { config } = await readAgents(store);
  return [...(await newUrls(store)), ...(await unmatchedPatterns(store, config))];
}

/** URLs that nobody has decided about: they are not used, and search says so too. */
async function newUrls(store: Store): Promise<string[]> {
  const fresh = (await known(store)).filter(
    ({ kind, state, trouble }) => kind === "url" && state === "new" && !trouble,
  );
  return fresh.flatMap((effect) => whyNot(store, effect) ?? []);
}

/** What a config.yml or a pipeline that makes no sense says is told by others. */
async function known(store: Store): Promise<Effect[]> {
  return (await effectsOf(store)).filter(
    ({ problem }) => problem?.code !== "bad_config" && problem?.code !== "bad_pipeline",
  );
}
