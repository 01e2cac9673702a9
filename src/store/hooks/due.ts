import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { giveToFolder, makeFolders, writeOwned } from "../../folderOwner.ts";
import { syncDir } from "../../git/disk/durable.ts";
import { removeFile } from "../../git/disk/removeFile.ts";
import { isProvablyDead, type ProcessIdentity, processIdentity } from "../../processes.ts";
import { kept, runtimeKey } from "../open/runtime.ts";
import type { Journal, Store } from "../open/store.ts";
import { isInHook } from "./inHook.ts";

/** Commits of this process whose events have not been published. */
export const UNPUBLISHED = runtimeKey<string[]>("owed", () => []);

/** A commit whose hooks have not been fired. */
interface Due {
  /** Who is about to fire them; null: whoever comes next. */
  readonly owner: ProcessIdentity | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What was not fired by then is forgotten: a hook that comes a day late is worse than none. */
const FORGET_MS = 24 * 60 * 60 * 1000;
/** Claims are kept longer than anything that could still ask for them. */
const KEEP_CLAIMS_MS = 2 * FORGET_MS;
/** Of so many claims one looks for old ones. */
const SWEEP_EVERY = 64;

/**
 * Notes that a commit's hooks are to be fired, before its redo record goes: if this process dies, another can tell
 * that they were not. Call it with the store's lock held. What a hook commits for others (their crashed or deferred
 * changes) is left to whoever comes next.
 */
export function markDue(store: Store, journal: Journal, commit: string): void {
  const inHook = isInHook(store);
  const { pid, request } = store.host;
  if (request !== undefined) request.due.push(commit);
  else if (!inHook) kept(store, UNPUBLISHED).push(commit);
  const owner = inHook ? null : processIdentity(request?.pid ?? pid);
  const due: Due = { owner, at: store.host.now() };
  try {
    makeFolders(folderOf(journal, "due"));
    writeOwned(path.join(folderOf(journal, "due"), commit), JSON.stringify(due));
  } catch {
    // Only a crash would have needed it.
  }
}

/** Commits that nobody will fire any more, oldest first: those of dead processes and of hooks. */
export function orphans(store: Store, journal: Journal): string[] {
  if (isInHook(store)) return [];
  const found: { commit: string; at: number }[] = [];
  for (const commit of namesIn(folderOf(journal, "due"))) {
    const due = readDue(journal, commit);
    if (due === undefined || kept(store, UNPUBLISHED).includes(commit)) continue;
    if (store.host.now() - due.at > FORGET_MS) settle(journal, commit);
    else if (due.owner === null || isProvablyDead(due.owner)) found.push({ commit, at: due.at });
  }
  return found.sort((left, right) => left.at - right.at).map(({ commit }) => commit);
}

/**
 * Takes the right to fire a commit's hooks: true for one caller ever, in whatever process, and before anything runs.
 * @throws when the claim cannot be written; then nothing may run
 */
export function claim(journal: Journal, commit: string): boolean {
  const folder = folderOf(journal, "fired");
  makeFolders(folder);
  try {
    const handle = openSync(path.join(folder, commit), "wx");
    giveToFolder(handle, path.join(folder, commit));
    fsyncSync(handle);
    closeSync(handle);
    syncDir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Forgets that a commit's hooks are to be fired. */
export function settle(journal: Journal, commit: string): void {
  rmSync(path.join(folderOf(journal, "due"), commit), { force: true });
  if (Number.parseInt(commit.slice(0, 8), 16) % SWEEP_EVERY === 0) sweepClaims(journal);
}

function sweepClaims(journal: Journal): void {
  const folder = folderOf(journal, "fired");
  for (const name of namesIn(folder)) {
    const stat = statSync(path.join(folder, name), { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > KEEP_CLAIMS_MS) removeFile(path.join(folder, name));
  }
}

/** One that a crash tore belongs to nobody; undefined where it was fired a moment ago. */
function readDue(journal: Journal, commit: string): Due | undefined {
  const file = path.join(folderOf(journal, "due"), commit);
  const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (at === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Due;
  } catch {
    return { owner: null, at };
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function folderOf({ stateDir }: Journal, name: "due" | "fired"): string {
  return path.join(stateDir, "hooks", name);
}
