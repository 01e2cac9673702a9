import { existsSync } from "node:fs";
import * as v from "valibot";
import { readStore, type View } from "../../store/disk/view.ts";
import { actorOf } from "../../store/open/identity.ts";
import { type WorktreeAgent, worktreeAgents } from "../../store/open/worktreeAgents.ts";
import { reviewerOf } from "../../ticket/rules/authors.ts";
import { isHeld } from "../../ticket/rules/claim.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { compareReady } from "../../ticket/rules/readiness.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { action, writeOptions } from "../input/action.ts";

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
    const held = view?.tickets.filter(
      (ticket) => ticket.fields.claimedBy === name && isHeld(ticket, view.now) && isAtWork(view, ticket),
    );
    return {
      actor: { name, agent },
      holds: (held ?? [])
        .sort(compareReady)
        .map(({ id, title, fields }) => ({ id, title, until: fields.lease ?? null })),
      agents: worktreeAgents(store),
    };
  },
});

/** Whether the claim of a ticket is that of somebody who works on it now, or reviews it. */
function isAtWork({ board }: View, ticket: Ticket): boolean {
  const category = categoryOf(board, ticket.status);
  return category === "active" || (category === "review" && reviewerOf(ticket) !== undefined);
}
