import path from "node:path";
import { AyoError } from "../../error.ts";
import { removeFile } from "../../git/disk/removeFile.ts";
import { isProvablyDead, type ProcessIdentity, processIdentity } from "../../processes.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { writePrivate } from "../../store/open/writePrivate.ts";

/** How long a git is waited for that goes on after the ayo that started it. */
const WAIT_MS = 30_000;

/** Does `work`, which is told how to write down the git that makes a worktree: it may outlive this process. */
export async function withMaker<T>(
  project: WorkProject,
  name: string,
  work: (onStart: (pid: number) => void) => Promise<T>,
): Promise<T> {
  const file = makerFile(project, name);
  try {
    return await work((pid) => writePrivate(file, `${JSON.stringify(processIdentity(pid))}\n`));
  } finally {
    removeFile(file);
  }
}

/**
 * Waits until no git is at work on a worktree that a process began to make which is gone by now.
 * @throws store_busy
 */
export async function makerGone(project: WorkProject, name: string): Promise<void> {
  const file = makerFile(project, name);
  const limit = performance.now() + WAIT_MS;
  for (let maker = read(file); maker !== undefined && !isProvablyDead(maker); maker = read(file)) {
    if (performance.now() > limit) {
      const message = `git (process ${maker.pid}) has been making the worktree of ${name} for more than 30 s`;
      throw new AyoError("store_busy", message, { data: { pid: maker.pid } });
    }
    await new Promise((next) => setTimeout(next, 50));
  }
  removeFile(file);
}

function read(file: string): ProcessIdentity | undefined {
  const found = readStoreFile(file, { limit: 10_000 });
  if (found === undefined || found instanceof Unread) return undefined;
  try {
    const maker = JSON.parse(found.bytes.toString("utf8")) as ProcessIdentity;
    // Where nothing can be proven, nobody is waited for.
    return maker.bootId === "" ? undefined : maker;
  } catch {
    return undefined;
  }
}

function makerFile({ stateDir }: WorkProject, name: string): string {
  return path.join(stateDir, "worktrees", name, "maker.json");
}
