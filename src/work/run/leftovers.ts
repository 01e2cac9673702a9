import { workProject } from "../../store/allow/ready/workProject.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import type { Work } from "../work.ts";
import { commitLeftovers } from "../worktrees/leftovers.ts";
import type { LiveRun } from "./liveRun.ts";
import { logAyo } from "./logRun.ts";

/** What became of what an agent left. */
export interface KeptLeftovers {
  /** Files that were committed. */
  readonly files: readonly string[];
  /** What could not be, as sentences for the ticket. */
  readonly left: readonly string[];
}

/** Commits what an agent left in its worktree, in its name. */
export async function keepLeftovers({ store, person }: Work, { record, isReview }: LiveRun): Promise<KeptLeftovers> {
  const project = workProject(store);
  if (project === undefined || isReview || record.worktree === undefined || record.started === undefined)
    return { files: [], left: [] };
  const agent = actorOf(record.agent, store);
  const { commit, files, left } = await commitLeftovers(project, { id: record.ticket, agent, person });
  if (commit !== undefined) logAyo(store, record, `committed what was left (${files.length}): ${commit.slice(0, 12)}`);
  for (const sentence of left) logAyo(store, record, sentence);
  return {
    files: commit === undefined ? [] : files,
    left: left.map((sentence) => `Left in the worktree: ${sentence}`),
  };
}
