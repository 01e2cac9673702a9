import { existsSync, lstatSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { ensureDir, mapFsError } from "../../git/disk/durable.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { CHECKOUT_MS, toldOfFilters } from "./addWorktree.ts";
import { type Entry, linkIn } from "./entries.ts";
import { expectGit, sentenceOf, withGitIn } from "./gitAt.ts";
import type { Opened } from "./worktree.ts";

/**
 * Brings back the files of a worktree whose folder is gone, or was being made when its maker died (`isHalfMade`: nobody
 * has worked there, so a file may be cut off and git's lock is nobody's). What was staged is in its index still and
 * comes back so.
 */
export async function restoreWorktree(
  project: WorkProject,
  { gitDir, head: at }: Pick<Entry, "gitDir" | "head">,
  dir: string,
  head: string,
  isHalfMade: boolean,
): Promise<Opened> {
  ensureDir(dir);
  if (isHalfMade) rmSync(path.join(gitDir, "index.lock"), { force: true });
  linkAgain(dir, gitDir);
  const told = await withGitIn(project, { dir, gitDir }, at.startsWith("refs/") ? at : head, async ({ run, idle }) => {
    if (!existsSync(path.join(gitDir, "index"))) await expectGit(run(["read-tree", "HEAD"]), `${dir} has no index`);
    const { stderr } = await run(["checkout-index", "-a", "-q", ...(isHalfMade ? ["-f"] : [])], {
      timeoutMs: CHECKOUT_MS,
    });
    await run(["update-index", "-q", "--refresh"]);
    const trouble = sentenceOf(stderr);
    return [...(trouble === "" ? [] : [`not all files came back: git says: ${trouble}`]), ...toldOfFilters(idle)];
  });
  rmSync(path.join(gitDir, "locked"), { force: true });
  return { dir, gitDir, head, from: "branch", told };
}

/**
 * Has a worktree's `.git` file name its git directory, whatever its agent wrote there.
 * @throws conflict where it is a repository of its own by now, which is somebody's work
 */
export function linkAgain(dir: string, gitDir: string): void {
  const link = linkIn(dir);
  if (link !== undefined && path.resolve(dir, link) === gitDir) return;
  const file = path.join(dir, ".git");
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile()) {
    const message = `${file} is no longer git's: somebody put ${stat.isDirectory() ? "a repository" : "a link"} there`;
    throw new AyoError("conflict", `${message}; nothing was changed`, { data: { dir } });
  }
  try {
    writeFileSync(file, `gitdir: ${gitDir}\n`);
  } catch (error) {
    throw mapFsError(error, file);
  }
}
