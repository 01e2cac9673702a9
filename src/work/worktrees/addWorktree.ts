import { rmdirSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { ensureDir, writeDurable } from "../../git/disk/durable.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { baseOf, commitAt } from "./baseOf.ts";
import { entriesOf, entryAt } from "./entries.ts";
import { idleFilters } from "./filters.ts";
import { expectGit, gitFailed, gitOn, withGitIn } from "./gitAt.ts";
import { withMaker } from "./maker.ts";
import { fillSubmodules } from "./submodules.ts";
import type { Opened } from "./worktree.ts";

/** How long checking out may take. */
export const CHECKOUT_MS = 10 * 60_000;

/** Makes a worktree: on its branch where that is there, else on a new one from the base. */
export async function addWorktree(
  project: WorkProject,
  dir: string,
  branch: string,
  wantedBase: string | undefined,
): Promise<Opened> {
  const git = gitOn(project);
  const ref = `refs/heads/${branch}`;
  if ((await git(["symbolic-ref", "-q", ref])).code === 0) {
    const message = `${branch} stands for another branch, which is not an agent's to move; nothing was changed`;
    throw new AyoError("conflict", message, { data: { branch } });
  }
  const before = await commitAt(git, ref);
  const head = before ?? (await baseOf(project, wantedBase)).head;
  if (before !== undefined) return add(project, { dir, head, words: [dir, branch], from: "branch", made: undefined });
  makeFolder(path.dirname(dir));
  // Made by ourselves and only where there is none: what is undone below is ours.
  const making = git(["update-ref", "-m", "branch: Created by ayo", ref, head, "0".repeat(head.length)]);
  await expectGit(making, `the branch ${branch} could not be made`).catch((error: unknown) => {
    removeEmpty(path.dirname(dir));
    throw error;
  });
  return add(project, { dir, head, words: [dir, branch], from: "base", made: { ref, head } });
}

/** Makes a worktree that is on no branch. */
export function addDetached(project: WorkProject, dir: string, head: string): Promise<Opened> {
  return add(project, { dir, head, words: ["--detach", dir, head], from: "branch", made: undefined });
}

interface Adding {
  readonly dir: string;
  readonly head: string;
  /** For `git worktree add`. */
  readonly words: readonly string[];
  readonly from: "base" | "branch";
  /** The branch that is made with it. */
  readonly made: { readonly ref: string; readonly head: string } | undefined;
}

async function add(project: WorkProject, { dir, head, words, from, made }: Adding): Promise<Opened> {
  const git = gitOn(project);
  makeFolder(path.dirname(dir));
  // What comes from the base is what its people have in their own worktrees; a branch of an agent's is its own.
  const { idle, settings } = from === "base" ? { idle: [], settings: [] } : await idleFilters(git);
  const run = gitOn(project, settings);
  const args = ["worktree", "add", "--quiet", ...words];
  const result = await withMaker(project, path.basename(dir), (onStart) =>
    run(args, { timeoutMs: CHECKOUT_MS, onStart }),
  );
  if (result.code !== 0) {
    await undo(project, dir, made);
    throw gitFailed(result, `the worktree ${dir} could not be made`);
  }
  const entry = entryAt(project, dir);
  if (entry === undefined || entry === "several")
    throw new AyoError("internal", `git made ${dir} and does not know it`);
  const { gitDir } = entry;
  const told = [...(await fillSubmodules(project, { dir, gitDir }, from)), ...toldOfFilters(idle)];
  return { dir, gitDir, head, from, told };
}

/**
 * Moves a detached worktree to another commit. Files that are in the way of it are kept, and it is not moved then.
 * @throws conflict
 */
export async function moveDetached(project: WorkProject, opened: Opened, head: string): Promise<Opened> {
  const { dir, gitDir, head: before } = opened;
  if (before === head) return opened;
  const told = await withGitIn(project, { dir, gitDir }, before, async ({ run, idle }) => {
    await run(["update-index", "-q", "--refresh"]);
    const moving = run(["read-tree", "-m", "-u", before, head], { timeoutMs: CHECKOUT_MS });
    await expectGit(moving, `${dir} cannot be moved to ${head.slice(0, 10)}`);
    writeDurable(path.join(gitDir, "HEAD"), Buffer.from(`${head}\n`), { tmpDir: gitDir });
    return toldOfFilters(idle);
  });
  return { ...opened, head, told: [...opened.told, ...told] };
}

/** The sentence for filters that did not run. */
export function toldOfFilters(idle: Iterable<string>): string[] {
  const names = [...idle];
  if (names.length === 0) return [];
  return [`filters that an agent's branch could misuse were not run on it: ${names.join(", ")}`];
}

/** What git left of a worktree that could not be made: folders of ours that are empty, and the branch where it was new. */
async function undo(project: WorkProject, dir: string, made: Adding["made"]): Promise<void> {
  for (const folder of [dir, path.dirname(dir)]) removeEmpty(folder);
  if (made === undefined || entriesOf(project).some(({ head }) => head === made.ref)) return;
  // Only as it was made: with a commit on it, it is somebody's.
  await gitOn(project)(["update-ref", "--no-deref", "-d", made.ref, made.head]);
}

/** Removes a folder where nothing is in it. */
export function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(code)) throw error;
  }
}

function makeFolder(folder: string): void {
  try {
    ensureDir(folder);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const code = error instanceof AyoError ? error.code : "store_not_writable";
    const message = `the folder for agents' worktrees ${folder} cannot be made beside the project: ${why}`;
    throw new AyoError(code, message, { cause: error, data: { dir: folder } });
  }
}
