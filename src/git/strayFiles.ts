import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { namesIn, type Repository } from "./repository.ts";

/** A lock or temporary file that nobody removed. */
export interface StrayFile {
  readonly file: string;
  /** Since its last change, in milliseconds. */
  readonly ageMs: number;
}

/** A lock this old is not of a command that is still running, unless that waits for a person. */
export const STRAY_AFTER_MS = 10 * 60 * 1000;

const TOP_LOCKS = ["index.lock", "HEAD.lock", "ORIG_HEAD.lock"];
const COMMON_LOCKS = ["packed-refs.lock", "config.lock", "shallow.lock", "gc.pid.lock"];
/** Git's own names for them, which ours have too, and what ours were once called. */
const TEMPORARY = /^(?:tmp_(?:obj|pack|idx|rev)_\w+|tmp-[0-9a-f-]{36})$/;

/** Git's own locks that are older than ten minutes at `now` (milliseconds since 1970). */
export function strayLocks({ gitDir, commonDir }: Repository, now: number): StrayFile[] {
  const files = [
    ...TOP_LOCKS.map((name) => path.join(gitDir, name)),
    ...COMMON_LOCKS.map((name) => path.join(commonDir, name)),
    ...filesBelow(path.join(commonDir, "refs")).filter((file) => file.endsWith(".lock")),
  ];
  return old(files, now);
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
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      const folder = `/proc/${pid}/fd`;
      if (namesIn(folder).some((fd) => linkTarget(`${folder}/${fd}`) === file)) return true;
      return commandOf(pid) === "git" && inside(linkTarget(`/proc/${pid}/cwd`));
    });
}

function old(files: readonly string[], now: number): StrayFile[] {
  return files.flatMap((file) => {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    const ageMs = stat?.isFile() ? now - stat.mtimeMs : 0;
    return ageMs > STRAY_AFTER_MS ? [{ file, ageMs }] : [];
  });
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
