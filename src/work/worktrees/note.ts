import { rmSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { lockStore } from "../../store/change/lock/lock.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { writePrivate } from "../../store/open/writePrivate.ts";

/** A file that setup or copy made or changed, as they left it. */
export interface MadeFile {
  /** From the worktree's top, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** What ayo knows of a worktree, kept where its agent cannot write. */
export interface WorktreeNote {
  readonly gitDir: string;
  /** Set-up and copies are done. */
  readonly isPrepared: boolean;
  readonly made: readonly MadeFile[];
}

const MAX_BYTES = 16 * 1024 * 1024;

/** What is known of the worktree of a ticket; what cannot be read is not known, and set-up is done again. */
export function readNote(project: WorkProject, id: string, gitDir: string): WorktreeNote | undefined {
  const read = readStoreFile(noteFile(project, id), { limit: MAX_BYTES });
  if (read === undefined || read instanceof Unread) return undefined;
  try {
    const note = JSON.parse(read.bytes.toString("utf8")) as WorktreeNote;
    return note.gitDir === gitDir && Array.isArray(note.made) ? note : undefined;
  } catch {
    return undefined;
  }
}

/** @throws disk_full, store_not_writable */
export function writeNote(project: WorkProject, id: string, note: WorktreeNote): void {
  writePrivate(noteFile(project, id), `${JSON.stringify(note)}\n`);
}

function noteFile({ stateDir }: WorkProject, id: string): string {
  return path.join(stateDir, "worktrees", id, "note.json");
}

/**
 * Does `work` while no other process of this machine's user does anything with the worktree of the same ticket.
 * @throws store_busy after 30 seconds
 */
export async function withWorktreeLock<T>(project: WorkProject, id: string, work: () => Promise<T>): Promise<T> {
  const lock = await lockStore(path.dirname(noteFile(project, id)), project.host).catch((error: unknown) => {
    if (!(error instanceof AyoError) || error.code !== "store_busy") throw error;
    const message = `another process has been at the worktree of ${id} for more than 30 s`;
    throw new AyoError("store_busy", message, { cause: error, data: { id } });
  });
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** Forgets what was known of a worktree that is gone. */
export function forgetNote(project: WorkProject, id: string): void {
  rmSync(noteFile(project, id), { force: true });
}
