import { existsSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { createExclusive } from "../../../git/disk/durable.ts";
import { type Repository, readFile } from "../../../git/repository/repository.ts";
import { isRunning } from "../../../processes.ts";

/** So long git believes a lock of another machine, and we a lock that names nobody. */
const BELIEVED_MS = 12 * 60 * 60 * 1000;

/**
 * Does what removes objects that lie elsewhere as well while no `git gc` does the same: each would rely on the copy that
 * the other one removes. By git's own lock, `gc.pid`, so that a `git gc` meanwhile says that one is at it already.
 * Undefined where somebody is at it.
 * @throws disk_full, store_not_writable, and whatever `work` throws
 */
export function unlessGc<T>({ gitDir, commonDir }: Repository, pid: number, work: () => T): T | undefined {
  const file = path.join(commonDir, "gc.pid");
  const mine = Buffer.from(`${pid} ${hostname()}`);
  // `git maintenance` has a lock of its own over tasks that are no gc.
  if (isYoung(path.join(commonDir, "objects", "maintenance.lock")) || isHeld(file)) return undefined;
  // What was left by one that died, and no lock that came meanwhile.
  if (existsSync(file) && !isHeld(file)) rmSync(file, { force: true });
  if (!createExclusive(file, mine, path.join(gitDir, "ayo", "tmp"))) return undefined;
  try {
    return work();
  } finally {
    if (readFile(file) === mine.toString()) rmSync(file, { force: true });
  }
}

/** As git judges it: see lock_repo_for_gc in its builtin/gc.c. */
function isHeld(file: string): boolean {
  const [, pid, host] = /^(\d+) (\S+)/.exec(readFile(file)) ?? [];
  if (pid === undefined || !isYoung(file)) return false;
  return host !== hostname() || isRunning(Number(pid));
}

function isYoung(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs <= BELIEVED_MS;
}
