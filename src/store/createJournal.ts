import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { branchTracking } from "../git/branches.ts";
import { mapFsError } from "../git/durable.ts";
import { ensureExcluded } from "../git/exclude.ts";
import { initRepository } from "../git/initRepository.ts";
import { assertSupported, discoverRepository, type Repository } from "../git/repository.ts";
import { CONFIG_FILE, MAX_CONFIG_BYTES } from "./config.ts";
import { findJournal, inlineJournal, type Journal, type Store } from "./store.ts";
import { readStoreFile, Unread } from "./storeFile.ts";

/** What a new store may be asked to be. */
export interface NewStore {
  readonly inline?: boolean;
  readonly prefix?: string;
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
  if (wanted.inline) return createInline(store, outer, prefix, wanted);
  if (outer !== undefined) await refuseTracked(outer, prefix);
  if (outer !== undefined) exclude(outer, prefix);
  makeDirectory(store.dir, configText(wanted));
  const repository = writable(store.dir, () => initRepository(store.dir));
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

function createInline(store: Store, outer: Repository | undefined, prefix: string, wanted: NewStore): Journal {
  if (outer === undefined || prefix === "") {
    throw new AyoError("bad_usage", `${path.dirname(store.dir)} is in no git repository that could hold the tickets`);
  }
  const journal = inlineJournal(outer, prefix);
  makeDirectory(store.dir, `git: inline\n${configText(wanted)}`);
  return journal;
}

/** Ran: git checkout overwrites, then deletes, excluded files that another branch tracks (amendment 2). */
async function refuseTracked(outer: Repository, prefix: string): Promise<void> {
  const branch = await branchTracking(outer, prefix);
  if (branch === undefined) return;
  throw new AyoError(
    "no_store",
    `branch ${branch} tracks ${prefix}/, and a checkout of it would overwrite a store of its own there`,
    { try: ["ayo", "init", "--inline"], data: { branch, path: prefix } },
  );
}

/** An exclude that cannot be written costs a line in the project's `git status`, no ticket. */
function exclude(outer: Repository, prefix: string): void {
  try {
    ensureExcluded(outer, `/${prefix}/`);
  } catch {
    // The project's .git is read-only: an agent's sandbox.
  }
}

function makeDirectory(dir: string, config: string): void {
  writable(dir, () => {
    const fresh = !existsSync(dir) || readdirSync(dir).every((name) => name === ".git");
    mkdirSync(dir, { recursive: true });
    if (!fresh) return;
    try {
      writeFileSync(path.join(dir, CONFIG_FILE), config, { flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  });
}

function configText({ prefix }: NewStore): string {
  const lines = [
    "# How this store works; every key may be left out. `ayo config` shows all settings and where they come from.",
    ...(prefix === undefined ? [] : [`prefix: ${prefix}`]),
    "archive: {after: 30d}",
  ];
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
