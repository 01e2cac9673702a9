import { lstatSync } from "node:fs";
import path from "node:path";
import { readHead } from "../../git/refs/refs.ts";
import { namesIn } from "../../git/repository/repository.ts";
import type { Journal, Store } from "../open/store.ts";
import type { Finding } from "./finding.ts";

/** A lock this old is of nobody who is just writing. In milliseconds. */
const LOCK_MS = 10_000;
/** An editor that saves empties the file for a moment. */
const SAVING_MS = 200;
/** What a half-saved file looks like. */
const HALF_SAVED = ["bad_ticket", "torn_file", "empty_ticket", "bad_config"];

/**
 * Something that every change of a store changes, `busy` while somebody is at it: between two equal ones that are not
 * `busy` nobody wrote.
 */
export function pointInHistory({ dir }: Store, journal: Journal | undefined): string {
  const own = [dir, path.join(dir, "archive")].map(stampOf);
  if (journal === undefined) return own.join();
  const { repository, stateDir } = journal;
  if ([path.join(stateDir, "lock"), path.join(repository.gitDir, "index.lock")].some(isHeld)) return "busy";
  const { ref, oid } = readHead(repository);
  const records = namesIn(path.join(stateDir, "redo"));
  return JSON.stringify([...own, ref, oid, stampOf(path.join(repository.gitDir, "index")), records]);
}

/** Whether what was found may be a file that somebody is just saving. */
export function isHalfSaved({ dir }: Store, { code, path: file }: Finding): boolean {
  if (file === undefined || !HALF_SAVED.includes(code)) return false;
  const stat = lstatSync(path.join(dir, file), { throwIfNoEntry: false });
  return stat?.isFile() === true && Math.abs(Date.now() - stat.mtimeMs) < SAVING_MS;
}

function stampOf(file: string): string {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino} ${stat.mtimeMs}`;
}

function isHeld(lock: string): boolean {
  const stat = lstatSync(lock, { throwIfNoEntry: false });
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) < LOCK_MS;
}
