import { accessSync, constants, lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import { discoverRepository, mainWorktree } from "../../../git/repository/repository.ts";
import { holdsProject, isPlainlyStore } from "../../../git/repository/storeRepository.ts";
import type { Host } from "../../../host.ts";
import { isValidId } from "../../../ticket/ids.ts";
import { whyNotMine } from "../owner.ts";
import { absolutePath, ayoHome } from "./home.ts";
import { existsEven, isStoreName, judgeDirectory, judgeMissing, STORE_NAME } from "./judgeDirectory.ts";

/** How the user names a store; all absent means the session of the working directory. */
export interface StoreChoice {
  readonly dir?: string;
  readonly global?: boolean;
  readonly session?: string;
}

/** Where a store is, or would be made. */
export interface Location {
  /** Absolute, with links followed. */
  readonly dir: string;
  /** The same as it was named or found; its last part may be a link. */
  readonly named: string;
  readonly source: "dir" | "global" | "named" | "session";
  readonly exists: boolean;
  /** Why nothing can be read or made there. */
  readonly refusal?: AyoError;
  /** Where there is no store: why one that was found is not it. */
  readonly passedOver?: AyoError;
}

/**
 * Finds the store: `--dir` or TICKETS_DIR, `--global`, `--session` or
 * AYO_SESSION, else the nearest `.tickets` up to the worktree's top, then beside the repository's common
 * directory, then further up, passing over directories of other users.
 */
export function locateStore(choice: StoreChoice, host: Host): Location {
  const named = [choice.dir !== undefined, choice.global === true, choice.session !== undefined].filter(Boolean);
  if (named.length > 1) throw new AyoError("bad_usage", "--dir, --global and --session exclude each other");
  if (choice.global) return fixed(path.join(ayoHome(host), "tickets"), "global");
  if (choice.session !== undefined) return fixed(sessionDir(choice.session, host), "named");
  if (choice.dir !== undefined) return inDirectory(absolutePath(choice.dir, "--dir", host), host);
  if (host.env.TICKETS_DIR) return inDirectory(fromVariable(host.env.TICKETS_DIR, host), host);
  if (host.env.AYO_SESSION) return fixed(sessionDir(host.env.AYO_SESSION, host), "named");
  return sessionOf(host);
}

function sessionDir(name: string, host: Host): string {
  if (!isValidId(name)) {
    throw new AyoError("bad_usage", `session '${name}' is not a name: use letters, digits, '.', '_' and '-'`);
  }
  return path.join(ayoHome(host), "sessions", name, ".tickets");
}

/** A variable stays while the working directory changes: a relative one is also looked for further up. */
function fromVariable(text: string, host: Host): string {
  const here = absolutePath(text, "TICKETS_DIR", host);
  if (path.isAbsolute(text) || text.startsWith("~") || existsEven(here)) return here;
  const top = discoverRepository(host.cwd)?.worktree;
  const above = top === undefined ? [] : ancestors(host.cwd, top).map((dir) => path.resolve(dir, text));
  return above.find(existsEven) ?? here;
}

/** What `--dir` or TICKETS_DIR stands for. */
function inDirectory(named: string, host: Host): Location {
  assertWorkingDirectory(named, host);
  const found = lookAt(named);
  if (found === undefined) return { ...judgeMissing(real(named)), named, source: "dir", exists: false };
  const around = (): string | undefined => {
    const session = sessionOf({ ...host, cwd: found });
    return session.exists ? session.dir : undefined;
  };
  const { kind, dir } = judgeDirectory({ named, dir: found, around });
  if (dir !== found) return fixed(dir, "dir");
  const refusal = whyNotMine(found, host);
  const location = { dir, named, source: "dir", exists: kind === "store" } as const;
  return refusal === undefined ? location : { ...location, refusal };
}

/** A store whose place is ayo's own to choose. */
function fixed(named: string, source: Location["source"]): Location {
  const dir = lookAt(named);
  return { dir: dir ?? named, named, source, exists: dir !== undefined };
}

/**
 * The real path of a directory, undefined where there is nothing.
 * @throws no_store for a file and for a link to nothing, store_not_writable for what may not be read
 */
function lookAt(named: string): string | undefined {
  try {
    const stat = statSync(named, { throwIfNoEntry: false });
    if (stat === undefined) {
      const link = linkTarget(named);
      if (link === undefined) return undefined;
      throw noStore(named, `${named} is a link to ${link}, where nothing is`);
    }
    if (!stat.isDirectory()) throw noStore(named, `${named} is a file; a store is a directory`);
    accessSync(named, constants.R_OK | constants.X_OK);
    return realpathSync(named);
  } catch (error) {
    const file = (error as NodeJS.ErrnoException).code === "ENOTDIR" ? above(named) : undefined;
    if (file !== undefined) throw noStore(named, `${named} cannot be: ${file} is a file`, error);
    const known = mapFsError(error, path.join(named, "any"));
    if (known instanceof AyoError) throw known;
    throw noStore(named, `${named} cannot be looked at: ${(error as Error).message}`, error);
  }
}

/** The file that stands where one of the directories above a name would have to be. */
function above(named: string): string | undefined {
  return ancestors(path.dirname(named)).find((dir) => {
    try {
      return !statSync(dir).isDirectory();
    } catch {
      return false;
    }
  });
}

function linkTarget(file: string): string | undefined {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(file) : undefined;
}

function noStore(dir: string, message: string, cause?: unknown): AyoError {
  return new AyoError("no_store", message, { data: { dir }, cause });
}

/** @throws no_store where a name is to be understood from a working directory that was removed */
function assertWorkingDirectory(named: string, { cwd }: Host): void {
  const isBelow = named === cwd || named.startsWith(path.join(cwd, path.sep));
  if (isBelow && !isDirectory(cwd))
    throw noStore(cwd, `the working directory ${cwd.replace(/ ?\(deleted\)$/, "")} is gone: go to one that is there`);
}

function sessionOf(host: Host): Location {
  assertWorkingDirectory(host.cwd, host);
  const cwd = real(host.cwd);
  const repository = discoverRepository(cwd);
  const top = repository?.worktree ?? cwd;
  const beside = repository === undefined ? undefined : mainWorktree(repository);
  const near = nearest(ancestors(cwd, top), host);
  if (near.exists !== undefined) return near.exists;
  // Someone who stands in a store of another name means that one.
  if (repository !== undefined && isPlainlyStore(repository) && !holdsProject(repository) && !isStoreName(top))
    return { ...inDirectory(top, host), source: "session" };
  const far = nearest([...(beside === undefined ? [] : [beside]), ...ancestors(path.dirname(top))], host);
  if (far.exists !== undefined) return far.exists;
  const named = path.join(repository === undefined ? cwd : (beside ?? repository.worktree), STORE_NAME);
  const location: Location = { dir: named, named, source: "session", exists: false };
  const passedOver = near.passedOver ?? far.passedOver;
  const refusal = whyNothingFits(named, host);
  return {
    ...location,
    ...(passedOver === undefined ? {} : { passedOver }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** What a row of directories has. */
interface Nearest {
  readonly exists?: Location;
  /** Why the nearest one that is another user's is not it. */
  readonly passedOver?: AyoError;
}

/** The first directory that has a `.tickets` of the user's. */
function nearest(directories: readonly string[], host: Host): Nearest {
  let passedOver: AyoError | undefined;
  for (const directory of directories) {
    const named = path.join(directory, STORE_NAME);
    if (!isDirectory(named)) continue;
    const refusal = whyNotMine(named, host);
    if (refusal === undefined) return { exists: { dir: real(named), named, source: "session", exists: true } };
    passedOver ??= refusal;
  }
  return passedOver === undefined ? {} : { passedOver };
}

/** Why no store can be made at a place where none was found: something else has the name. */
function whyNothingFits(named: string, host: Host): AyoError | undefined {
  try {
    const dir = lookAt(named);
    return dir === undefined ? undefined : whyNotMine(dir, host);
  } catch (error) {
    if (error instanceof AyoError) return error;
    throw error;
  }
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

/** A directory that cannot be looked at is none of ours. */
function isDirectory(dir: string): boolean {
  try {
    return statSync(dir, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

function real(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    return dir;
  }
}
