import { lstatSync, renameSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { removeEmpty } from "./addWorktree.ts";
import { type Base, baseOf, commitAt } from "./baseOf.ts";
import { forgetBegun } from "./begun.ts";
import { changesIn } from "./changes.ts";
import { entryAt, isEmpty, isRealFolder } from "./entries.ts";
import { expectGit, gitOn, type RunGit, withGitIn } from "./gitAt.ts";
import { forgetNote, withWorktreeLock } from "./note.ts";
import { type Standing, standingOf } from "./standing.ts";
import { branchOf, isReviewName } from "./worktree.ts";

/** What became of a worktree that is not needed any more. */
export interface CleanedUp {
  /** Whether there is no worktree now. */
  readonly isRemoved: boolean;
  /** Whether there is no branch now. */
  readonly isBranchDeleted: boolean;
  /** Why something was kept, a sentence. */
  readonly why: string | undefined;
}

/**
 * Removes the worktree of a ticket, or of its review, where nothing can be lost with it: no file changed or is new (but
 * ignored ones), and its commits are in the base or on a remote. The branch goes where it is merged into the base.
 */
export async function cleanUp(project: WorkProject, name: string, base: string | undefined): Promise<CleanedUp> {
  return withWorktreeLock(project, name, async () => {
    try {
      return await cleanUpHere(project, name, base);
    } catch (error) {
      return kept((error as Error).message);
    }
  });
}

/** Why the worktree of a ticket would be kept; undefined where it would go, or there is none. Changes nothing. */
export async function whyNotCleanedUp(
  project: WorkProject,
  name: string,
  wanted: string | undefined,
): Promise<string | undefined> {
  const base = await baseOf(project, wanted).catch(() => undefined);
  const place = await placeOf(project, name, path.join(project.folder, name));
  return place === undefined || typeof place === "string" ? place : whyKept(project, place, base);
}

async function cleanUpHere(project: WorkProject, name: string, wantedBase: string | undefined): Promise<CleanedUp> {
  const dir = path.join(project.folder, name);
  bringBack(project, dir);
  const base = await baseOf(project, wantedBase).catch(() => undefined);
  const place = await placeOf(project, name, dir);
  if (typeof place === "string") return kept(place);
  if (place !== undefined) {
    const { entry, ref } = place;
    const why = await whyKept(project, place, base);
    if (why !== undefined) return kept(why);
    if (isRealFolder(dir)) {
      const trouble = await removeFolder(project, { dir, entry, ref });
      if (trouble !== undefined) return kept(trouble);
    }
    removeEntry(project, entry.gitDir);
    forgetNote(project, name);
  }
  await rm(goneName(dir), ALL);
  removeEmpty(project.folder);
  if (isReviewName(name)) return removed(true);
  const done = await deleteBranch(project, branchOf(name), base);
  if (done.isBranchDeleted) forgetBegun(project, name);
  return done;
}

/** The worktree as it stands; undefined where there is none, a sentence where it is not to be touched. */
async function placeOf(project: WorkProject, name: string, dir: string): Promise<Standing | string | undefined> {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  const entry = entryAt(project, dir);
  if (entry === "several") return `more than one worktree of the project says that it is in ${dir}`;
  if (entry?.locked !== undefined) return `${dir} is locked${entry.locked === "" ? "" : `: ${entry.locked}`}`;
  if (stat !== undefined) return standingOf(project, name);
  if (entry === undefined) return undefined;
  const ref = isReviewName(name) ? entry.head : `refs/heads/${branchOf(name)}`;
  return entry.head === ref ? { dir, entry, ref } : `${dir} is gone, and it was not on ${branchOf(name)}`;
}

const ALL = { recursive: true, force: true } as const;

/** Why a worktree cannot go; undefined where nothing would be lost. */
async function whyKept(project: WorkProject, { dir, entry, ref }: Standing, base: Base | undefined) {
  const { gitDir } = entry;
  const isThere = isRealFolder(dir);
  const why = await withGitIn(project, { dir: isThere ? dir : gitDir, gitDir }, ref, async ({ run }) => {
    if (isThere) return (await dirty(dir, run)) ?? (await hidden(dir, run));
    const staged = await run(["diff-index", "--cached", "--quiet", "HEAD", "--"]);
    return staged.code === 0 ? undefined : `the files of ${dir} are gone, but not what was staged there`;
  });
  if (why !== undefined) return why;
  const git = gitOn(project);
  const head = await commitAt(git, ref);
  // Its branch was deleted, by somebody who meant that.
  if (head === undefined) return undefined;
  const isSafe =
    ref === head ? await isNamed(git, head) : (await isMerged(git, head, base)) || (await isPushed(git, head));
  if (isSafe) return undefined;
  const where = base === undefined ? "" : `in ${base.name} nor `;
  return ref === head
    ? `${dir} is on a commit that is on no branch`
    : `${ref.replace("refs/heads/", "")} has commits that are neither ${where}on a remote${base === undefined ? ", and there is no base" : ""}`;
}

async function dirty(dir: string, run: RunGit): Promise<string | undefined> {
  const changes = await changesIn(run);
  if (changes.length === 0) return undefined;
  const names = changes.slice(0, 3).map((change) => change.path);
  return `${dir} has files that are not committed: ${names.join(", ")}${changes.length > 3 ? ", …" : ""}`;
}

/** Work that git does not show: files that it was told to take for unchanged, and submodules, which are repositories. */
async function hidden(dir: string, run: RunGit): Promise<string | undefined> {
  const text = await expectGit(run(["ls-files", "-z", "-v", "-s"]), "the worktree's files cannot be listed");
  for (const line of text.split("\0")) {
    const [, tag = "", mode = "", name = ""] = /^(.) (\d+) \S+ \d\t(.*)$/s.exec(line) ?? [];
    const file = path.join(dir, name);
    const isThere = name !== "" && lstatSync(file, { throwIfNoEntry: false }) !== undefined;
    if (isThere && (/[a-z]/.test(tag) || tag === "S")) return `${file} is marked so that git does not look at it`;
    if (mode === "160000" && isRealFolder(file) && !isEmpty(file)) return `${file} is a submodule with files in it`;
  }
  return undefined;
}

async function isMerged(git: RunGit, head: string, base: Base | undefined): Promise<boolean> {
  return base !== undefined && (await git(["merge-base", "--is-ancestor", head, base.head])).code === 0;
}

async function isPushed(git: RunGit, head: string): Promise<boolean> {
  return contains(git, head, "refs/remotes");
}

async function isNamed(git: RunGit, head: string): Promise<boolean> {
  return contains(git, head, "refs/heads", "refs/remotes", "refs/tags");
}

async function contains(git: RunGit, head: string, ...where: string[]): Promise<boolean> {
  const { stdout } = await git(["for-each-ref", "--count=1", "--format=%(refname)", "--contains", head, ...where]);
  return stdout.trim() !== "";
}

/** Removes the folder: out of everybody's way first, so that what somebody writes meanwhile is seen. */
async function removeFolder(project: WorkProject, { dir, entry, ref }: Standing): Promise<string | undefined> {
  const gone = goneName(dir);
  await rm(gone, ALL);
  renameSync(dir, gone);
  let why: string | undefined;
  try {
    why = await withGitIn(project, { dir: gone, gitDir: entry.gitDir }, ref, ({ run }) => dirty(dir, run));
  } catch (error) {
    why = (error as Error).message;
  }
  if (why !== undefined) renameSync(gone, dir);
  return why;
}

/** A folder that was moved out of the way by a process that ended before it was done. */
function bringBack(project: WorkProject, dir: string): void {
  const gone = goneName(dir);
  if (!isRealFolder(gone) || lstatSync(dir, { throwIfNoEntry: false }) !== undefined) return;
  if (entryAt(project, dir) !== undefined) renameSync(gone, dir);
}

function goneName(dir: string): string {
  return path.join(path.dirname(dir), `.gone-${path.basename(dir)}`);
}

function removeEntry({ commonDir }: WorkProject, gitDir: string): void {
  rmSync(gitDir, ALL);
  removeEmpty(path.join(commonDir, "worktrees"));
}

/** Deletes a branch as `git branch -d` does where the base is checked out: only when it is merged. */
async function deleteBranch(project: WorkProject, branch: string, base: Base | undefined): Promise<CleanedUp> {
  const git = gitOn(project);
  if ((await commitAt(git, `refs/heads/${branch}`)) === undefined) return removed(true);
  if (base === undefined) return removed(false, `${branch} is kept: there is no base that it could be merged into`);
  const { commonDir, top } = project;
  const place = { dir: top ?? commonDir, gitDir: commonDir };
  const { code, stderr } = await withGitIn(project, place, base.head, ({ run }) => run(["branch", "-q", "-d", branch]));
  if (code === 0) return removed(true);
  const said = /not fully merged/.test(stderr) ? `it is not merged into ${base.name}` : stderr.trim();
  return removed(false, `${branch} is kept: ${said}`);
}

function removed(isBranchDeleted: boolean, why?: string): CleanedUp {
  return { isRemoved: true, isBranchDeleted, why };
}

function kept(why: string): CleanedUp {
  return { isRemoved: false, isBranchDeleted: false, why };
}
