import { existsSync } from "node:fs";
import * as v from "valibot";
import { readStore } from "../../store/disk/view.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import { type WorktreeAgent, worktreeAgents } from "../../store/open/identity/worktreeAgents.ts";
import { action, writeOptions } from "../input/action.ts";
import { heldBy } from "../lifecycle/claims/held.ts";

/** Who the caller is for ayo, what it holds, and who the others are. */
export interface Whoami {
  readonly actor: { readonly name: string; readonly agent: boolean };
  readonly holds: readonly { readonly id: string; readonly title: string; readonly until: string | null }[];
  /** The agents that joined worktrees of this repository. */
  readonly agents: readonly WorktreeAgent[];
}

/** `ayo agents whoami`. */
export const agentsWhoami = action({
  name: "agents whoami",
  summary: "Say who you are, what you hold and who else has a worktree",
  writes: false,
  input: v.object({ as: writeOptions.as }),
  run: async (store, input): Promise<Whoami> => {
    const { name, agent } = actorOf(input.as, store);
    const view = existsSync(store.dir) ? await readStore(store) : undefined;
    const held = view === undefined ? [] : heldBy(view, name);
    return {
      actor: { name, agent },
      holds: held.map(({ id, title, fields }) => ({ id, title, until: fields.lease ?? null })),
      agents: worktreeAgents(store),
    };
  },
});
