import { closeSync, lstatSync, openSync, readdirSync, readSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import { readHead } from "../../../git/refs/refs.ts";
import { STORE_BRANCH } from "../../../git/repository/initRepository.ts";
import {
  discoverRepository,
  looksLikeGitDir,
  openRepository,
  type Repository,
  readText,
} from "../../../git/repository/repository.ts";
import {
  holdsProject,
  isOnStoreBranch,
  isStoreRemains,
  isStoreRepository,
} from "../../../git/repository/storeRepository.ts";
import { DEFAULT_BOARD } from "../../../ticket/rules/board.ts";
import { looksLikeConfig } from "../config/config.ts";

/** The name by which a directory is a store, whatever is in it. */
export const STORE_NAME = ".tickets";

/** What a directory that somebody names stands for: a store in `dir`, or a place where one may be made. */
export interface Judged {
  readonly kind: "store" | "new";
  readonly dir: string;
}

/** A directory that is to be judged. */
export interface Suspect {
  /** As it was named, made absolute. */
  readonly named: string;
  /** Where links lead. */
  readonly dir: string;
  /** The store of the project that it lies in, where there is one. */
  readonly around: () => string | undefined;
}

/** Files that an empty directory may have. */
const NOTHING = [".DS_Store", ".gitignore", ".gitkeep", ".keep", "Thumbs.db", "desktop.ini"];
/** Enough of a file to see whether it is a ticket. In bytes. */
const FRONT = 4096;
/** More files than this without a ticket among them are no store's. */
const LOOKED_AT = 200;

/**
 * What a directory that `--dir`, TICKETS_DIR or a tool's `dir` names stands for. A store is what has
 * ayo's own git, is called `.tickets`, or has ayo's config.yml or a ticket and no git of somebody else's; a directory
 * that holds a `.tickets` means that one; an empty one may become a store.
 * @throws no_store for everything else, which a command would otherwise commit as if it were tickets
 */
export function judgeDirectory(suspect: Suspect): Judged {
  const { named, dir } = suspect;
  const store: Judged = { kind: "store", dir };
  if (isStoreName(named) || isStoreName(dir)) return store;
  const gitDir = path.join(dir, ".git");
  const usual: Repository = { worktree: dir, gitDir, commonDir: gitDir, bare: false };
  if (readText(path.join(gitDir, "HEAD")) === `ref: ${STORE_BRANCH}\n` && !isProject(usual)) return store;
  const repository = openRepository(dir);
  const isOn = repository !== undefined && isOnStoreBranch(repository);
  if (isOn && !isProject(repository)) return store;
  if (repository === undefined && !existsEven(path.join(dir, ".git"))) return judgeWithoutGit(suspect);
  const inner = innerStore(dir);
  if (inner !== undefined) return { kind: "store", dir: inner };
  if (repository === undefined ? isStoreRemains(dir) : !isOn && isStoreRepository(repository)) return store;
  throw foreignGit(suspect, repository);
}

/** The same for a name that nothing has yet. @throws no_store in a store, or in a git directory */
export function judgeMissing(dir: string): Judged {
  refuseInside(dir);
  return { kind: "new", dir };
}

/** Whether a path ends in the name of stores. */
export function isStoreName(dir: string): boolean {
  return path.basename(dir) === STORE_NAME;
}

/** A project whose main worktree has the store's branch checked out is still a project; a linked worktree is not. */
function isProject(repository: Repository): boolean {
  return repository.gitDir === repository.commonDir && holdsProject(repository);
}

function judgeWithoutGit(suspect: Suspect): Judged {
  const { dir, named } = suspect;
  const store: Judged = { kind: "store", dir };
  if (looksLikeGitDir(dir))
    throw new AyoError("no_store", `${named} is a git directory and no store of tickets`, { data: { dir } });
  refuseInside(dir);
  if (looksLikeConfig(dir)) return store;
  const inner = innerStore(dir);
  if (inner !== undefined) return { kind: "store", dir: inner };
  const names = namesOf(dir);
  if (hasTickets(dir, names)) return store;
  if (names.every((name) => NOTHING.includes(name))) return { kind: "new", dir };
  throw refusal(suspect, `${named} is no ticket store: there are other files and no ticket in it`);
}

/** `<dir>/.tickets`, where that is a directory. */
function innerStore(dir: string): string | undefined {
  const inner = path.join(dir, STORE_NAME);
  return statOf(inner)?.isDirectory() ? inner : undefined;
}

/** @throws no_store for a directory in another store, whose files are not its own, or in a git directory */
function refuseInside(dir: string): void {
  const parts = dir.split(path.sep);
  if (parts.includes(".git"))
    throw new AyoError("no_store", `${dir} lies in a git directory and is no store of tickets`, { data: { dir } });
  const at = parts.lastIndexOf(STORE_NAME, parts.length - 2);
  const outer = at < 0 ? repositoryAround(path.dirname(dir)) : parts.slice(0, at + 1).join(path.sep);
  if (outer === undefined) return;
  throw refusal({ named: dir, dir, around: () => outer }, `${dir} lies in another store and is none of its own`);
}

/** The top of the store's repository that a directory lies in. */
function repositoryAround(dir: string): string | undefined {
  const repository = discoverRepository(dir);
  return repository !== undefined && isStoreRepository(repository) && !isProject(repository)
    ? repository.worktree
    : undefined;
}

/** The refusal of a directory that has a git repository which is not ayo's. */
export function foreignGit(suspect: Suspect, repository: Repository | undefined): AyoError {
  const { dir, named } = suspect;
  if (repository === undefined) return refusal(suspect, `${path.join(dir, ".git")} is no repository that ayo knows`);
  const { ref } = readHead(repository);
  const branch = ref === undefined ? "no branch" : ref.replace("refs/heads/", "");
  const fact = `${named} has a git repository that is not a ticket store's: it is on ${branch}, and ayo commits there only on ayo/tickets`;
  if (ref === undefined || !(isStoreName(named) || isStoreName(dir) || looksLikeConfig(dir)))
    return refusal(suspect, fact);
  const help = ["git", "-C", dir, "branch", "-m", "ayo/tickets"];
  return new AyoError(
    "no_store",
    `${fact}; rename the branch if it is to hold the tickets' history, or move ${path.join(dir, ".git")} away`,
    { try: help, data: { dir } },
  );
}

/** Names the store that was perhaps meant, else how to make one. */
function refusal({ dir, around }: Suspect, fact: string): AyoError {
  const meant = around();
  if (meant !== undefined && meant !== dir)
    return new AyoError("no_store", `${fact}; the store of this place is ${meant}`, {
      try: ["ayo", "--dir", meant, "ticket", "list"],
      data: { dir, store: meant },
    });
  const own = path.join(dir, STORE_NAME);
  return new AyoError("no_store", `${fact}; a store of its own would be ${own}`, {
    try: ["ayo", "init", "--dir", own],
    data: { dir },
  });
}

/** Whether there is a ticket among the files, or in a month of the archive. */
function hasTickets(dir: string, names: readonly string[]): boolean {
  const isTicket = (file: string): boolean => looksLikeTicket(path.join(dir, file));
  const files = names.filter((name) => name.endsWith(".md"));
  if (files.slice(0, LOOKED_AT).some(isTicket)) return true;
  if (!names.includes("archive")) return false;
  const months = namesIn(path.join(dir, "archive")).filter((name) => /^\d{4}-\d{2}$/.test(name));
  return months.some((month) =>
    namesIn(path.join(dir, "archive", month))
      .slice(0, LOOKED_AT)
      .some((name) => isTicket(path.join("archive", month, name))),
  );
}

/**
 * Whether a file's front matter is a ticket's: it has `status` with an `id` beside it, or a status that a new board
 * has. An `id` or a `status: accepted` alone have other documents too.
 */
function looksLikeTicket(file: string): boolean {
  const front = /^\uFEFF?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/s.exec(beginning(file))?.[1];
  if (front === undefined) return false;
  const status = /^status:[ \t]*["']?([\w-]+)/m.exec(front)?.[1];
  if (status === undefined) return false;
  return /^id:[ \t]*\S/m.test(front) || DEFAULT_BOARD.columns.some(({ id }) => id === status);
}

function beginning(file: string): string {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return "";
  try {
    const handle = openSync(file, "r");
    try {
      const bytes = Buffer.alloc(FRONT);
      return bytes.toString("utf8", 0, readSync(handle, bytes, 0, FRONT, 0));
    } finally {
      closeSync(handle);
    }
  } catch {
    // A file that may not be read says nothing about its folder.
    return "";
  }
}

/** @throws store_not_writable for a directory that this process may not look into */
function namesOf(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    throw mapFsError(error, path.join(dir, "any"));
  }
}

function namesIn(dir: string): string[] {
  return statOf(dir)?.isDirectory() ? readdirSync(dir) : [];
}

/** Whether there is something of that name, be it a link to nothing. */
export function existsEven(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function statOf(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}
