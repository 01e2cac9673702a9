import { lstatSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { discoverRepository, mainWorktree } from "../git/repository.ts";
import type { Host } from "../host.ts";
import { isValidId } from "../ticket/ids.ts";

/** How the user names a store; all absent means the session of the working directory. */
export interface StoreChoice {
  readonly dir?: string;
  readonly global?: boolean;
  readonly session?: string;
}

/** Where a store is, or would be made. */
export interface Location {
  /** Absolute. */
  readonly dir: string;
  readonly source: "dir" | "global" | "named" | "session";
  readonly exists: boolean;
}

/**
 * Finds the store (design.md section 2, amendment 15): `--dir` or TICKETS_DIR, `--global`, `--session` or
 * AYO_SESSION, else the nearest `.tickets` up to the worktree's top, then beside the repository's common
 * directory, then further up, passing over directories of other users.
 */
export function locateStore(choice: StoreChoice, host: Host): Location {
  const named = [choice.dir !== undefined, choice.global === true, choice.session !== undefined].filter(Boolean);
  if (named.length > 1) throw new AyoError("bad_usage", "--dir, --global and --session exclude each other");
  if (choice.global) return at(path.join(ayoHome(host), "tickets"), "global");
  if (choice.session !== undefined) return at(sessionDir(choice.session, host), "named");
  const dir = choice.dir ?? host.env.TICKETS_DIR;
  if (dir !== undefined && dir !== "") return at(path.resolve(host.cwd, dir), "dir");
  if (host.env.AYO_SESSION) return at(sessionDir(host.env.AYO_SESSION, host), "named");
  return sessionOf(host);
}

/** `AYO_HOME`, else the platform's data directory for ayo. */
export function ayoHome(host: Host): string {
  const { env, home, platform } = host;
  if (env.AYO_HOME) return path.resolve(host.cwd, env.AYO_HOME);
  if (platform === "win32") return path.join(env.LOCALAPPDATA ?? path.join(home, "AppData", "Local"), "ayo");
  if (platform === "darwin") return path.join(home, "Library", "Application Support", "ayo");
  return path.join(env.XDG_DATA_HOME || path.join(home, ".local", "share"), "ayo");
}

function sessionDir(name: string, host: Host): string {
  if (!isValidId(name)) {
    throw new AyoError("bad_usage", `session '${name}' is not a name: use letters, digits, '.', '_' and '-'`);
  }
  return path.join(ayoHome(host), "sessions", name, ".tickets");
}

function sessionOf(host: Host): Location {
  const cwd = real(host.cwd);
  const repository = discoverRepository(cwd);
  const top = repository?.worktree ?? cwd;
  const beside = repository === undefined ? undefined : mainWorktree(repository);
  const candidates = [
    ...ancestors(cwd, top),
    ...(beside === undefined ? [] : [beside]),
    ...ancestors(path.dirname(top)),
  ];
  for (const directory of candidates) {
    const dir = path.join(directory, ".tickets");
    if (isDirectory(dir) && isOurs(dir, host)) return { dir: real(dir), source: "session", exists: true };
  }
  const home = repository === undefined ? cwd : (beside ?? repository.worktree);
  return { dir: path.join(home, ".tickets"), source: "session", exists: false };
}

function ancestors(from: string, last?: string): string[] {
  const found = [from];
  let directory = from;
  while (directory !== last && path.dirname(directory) !== directory) {
    directory = path.dirname(directory);
    found.push(directory);
  }
  return found;
}

function at(dir: string, source: Location["source"]): Location {
  const exists = isDirectory(dir);
  if (!exists && lstatSync(dir, { throwIfNoEntry: false })?.isFile()) {
    throw new AyoError("no_store", `${dir} is a file; a store is a directory`);
  }
  return { dir: exists ? real(dir) : dir, source, exists };
}

function isOurs(dir: string, host: Host): boolean {
  if (host.uid === undefined || host.uid === 0) return true;
  const { uid } = statSync(dir);
  return uid === host.uid;
}

function isDirectory(dir: string): boolean {
  return statSync(dir, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function real(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    return dir;
  }
}
