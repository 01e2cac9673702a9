import type { AgentEntry } from "../../store/open/agents/agentTypes.ts";
import type { Store } from "../../store/open/store.ts";
import { allRuns, type RunRecord } from "../../store/runs/record.ts";
import { adapterOf } from "../adapters/adapters.ts";

/**
 * The last run of an agent on a ticket whose session can be gone on with here; undefined where there is none. Runs that were lost
 * before they had a worktree never came to their session, and say nothing of it.
 */
export function lastRunOf(store: Store, ticket: string, { name, adapter }: AgentEntry): RunRecord | undefined {
  if (!adapterOf(adapter).resumes) return undefined;
  const runs = allRuns(store, ticket).filter(
    (run) => run.agent === name && run.adapter === adapter && run.worktree !== undefined,
  );
  const [last] = runs.sort((one, other) => other.n - one.n);
  return last?.session === undefined ? undefined : last;
}
