import { lstatSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { namesIn, readFile } from "../../git/repository/repository.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";

/** What the project's git knows of one linked worktree. */
export interface Entry {
  /** Its private git directory. */
  readonly gitDir: string;
  /** Its folder, whether or not that is there. */
  readonly dir: string;
  /** `refs/heads/…`, or a commit; whoever works there may have written anything. */
  readonly head: string;
  /** Why it is locked, "" without a reason; undefined when it is not. */
  readonly locked: string | undefined;
}

/** All linked worktrees of a project. */
export function entriesOf({ commonDir }: Pick<WorkProject, "commonDir">): Entry[] {
  const folder = path.join(commonDir, "worktrees");
  return namesIn(folder).flatMap((name) => {
    const gitDir = path.join(folder, name);
    const link = readFile(path.join(gitDir, "gitdir")).trim();
    if (!isRealFolder(gitDir) || link === "") return [];
    const dir = realParent(path.dirname(path.resolve(gitDir, link)));
    return [{ gitDir, dir, head: headIn(gitDir), locked: lockOf(gitDir) }];
  });
}

/** What a git directory's HEAD says: a ref's name or a commit, "" where it says nothing. */
export function headIn(gitDir: string): string {
  return readFile(path.join(gitDir, "HEAD"))
    .trim()
    .replace(/^ref:\s*/, "");
}

/**
 * The entry of a folder. Whoever works in another worktree may say in its private git directory that it lies here: of
 * several, the folder's own `.git` file decides.
 */
export function entryAt(project: WorkProject, dir: string): Entry | "several" | undefined {
  const real = realParent(dir);
  const here = entriesOf(project).filter((entry) => entry.dir === real);
  if (here.length < 2) return here[0];
  const link = linkIn(dir);
  const named = here.filter(({ gitDir }) => link !== undefined && path.resolve(dir, link) === gitDir);
  return named.length === 1 ? named[0] : "several";
}

/** What the `.git` file of a worktree says; undefined where it is no such file. */
export function linkIn(dir: string): string | undefined {
  const file = path.join(dir, ".git");
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  return /^gitdir: (.*?)\s*$/s.exec(readFile(file))?.[1];
}

/** Whether a path is a directory itself and no link to one. */
export function isRealFolder(dir: string): boolean {
  return lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Whether nothing lies in a folder. */
export function isEmpty(dir: string): boolean {
  return readdirSync(dir).length === 0;
}

function lockOf(gitDir: string): string | undefined {
  const file = path.join(gitDir, "locked");
  return lstatSync(file, { throwIfNoEntry: false }) === undefined ? undefined : readFile(file).trim();
}

/** A path with the links above its last part followed. */
function realParent(dir: string): string {
  try {
    return path.join(realpathSync(path.dirname(dir)), path.basename(dir));
  } catch {
    // Its folder is gone, and with it every link on the way.
    return dir;
  }
}
