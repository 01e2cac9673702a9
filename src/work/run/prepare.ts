import { AyoError } from "../../error.ts";
import { inheritedBy, secretsIn } from "../../store/allow/environment.ts";
import { workProject } from "../../store/allow/ready/workProject.ts";
import type { AgentEntry, AgentsConfig } from "../../store/open/agents/agentTypes.ts";
import { type RunRecord, runFile } from "../../store/runs/record.ts";
import type { Work } from "../work.ts";
import { openWorktree } from "../worktrees/openWorktree.ts";
import { prepareWorktree } from "../worktrees/prepareWorktree.ts";
import { reviewWorktree } from "../worktrees/reviewWorktree.ts";
import type { Worktree } from "../worktrees/worktree.ts";
import { ownVariables } from "./environment.ts";
import { logAyo } from "./logRun.ts";

/** Where a program is started. */
export interface Prepared {
  readonly dir: string;
  readonly gitDirs: readonly string[];
  /** Values that are struck from what is written about the run. */
  readonly secrets: readonly string[];
  /** What its record says of it. */
  readonly known: Pick<RunRecord, "worktree" | "branch" | "head">;
}

/** Set-up that takes longer has gone wrong. In milliseconds. */
const SETUP_MS = 30 * 60_000;

/**
 * Opens the worktree of a run's ticket, and has it set up where it is new.
 * @throws bad_config where the set-up fails, and what opening a worktree throws
 */
export async function prepare(
  work: Work,
  record: RunRecord,
  entry: AgentEntry,
  config: AgentsConfig,
): Promise<Prepared> {
  const { store, person } = work;
  const project = workProject(store);
  const worktree = await open(work, record, config);
  const env = {
    ...inheritedBy(store.host, entry.env),
    ...ownVariables(record, { storeDir: store.dir, person }),
    PWD: worktree.dir,
  };
  const secrets = secretsIn(store.host.env);
  for (const sentence of worktree.told) logAyo(store, record, sentence);
  const { dir, gitDirs, branch, head } = worktree;
  const known = {
    worktree: dir,
    ...(branch === undefined ? {} : { branch }),
    ...(head === undefined ? {} : { head }),
  };
  if (project === undefined) return { dir, gitDirs, secrets, known };
  const setup = config.setup === undefined ? undefined : { command: config.setup, env, ...limits(work, record) };
  const prepared = await prepareWorktree(project, worktree, { copy: config.copy, setup });
  for (const sentence of prepared.told) logAyo(store, record, sentence);
  if (prepared.failure !== undefined) throw new AyoError("bad_config", prepared.failure);
  return { dir, gitDirs, secrets: [...secrets, ...prepared.secrets], known };
}

function limits({ store }: Work, record: RunRecord) {
  const { platform } = store.host;
  return { logFile: runFile(store, record, "setup.log"), timeoutMs: SETUP_MS, platform };
}

function open(work: Work, { ticket: id, agent, isReview }: RunRecord, config: AgentsConfig): Promise<Worktree> {
  return isReview
    ? reviewWorktree(work.store, { id, agent })
    : openWorktree(work.store, { id, base: config.base, agent });
}
