import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { workProject } from "../../store/allow/ready/workProject.ts";
import { readStore } from "../../store/disk/view.ts";
import { readAgents } from "../../store/open/agents/readAgents.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Work } from "../work.ts";
import { type Base, baseOf } from "../worktrees/baseOf.ts";
import { readStart } from "../worktrees/begun.ts";
import { gitOn } from "../worktrees/gitAt.ts";
import type { LiveRun } from "./liveRun.ts";

/** Of commits that came to the base meanwhile so many are looked at. */
const MAX_COMMITS = "1000";

/**
 * Whether commits of a run's branch are on the base already while its ticket is not done: an agent can move branches of
 * the project, and every later worktree would begin with them. Returns that as a sentence for the ticket; undefined where
 * it is not so, or git does not tell.
 */
export async function tellOnBase({ store }: Work, { record, isReview }: LiveRun): Promise<string | undefined> {
  const project = workProject(store);
  const { branch, ticket: id } = record;
  if (project === undefined || isReview || branch === undefined || record.started === undefined) return undefined;
  const view = await readStore(store);
  const ticket = view.byId.get(id);
  if (ticket === undefined || categoryOf(view.board, ticket.status) === "done") return undefined;
  const base = await baseOf(project, (await readAgents(store)).config.base).catch(() => undefined);
  const commit = base === undefined ? undefined : await ownCommitOn(project, id, branch, base);
  if (commit === undefined || base === undefined) return undefined;
  return `${base.name} has work of this ticket already (${commit.slice(0, 10)}), and nobody has accepted it: tickets that are begun now begin with it.`;
}

/** The newest commit that was made on the branch and has come to the base since the work began. */
async function ownCommitOn(project: WorkProject, id: string, branch: string, base: Base): Promise<string | undefined> {
  const git = gitOn(project);
  const start = readStart(project, id);
  if (start === undefined || base.head === start) return undefined;
  // What was merged into the branch is not of its own: the log of the branch says what was committed there.
  const log = await git(["reflog", "show", "--format=%H %gs", "-n", MAX_COMMITS, `refs/heads/${branch}`, "--"]);
  const own = new Set([...log.stdout.matchAll(/^([0-9a-f]{40,64}) commit/gm)].map(([, oid]) => oid));
  if (own.size === 0) return undefined;
  const since = await git(["rev-list", "-n", MAX_COMMITS, base.head, `^${start}`, "--"]);
  return since.stdout.split("\n").find((oid) => own.has(oid));
}
