import { lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import { isInUse, type StrayFile, youngLocks } from "../../git/repair/strayFiles.ts";
import { isProvablyDead, type ProcessIdentity } from "../../processes.ts";
import { formatDuration } from "../../ticket/time.ts";
import { readHolder } from "../change/lock/card.ts";
import { isAbandoned } from "../files/signature.ts";
import type { Journal, Store } from "../open/store.ts";
import type { StoreFinding } from "./finding.ts";

/** Whoever is just writing has given a lock back after this long. In milliseconds. */
const PATIENCE_MS = 1_000;
const STEP_MS = 50;

/** Locks that are held now, of the store and of git, and that who holds them did not give back while we looked. */
export async function checkLocks(store: Store, journal: Journal): Promise<StoreFinding[]> {
  let held = heldLocks(store, journal);
  for (const deadline = performance.now() + PATIENCE_MS; held.size > 0 && performance.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    const now = heldLocks(store, journal);
    held = new Map([...held].filter(([key]) => now.has(key)));
  }
  return [...held.values()].map((tell) => ({ finding: tell() }));
}

/** By what tells one taking of a lock from another: what is to be said of it, should it last. */
function heldLocks(store: Store, journal: Journal): Map<string, () => StoreFinding["finding"]> {
  const { repository, stateDir } = journal;
  const found = new Map<string, () => StoreFinding["finding"]>();
  const lock = lstatSync(path.join(stateDir, "lock"), { throwIfNoEntry: false });
  const holder = readHolder(stateDir);
  // What dead processes left is found and mended as leftovers are.
  if (lock !== undefined && holder !== undefined && holder.pid !== store.host.pid && !isProvablyDead(holder)) {
    const key = `lock ${lock.ino} ${holder.pid} ${holder.startTime}`;
    found.set(key, () => storeLocked(holder, store.host.now() - lock.birthtimeMs));
  }
  for (const stray of youngLocks(repository, store.host.now())) {
    if (isAbandoned(stray.file)) continue;
    const { ino, mtimeMs } = lstatSync(stray.file, { throwIfNoEntry: false }) ?? { ino: 0, mtimeMs: 0 };
    found.set(`${stray.file} ${ino} ${mtimeMs}`, () => gitLocked(journal, stray));
  }
  return found;
}

function storeLocked(holder: ProcessIdentity, age: number): StoreFinding["finding"] {
  const { state, command } = processOf(holder.pid);
  const who = `process ${holder.pid}${command === "" ? "" : ` (${command})`}`;
  const since = age > 0 ? ` for ${formatDuration(age)}` : "";
  const common = { code: "store_locked", severity: "warning", path: "ayo/lock" } as const;
  if (state === "T" || state === "t") {
    const message = `${who} holds the store's lock${since} and is stopped: 'kill -CONT ${holder.pid}' lets it go on, and other commands wait for it or take the lock over`;
    return { ...common, message };
  }
  return { ...common, message: `${who} has held the store's lock${since}: every command that writes waits for it` };
}

function gitLocked({ repository }: Journal, { file, ageMs }: StrayFile): StoreFinding["finding"] {
  const where = path.relative(repository.commonDir, file).split(path.sep).join("/");
  const age = `${formatDuration(ageMs)} old`;
  const message = isInUse(file, repository)
    ? `${age}, and a git command is at work: changes are saved, and committed when it is done`
    : `${age}, and no process has it: git refuses to write, and commits wait; delete it if no git command is running (after 10 minutes --fix does)`;
  return { code: "git_lock", severity: "warning", path: where, message };
}

/** What Linux tells of a process: R, S, D, T (stopped), and its name; "" elsewhere, and of one that is gone. */
function processOf(pid: number): { readonly state: string; readonly command: string } {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return { state: "", command: "" };
  }
  const end = stat.lastIndexOf(")");
  return { state: stat[end + 2] ?? "", command: stat.slice(stat.indexOf("(") + 1, end) };
}
