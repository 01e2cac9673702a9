import type { View } from "../../store/disk/view.ts";
import type { AgentsConfig } from "../../store/open/agents/agentTypes.ts";
import type { Work } from "../work.ts";
import { removeFinished } from "../worktrees/removeFinished.ts";

/**
 * Removes the worktrees of tickets that are done or cancelled, where nothing can be lost with them; what is kept is told
 * once.
 */
export function tidier(work: Work): (view: View, config: AgentsConfig) => Promise<void> {
  let told = "";
  return async (view, config) => {
    const kept = await tidyAll(work, view, config);
    const text = `worktrees of tickets that are over: ${kept.join(", ")}`;
    if (kept.length > 0 && text !== told) work.tell({ what: "kept", text });
    told = text;
  };
}

/** What was kept, and why. */
async function tidyAll(work: Work, view: View, { base }: AgentsConfig): Promise<string[]> {
  const { removed, kept } = await removeFinished(work.store, view, base);
  for (const { ticket, name } of removed) work.tell({ what: "removed", ticket, text: `the worktree ${name}` });
  return kept.map(({ name, why }) => `${name} (${why})`);
}
