import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { makeFolders } from "../../folderOwner.ts";
import { mapFsError } from "../../git/disk/durable.ts";
import { isTracked } from "../../git/refs/branches.ts";
import {
  assertSupported,
  discoverRepository,
  openRepository,
  type Repository,
  unsupported,
} from "../../git/repository/repository.ts";
import { isPlainlyStore, isStoreRepository } from "../../git/repository/storeRepository.ts";
import { currentHost, type Host } from "../../host.ts";
import { readGitMode } from "./config/config.ts";
import type { Index } from "./entry.ts";
import { foreignGit } from "./locate/judgeDirectory.ts";
import { assertNotLeftOut } from "./locate/leftOutStore.ts";
import { type Location, locateStore, type StoreChoice } from "./locate/locate.ts";
import { whyNotMine } from "./owner.ts";
import type { Runtime } from "./runtime.ts";
import { sharedStore } from "./sharedStore.ts";

/** The repository that journals a store, and where in it the store lies. */
export interface Journal {
  /** `own`: `.tickets/.git`; `inline`: the project's repository and its current branch. */
  readonly mode: "own" | "inline";
  readonly repository: Repository;
  /** The store's directory from the repository's top with `/`; "" for an own repository. */
  readonly prefix: string;
  /** Lock, caches, redo records and logs; inside the git directory. */
  readonly stateDir: string;
}

/** A path of the store as the repository knows it. */
export function inRepository({ prefix }: Pick<Journal, "prefix">, file: string): string {
  return prefix === "" ? file : `${prefix}/${file}`;
}

/** One directory of tickets. `journal` is undefined until a first write gives the directory a repository. */
export interface Store {
  readonly dir: string;
  /** The same as it was named or found: a link where the store lies elsewhere. */
  readonly named: string;
  readonly source: Location["source"];
  readonly host: Host;
  journal: Journal | undefined;
  /** What this process last read; validated against the disk at every use. */
  index: Index | undefined;
  /** What else this process keeps of it, room by room. */
  readonly runtime: Runtime;
}

/** There is no store; noStore.ts knows whether others have tickets for the place. */
export class NoStore extends AyoError {
  readonly place: { readonly dir: string; readonly host: Host };

  constructor({ dir }: Location, choice: StoreChoice, host: Host) {
    super("no_store", `no ticket store at ${dir}`, { try: initLine(choice) });
    this.place = { dir, host };
  }
}

/**
 * Opens the store that `choice` names, or the session's.
 * @throws NoStore where there is none, no_store for what cannot be one, git_unsupported
 */
export function openStore(choice: StoreChoice = {}, host: Host = currentHost()): Store {
  const location = locateStore(choice, host);
  if (!location.exists) {
    const why = location.refusal ?? location.passedOver;
    if (why === undefined) assertNotLeftOut(location.dir);
    throw why ?? new NoStore(location, choice, host);
  }
  return storeAt(location, host);
}

/**
 * The store at a location that may not exist yet; nothing is written.
 * @throws no_store where something else is there, store_not_owned, store_not_writable, git_unsupported
 */
export function storeAt(location: Location, host: Host): Store {
  if (location.refusal !== undefined) throw location.refusal;
  const open = sharedStore(host);
  if (open !== undefined) return open.dir === location.dir ? open : (host.request?.refuse() ?? open);
  if (location.exists) assertOpen(location.dir, host);
  const journal = location.exists ? findJournal(location.dir) : undefined;
  if (journal !== undefined) assertMine(journal.repository, host);
  return { ...unopened(location, host), journal };
}

/** A store of which nothing was looked at: to decide whether it may be. */
export function unopened({ dir, named, source }: Pick<Location, "dir" | "named" | "source">, host: Host): Store {
  return {
    dir,
    named,
    source,
    host,
    journal: undefined,
    index: undefined,
    runtime: new Map(),
  };
}

/** @throws store_not_owned, store_not_writable for a directory that may not be read */
function assertOpen(dir: string, host: Host): void {
  const refusal = whyNotMine(dir, host);
  if (refusal !== undefined) throw refusal;
  try {
    accessSync(dir, constants.R_OK | constants.X_OK);
  } catch (error) {
    throw mapFsError(error, path.join(dir, "any"));
  }
}

/** @throws store_not_owned: what lies in another user's git directory decides what git does */
function assertMine({ gitDir, worktree }: Repository, host: Host): void {
  const refusal = whyNotMine(gitDir, host, worktree);
  if (refusal !== undefined) throw refusal;
}

/**
 * The repository that journals `dir` today, or undefined where it has none.
 * @throws no_store where a repository lies in it that is not ayo's, git_unsupported
 */
export function findJournal(dir: string): Journal | undefined {
  const own = openRepository(dir);
  if (own !== undefined) {
    assertSupported(own);
    if (!isStoreRepository(own)) throw foreignGit({ named: dir, dir, around: () => undefined }, own);
    return { mode: "own", repository: own, prefix: "", stateDir: path.join(own.gitDir, "ayo") };
  }
  const outer = discoverRepository(path.dirname(dir));
  if (outer === undefined) return undefined;
  const prefix = path.relative(outer.worktree, dir).split(path.sep).join("/");
  if (prefix === "" || prefix.startsWith("..") || !(wantsInline(dir) || isTracked(outer, prefix))) return undefined;
  // What lies in another store is no part of that one.
  if (isPlainlyStore(outer)) return undefined;
  return inlineJournal(outer, prefix);
}

/** A journal that commits into the project's current branch. */
export function inlineJournal(repository: Repository, prefix: string): Journal {
  assertSupported(repository);
  if (repository.bare) throw unsupported(repository.commonDir, "no worktree (a bare repository)");
  const stateDir = path.join(repository.gitDir, "ayo", prefix.replaceAll("/", "+"));
  return { mode: "inline", repository, prefix, stateDir };
}

/** Makes the directories that hold a journal's private state. */
export function prepareState(journal: Journal): void {
  try {
    makeFolders(path.join(journal.stateDir, "tmp"));
    makeFolders(path.join(journal.stateDir, "redo"));
  } catch (error) {
    throw mapFsError(error, journal.stateDir);
  }
}

function wantsInline(dir: string): boolean {
  return existsSync(path.join(dir, "config.yml")) && readGitMode(dir) === "inline";
}

function initLine(choice: StoreChoice): readonly string[] {
  if (choice.dir !== undefined) return ["ayo", "init", "--dir", choice.dir];
  if (choice.global) return ["ayo", "init", "--global"];
  return choice.session === undefined ? ["ayo", "init"] : ["ayo", "init", "--session", choice.session];
}
