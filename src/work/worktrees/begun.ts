import { rmSync } from "node:fs";
import path from "node:path";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { writePrivate } from "../../store/open/writePrivate.ts";

/** Copied files by their names from the top, each with a fingerprint of what was in it. */
export type Sums = ReadonlyMap<string, string>;

const MAX_BYTES = 1024 * 1024;

/**
 * The commit of the base that the work on a ticket began at, as ayo saw it before any agent was there: refs are the
 * agents' to move. Undefined where ayo made no worktree for it.
 */
export function readStart(project: WorkProject, id: string): string | undefined {
  const start = textOf(fileOf(project, id, "start"))?.trim();
  return start !== undefined && /^[0-9a-f]{40,64}$/.test(start) ? start : undefined;
}

/**
 * Keeps where work began. What is known stays, also where the branch is made anew: an agent may have removed it.
 * @throws disk_full, store_not_writable
 */
export function writeStart(project: WorkProject, id: string, start: string): void {
  if (readStart(project, id) === undefined) writePrivate(fileOf(project, id, "start"), `${start}\n`);
}

/** The files that were copied from the project when the work began; undefined where nobody wrote that down. */
export function readCopies(project: WorkProject, id: string): Sums | undefined {
  const text = textOf(fileOf(project, id, "copies.json"));
  if (text === undefined) return undefined;
  try {
    return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Keeps what was copied when the work began; what is known stays.
 * @throws disk_full, store_not_writable
 */
export function writeCopies(project: WorkProject, id: string, wanted: readonly string[], sums: Sums): void {
  if (wanted.length === 0 || readCopies(project, id) !== undefined) return;
  writePrivate(fileOf(project, id, "copies.json"), `${JSON.stringify(Object.fromEntries(sums))}\n`);
}

/** Forgets how work began, once its branch is gone because all of it is in the base. */
export function forgetBegun(project: WorkProject, id: string): void {
  for (const name of ["start", "copies.json"] as const) rmSync(fileOf(project, id, name), { force: true });
}

function textOf(file: string): string | undefined {
  const read = readStoreFile(file, { limit: MAX_BYTES });
  return read === undefined || read instanceof Unread ? undefined : read.bytes.toString("utf8");
}

function fileOf({ stateDir }: WorkProject, id: string, name: "start" | "copies.json"): string {
  return path.join(stateDir, "worktrees", id, name);
}
