import path from "node:path";
import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import { joinWorktree, leaveWorktree, type WorktreeAgent } from "../../store/open/identity/worktreeAgents.ts";
import type { Store } from "../../store/open/store.ts";
import { action, optionalText, writeOptions } from "../input/action.ts";

/** Nothing was changed. */
export interface DryRun {
  readonly dryRun?: true;
}

/** `ayo agents join [@name]`: commands in this linked worktree are the agent's from now on. */
export const agentsJoin = action({
  name: "agents join",
  summary: "Name the agent of this linked worktree",
  writes: true,
  input: v.object({
    name: optionalText("@coder-3; a known harness's or @agent, with the worktree's name"),
    dryRun: writeOptions.dryRun,
  }),
  run: async (store, input): Promise<WorktreeAgent & DryRun> => {
    const wanted = input.name ?? usualName(store);
    // The rules for names are those of --as.
    const agent = joinWorktree(store, actorOf(wanted, store).name, input.dryRun);
    return input.dryRun ? { ...agent, dryRun: true } : agent;
  },
});

/** What `agents leave` answers: the name that the worktree had, null where it had none. */
export interface Left {
  readonly name: string | null;
}

/** `ayo agents leave`. */
export const agentsLeave = action({
  name: "agents leave",
  summary: "Take the agent's name from this linked worktree",
  writes: true,
  input: v.object({ dryRun: writeOptions.dryRun }),
  run: async (store, { dryRun }): Promise<Left & DryRun> => ({
    name: leaveWorktree(store, dryRun) ?? null,
    ...(dryRun ? { dryRun: true } : {}),
  }),
});

function usualName(store: Store): string {
  const { name, agent } = actorOf(undefined, store);
  if (agent) return name;
  const worktree = path.basename(store.host.cwd).replaceAll(/[^A-Za-z0-9._-]/g, "-");
  if (worktree === "") throw new AyoError("bad_usage", "agents join: the name is missing");
  return `@agent-${worktree}`;
}
