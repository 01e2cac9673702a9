import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { makeFolders, writeOwned } from "../../folderOwner.ts";
import { mapFsError } from "../../git/disk/durable.ts";
import { branchTracking } from "../../git/refs/branches.ts";
import { ensureExcluded } from "../../git/repository/exclude.ts";
import { initRepository } from "../../git/repository/initRepository.ts";
import { assertSupported, discoverRepository, type Repository } from "../../git/repository/repository.ts";
import { isStoreRemains } from "../../git/repository/storeRepository.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import { CONFIG_HEADER, MAX_CONFIG_BYTES } from "./config/config.ts";
import { CONFIG_FILE } from "./config/values.ts";
import { existsEven, foreignGit } from "./locate/judgeDirectory.ts";
import { assertCheckedOut } from "./locate/leftOutStore.ts";
import { ownDriver, useDriver } from "./mergeDriver.ts";
import { findJournal, inlineJournal, type Journal, type Store } from "./store.ts";
import { newStoreId, ownPrefix } from "./storeId.ts";

/** What a new store may be asked to be. */
export interface NewStore {
  readonly inline?: boolean;
  readonly prefix?: string;
  /** What is to be in it comes from elsewhere: nothing is written. */
  readonly joins?: boolean;
}

/**
 * Gives a directory its journal: finds it, or makes a repository of its own (or, inline, the project's). A
 * directory that did not exist gets a config.yml; one that did keeps every byte. Safe to call again at any time.
 * @throws no_store where a branch tracks the directory, store_not_writable, git_unsupported
 */
export async function createJournal(store: Store, wanted: NewStore = {}): Promise<Journal> {
  const found = existsSync(store.dir) ? findJournal(store.dir) : undefined;
  if (found !== undefined) return found;
  assertReadable(store.dir);
  const outer = discoverRepository(path.dirname(store.dir));
  const prefix = outer === undefined ? "" : relative(outer, store.dir);
  if (outer !== undefined && prefix !== "") assertCheckedOut(outer, prefix);
  if (wanted.inline) return createInline(store, outer, prefix, wanted);
  if (outer !== undefined) await refuseTracked(outer, prefix);
  if (existsEven(path.join(store.dir, ".git")) && !isStoreRemains(store.dir))
    throw foreignGit({ named: store.named, dir: store.dir, around: () => undefined }, undefined);
  hideFromProject(store);
  makeDirectory(store.dir, wanted.joins ? undefined : await configText(store.dir, wanted));
  const repository = writable(store.dir, () => initRepository(store.dir, ownDriver()));
  assertSupported(repository);
  return { mode: "own", repository, prefix: "", stateDir: path.join(repository.gitDir, "ayo") };
}

/** Which journal a directory wants is in its config.yml: what cannot be read is not guessed. */
function assertReadable(dir: string): void {
  const read = readStoreFile(path.join(dir, CONFIG_FILE), { limit: MAX_CONFIG_BYTES });
  if (!(read instanceof Unread)) return;
  throw new AyoError("bad_config", `${CONFIG_FILE} must be read before the first change: ${read.message}`, {
    data: { path: CONFIG_FILE },
  });
}

async function createInline(
  store: Store,
  outer: Repository | undefined,
  prefix: string,
  wanted: NewStore,
): Promise<Journal> {
  if (outer === undefined || prefix === "") {
    throw new AyoError("bad_usage", `${path.dirname(store.dir)} is in no git repository that could hold the tickets`);
  }
  const journal = inlineJournal(outer, prefix);
  makeDirectory(store.dir, `git: inline\n${await configText(store.dir, wanted)}`);
  await useDriver(journal);
  return journal;
}

/** Seen: git checkout overwrites, then deletes, excluded files that another branch tracks. */
async function refuseTracked(outer: Repository, prefix: string): Promise<void> {
  const branch = await branchTracking(outer, prefix);
  if (branch === undefined) return;
  throw new AyoError(
    "no_store",
    `branch ${branch} tracks ${prefix}/, and a checkout of it would overwrite a store of its own there`,
    { try: ["ayo", "init", "--inline"], data: { branch, path: prefix } },
  );
}

/**
 * Keeps a store with its own git, and a link that leads to it, out of the `git status` of the projects that they lie
 * in. An exclude that cannot be written costs a line there, no ticket: an agent's sandbox may have .git read-only.
 */
export function hideFromProject(store: Pick<Store, "dir" | "named">): void {
  for (const { repository, prefix } of seenAt(store)) {
    try {
      ensureExcluded(repository, prefix);
    } catch {
      // `doctor` tells: the project's git sees the tickets.
    }
  }
}

/** A name by which a project's git sees a store. */
export interface Seen {
  readonly repository: Repository;
  /** From the project's top, with `/`. */
  readonly prefix: string;
  readonly isLink: boolean;
}

/** Where projects see a store: the directory itself, and the link that it was found by. */
export function seenAt({ dir, named }: Pick<Store, "dir" | "named">): readonly Seen[] {
  const isLink = lstatSync(named, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  const link = isLink ? path.join(realpathSync(path.dirname(named)), path.basename(named)) : undefined;
  return [dir, ...(link === undefined ? [] : [link])].flatMap((place): Seen[] => {
    const repository = discoverRepository(path.dirname(place));
    const prefix = repository === undefined ? "" : relative(repository, place);
    const isInside = repository !== undefined && prefix !== "" && !prefix.startsWith("../");
    return isInside ? [{ repository, prefix, isLink: place === link }] : [];
  });
}

function makeDirectory(dir: string, config: string | undefined): void {
  writable(dir, () => {
    const fresh = !existsSync(dir) || readdirSync(dir).every((name) => name === ".git");
    makeFolders(dir);
    if (!fresh || config === undefined) return;
    try {
      writeOwned(path.join(dir, CONFIG_FILE), config, { flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  });
}

/** Clones lie in folders of other names, so what new ids begin with is written down. */
async function configText(dir: string, { prefix = ownPrefix(dir) }: NewStore): Promise<string> {
  const lines = [CONFIG_HEADER, `id: ${await newStoreId()}`, `prefix: ${prefix}`, "archive: {after: 30d}"];
  return `${lines.join("\n")}\n`;
}

function relative(outer: Repository, dir: string): string {
  return path.relative(outer.worktree, dir).split(path.sep).join("/");
}

function writable<T>(dir: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof AyoError ? error : mapFsError(error, dir);
  }
}
