import { lstatSync, utimesSync } from "node:fs";
import path from "node:path";
import { writeOwned } from "../../../folderOwner.ts";
import type { Host } from "../../../host.ts";
import { latestOf, type Replaced, replacedFiles, replacedNames, timeOf } from "./replaced.ts";

/** More than so many replaced files are not all looked at by each change. */
const MANY = 100;
/** All of them are once in this time, whoever changes something; in milliseconds. */
const EVERY_MS = 1_000;
/** By each change those that were replaced no longer ago than this. */
const LATEST_MS = 2_000;

/** Until when this process need not look at all of a store's, by performance.now(). */
const spared = new Map<string, number>();

/** The replaced files that a change looks at, oldest first, and how many there are where these are all. */
export interface ToLookAt {
  readonly files: readonly Replaced[];
  readonly all?: number;
}

/** What a change looks at; `wanted` is asked by the kept name. */
export function replacedToLookAt(stateDir: string, host: Host, wanted: (name: string) => boolean): ToLookAt {
  const since = host.now() - LATEST_MS;
  if (performance.now() < (spared.get(stateDir) ?? 0))
    return { files: latestOf(stateDir, since).filter(({ name }) => wanted(name)) };
  const names = replacedNames(stateDir);
  if (names.length > MANY && isLookedAt(stateDir, host)) {
    const latest = names.filter((name) => !(timeOf(name) < since));
    return { files: replacedFiles(stateDir, wanted, latest) };
  }
  return { files: replacedFiles(stateDir, wanted, names), all: names.length };
}

/** Whether somebody has looked at all of them just now. */
function isLookedAt(stateDir: string, host: Host): boolean {
  const stat = lstatSync(markOf(stateDir), { throwIfNoEntry: false });
  const ago = host.now() - (stat?.mtimeMs ?? 0);
  return ago >= 0 && ago < EVERY_MS;
}

/** All of them were looked at, and so many are left: where those are many, others need not do so at once. */
export function noteLook(stateDir: string, host: Host, left: number): void {
  if (left <= MANY) return;
  spared.set(stateDir, performance.now() + EVERY_MS);
  const mark = markOf(stateDir);
  const now = host.now() / 1000;
  try {
    if (lstatSync(mark, { throwIfNoEntry: false }) === undefined) writeOwned(mark, "");
    utimesSync(mark, now, now);
  } catch {
    // The next change looks at all of them, too.
  }
}

function markOf(stateDir: string): string {
  return path.join(stateDir, "replaced.looked");
}
