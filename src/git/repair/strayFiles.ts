import { randomUUID } from "node:crypto";
import { linkSync, lstatSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, type Stats } from "node:fs";
import path from "node:path";
import { mapFsError } from "../disk/durable.ts";
import { namesIn, type Repository } from "../repository/repository.ts";

/** A lock or temporary file that nobody removed. */
export interface StrayFile {
  readonly file: string;
  /** Since its last change, in milliseconds. */
  readonly ageMs: number;
  /** What tells it from another that got its name. */
  readonly stamp: string;
}

/** A lock this old is not of a command that is still running, unless that waits for a person. */
export const STRAY_AFTER_MS = 10 * 60 * 1000;

const TOP_LOCKS = ["index.lock", "HEAD.lock", "ORIG_HEAD.lock"];
const COMMON_LOCKS = ["packed-refs.lock", "config.lock", "shallow.lock", "gc.pid.lock"];
/** Git's own names for them, which ours have too, and what ours were once called. */
const TEMPORARY = /^(?:tmp_(?:obj|pack|idx|rev)_\w+|tmp-[0-9a-f-]{36})$/;

/** Git's own locks that are older than ten minutes at `now` (milliseconds since 1970). */
export function strayLocks(repository: Repository, now: number): StrayFile[] {
  return old(lockFiles(repository), now);
}

/** Git's own locks that are younger than that: of a command at work, or of one that just crashed. */
export function youngLocks(repository: Repository, now: number): StrayFile[] {
  const files = lockFiles(repository);
  // What is no file locks as well, and is never taken away.
  return [...aged(files, now).filter(({ ageMs }) => ageMs <= STRAY_AFTER_MS), ...aged(files, now, false)];
}

function lockFiles({ gitDir, commonDir }: Repository): string[] {
  return [
    ...TOP_LOCKS.map((name) => path.join(gitDir, name)),
    ...COMMON_LOCKS.map((name) => path.join(commonDir, name)),
    ...filesBelow(path.join(commonDir, "refs")).filter((file) => file.endsWith(".lock")),
  ];
}

/** Temporary files in the git directory that are older than ten minutes at `now`: nothing refers to them. */
export function strayTemporaries({ gitDir, commonDir }: Repository, now: number): StrayFile[] {
  const objects = path.join(commonDir, "objects");
  const below = namesIn(objects).map((name) => path.join(objects, name));
  const folders = [gitDir, commonDir, path.join(commonDir, "info"), objects, ...below];
  const files = [...new Set(folders)].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => TEMPORARY.test(name))
      .map((name) => path.join(folder, name)),
  );
  return old(files, now);
}

/**
 * Whether a process has a file open, or a git command is running in its worktree: `git commit -a` keeps index.lock
 * closed while the message is written. Only Linux tells; elsewhere the age has to do.
 */
export function isInUse(file: string, { worktree, gitDir }: Repository): boolean {
  const inside = (dir: string): boolean =>
    dir === worktree || dir === gitDir || dir.startsWith(`${worktree}${path.sep}`);
  return isOpen(file) || processes().some((pid) => commandOf(pid) === "git" && inside(linkTarget(`/proc/${pid}/cwd`)));
}

/** Whether a process has a file open, as far as Linux tells. */
export function isOpen(file: string): boolean {
  return processes().some((pid) => {
    const folder = `/proc/${pid}/fd`;
    return namesIn(folder).some((fd) => linkTarget(`${folder}/${fd}`) === file);
  });
}

/**
 * Removes the file that was judged, and no other: one that somebody made in its place meanwhile is put back. `stateDir`
 * is where it is looked at once more, out of everybody's way.
 */
export function removeStray({ file, stamp }: StrayFile, stateDir: string): void {
  const grave = path.join(stateDir, "tmp", `stray-${randomUUID()}`);
  try {
    renameSync(file, grave);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return;
    if (code !== "EXDEV") throw mapFsError(error, file);
    if (stampOf(lstatSync(file)) === stamp) rmSync(file, { force: true });
    return;
  }
  try {
    if (stampOf(lstatSync(grave)) !== stamp) linkSync(grave, file);
  } catch (error) {
    // Who came in between has it by now.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw mapFsError(error, file);
  } finally {
    rmSync(grave, { force: true });
  }
}

function processes(): string[] {
  return namesIn("/proc").filter((name) => /^\d+$/.test(name));
}

function old(files: readonly string[], now: number): StrayFile[] {
  return aged(files, now).filter(({ ageMs }) => ageMs > STRAY_AFTER_MS);
}

/** The files that there are, with their age; one from the future, after the clock was set back, is new. */
function aged(files: readonly string[], now: number, areFiles = true): StrayFile[] {
  return files.flatMap((file) => {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    return stat?.isFile() === areFiles ? [{ file, ageMs: Math.max(0, now - stat.mtimeMs), stamp: stampOf(stat) }] : [];
  });
}

function stampOf({ ino, mtimeMs, size }: Stats): string {
  return `${ino} ${mtimeMs} ${size}`;
}

/** Every file below a folder, absolute. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function linkTarget(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return "";
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}
