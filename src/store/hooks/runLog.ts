import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { appendOwned, makeFolders } from "../../folderOwner.ts";
import { arePlainFolders } from "../files/plainFolder.ts";
import type { Journal } from "../open/store.ts";

/** One run of a hook, as the run log has it. */
export interface HookRun {
  /** ISO time of its start. */
  readonly at: string;
  readonly hook: string;
  readonly event: string;
  readonly eventId: string;
  readonly ticket: string;
  /** Null when a signal ended it, or it was never started. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Why it could not be started. */
  readonly error: string | null;
  readonly ms: number;
  /** What it printed; of a long output the beginning and the end. */
  readonly output: string;
}

/** A part of the log that is longer gets a successor, in bytes; so many parts are kept. */
const PART_BYTES = 512 * 1024;
const PARTS = 4;

/** Appends a run. A log that cannot be written is no reason to fail: the run is told to who caused it. */
export function logRun(journal: Journal, run: HookRun): void {
  const folder = folderOf(journal);
  try {
    makeFolders(folder);
    const parts = partsOf(folder);
    const last = parts.at(-1);
    const size = last === undefined ? 0 : (statSync(path.join(folder, last), { throwIfNoEntry: false })?.size ?? 0);
    const isFull = last === undefined || size > PART_BYTES;
    // New parts get new names, so that of two processes that begin one none takes the other's away.
    const part = isFull ? `${run.at.replaceAll(/\D/g, "")}.jsonl` : last;
    // A line that a crash tore must not swallow this one.
    appendOwned(path.join(folder, part), `${isFull ? "" : "\n"}${JSON.stringify(run)}`);
    if (isFull) for (const old of parts.slice(0, 1 - PARTS)) rmSync(path.join(folder, old), { force: true });
  } catch {
    // Disk full, or the git directory is read-only now.
  }
}

/** The last `limit` runs, newest first, and how many there are. */
export function readRuns(journal: Journal, limit: number): { readonly runs: HookRun[]; readonly total: number } {
  const folder = folderOf(journal);
  const lines = partsOf(folder).flatMap((part) => readLines(path.join(folder, part)));
  return { runs: lines.slice(Math.max(0, lines.length - limit)).reverse(), total: lines.length };
}

/** Parts of the log in which nothing was written since a moment, as paths. */
export function oldParts(journal: Journal, before: number): string[] {
  const folder = folderOf(journal);
  if (!arePlainFolders(path.dirname(folder), folder)) return [];
  const files = partsOf(folder).map((part) => path.join(folder, part));
  return files.filter((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? before) < before);
}

function readLines(file: string): HookRun[] {
  try {
    return readFileSync(file, "utf8").split("\n").flatMap(parseLine);
  } catch {
    return [];
  }
}

/** A line that a crash or a full disk tore is passed over. */
function parseLine(line: string): HookRun[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as HookRun];
  } catch {
    return [];
  }
}

function partsOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .sort();
  } catch {
    return [];
  }
}

function folderOf({ stateDir }: Journal): string {
  return path.join(stateDir, "hooks", "log");
}
