import type { AgentEntry } from "../../../src/store/open/agents/agentTypes.ts";
import type { Launching } from "../../../src/work/adapters/adapter.ts";

/** An agent of agents.yml, as far as its start needs it. */
export function entryOf(over: Partial<AgentEntry> & Pick<AgentEntry, "adapter">): AgentEntry {
  const rest = { roles: [], max: 1, access: "edit", limits: {}, env: [], wrap: [], line: 1 } as const;
  return { name: "@coder", command: [over.adapter], ...rest, ...over };
}

/** What a program is started for, in a linked worktree beside the project /p. */
export function launchingOf(entry: AgentEntry, over: Partial<Launching> = {}): Launching {
  return {
    entry,
    dir: "/p.work/pro-1",
    storeDir: "/p/.tickets",
    gitDirs: ["/p/.git/worktrees/pro-1", "/p/.git/objects", "/p/.git/refs", "/p/.git/logs"],
    session: "6f1c1f0e-0000-4000-8000-000000000001",
    isResumed: false,
    ayo: ["/usr/bin/node", "/opt/ayo.cjs"],
    own: { AYO_RUN: "run-1", AYO_AGENT: "@coder", AYO_CLAIM: "secret-token", TICKETS_DIR: "/p/.tickets" },
    runDir: "/home/me/.ayo/runs/x/pro-1/1",
    ...over,
  };
}
