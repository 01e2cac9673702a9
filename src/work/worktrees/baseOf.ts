import { AyoError } from "../../error.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { headIn } from "./entries.ts";
import { gitOn, type RunGit } from "./gitAt.ts";

/** What new worktrees start from. */
export interface Base {
  /** `main`, `origin/main`, or a commit. */
  readonly name: string;
  readonly head: string;
}

/**
 * The branch that worktrees start from: the one that agents.yml names, else the remote's own, else the one that is
 * checked out in the main worktree. Of a branch here and origin's of that name it is origin's, as fetched last, unless
 * the one here has all of that; so work starts from where it is to land.
 * @throws not_found for a branch that is not there, and before the first commit
 */
export async function baseOf(project: WorkProject, wanted: string | undefined): Promise<Base> {
  const git = gitOn(project);
  if (wanted !== undefined) {
    const found = await branchNamed(git, wanted);
    if (found !== undefined) return found;
    throw notFound(project, `there is no branch '${wanted}' to start from, which agents.yml names as base`);
  }
  const remotes = await textOf(git(["symbolic-ref", "-q", "refs/remotes/origin/HEAD"]));
  const ofRemote = remotes.replace(/^refs\/remotes\/origin\//, "");
  const found = ofRemote === "" ? undefined : await branchNamed(git, ofRemote);
  if (found !== undefined) return found;
  const head = headIn(project.commonDir);
  const name = head.replace(/^refs\/heads\//, "");
  const commit = await commitAt(git, head);
  if (commit !== undefined) return newerOf(git, { name, head: commit });
  throw notFound(project, `there is no commit on ${name || "any branch"} yet to start from: make the first one`);
}

/** The newest commit that the base and another have in common; undefined where there is none, or no base. */
export async function forkOf(
  project: WorkProject,
  wanted: string | undefined,
  head: string,
): Promise<string | undefined> {
  const base = await baseOf(project, wanted).catch((error: unknown) => {
    if (!(error instanceof AyoError) || error.code !== "not_found") throw error;
    return undefined;
  });
  if (base === undefined) return undefined;
  return (await textOf(gitOn(project)(["merge-base", base.head, head]))) || undefined;
}

async function branchNamed(git: RunGit, name: string): Promise<Base | undefined> {
  const local = await commitAt(git, `refs/heads/${name}`);
  if (local !== undefined) return newerOf(git, { name, head: local });
  const remote = (await commitAt(git, `refs/remotes/${name}`)) ?? "";
  if (remote !== "") return { name, head: remote };
  const remotes = (await textOf(git(["remote"]))).split("\n").filter((one) => one !== "");
  // origin first, as git has it.
  for (const one of remotes.sort((a, b) => Number(b === "origin") - Number(a === "origin"))) {
    const head = await commitAt(git, `refs/remotes/${one}/${name}`);
    if (head !== undefined) return { name: `${one}/${name}`, head };
  }
  return undefined;
}

/** A branch here, unless it lacks something that origin's of its name has. */
async function newerOf(git: RunGit, local: Base): Promise<Base> {
  const name = `origin/${local.name}`;
  const head = await commitAt(git, `refs/remotes/${name}`);
  if (head === undefined || head === local.head) return local;
  return (await git(["merge-base", "--is-ancestor", head, local.head])).code === 0 ? local : { name, head };
}

/** The commit that a full name of a ref, or a commit's, stands for. */
export async function commitAt(git: RunGit, name: string): Promise<string | undefined> {
  if (name === "") return undefined;
  const found = await textOf(git(["rev-parse", "-q", "--verify", "--end-of-options", `${name}^{commit}`]));
  return /^[0-9a-f]{40,64}$/.test(found) ? found : undefined;
}

async function textOf(running: ReturnType<RunGit>): Promise<string> {
  const { code, stdout } = await running;
  return code === 0 ? stdout.trim() : "";
}

function notFound({ commonDir }: WorkProject, message: string): AyoError {
  return new AyoError("not_found", message, { data: { dir: commonDir } });
}
