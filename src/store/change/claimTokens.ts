import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../folderOwner.ts";
import { removeFile } from "../../git/disk/removeFile.ts";
import { readHead } from "../../git/refs/refs.ts";
import { discoverRepository, type Repository } from "../../git/repository/repository.ts";
import type { Actor } from "../open/identity/identity.ts";
import type { Store } from "../open/store.ts";

/** What a worktree remembers of a claim made in it. */
export interface KeptClaim {
  readonly token: string;
  /** How long the lease runs after each renewal, in milliseconds; 0 for a claim without one. */
  readonly lease: number;
}

/** The folder in a worktree's private git directory that holds the tokens of the claims made there. */
const FOLDER = "ayo-claims";

/** What this worktree remembers of the actor's claim on a ticket, whether or not it still holds. */
export function readKeptClaim(store: Store, actor: Actor, id: string): KeptClaim | undefined {
  for (const folder of foldersOf(store)) {
    try {
      const [token = "", lease = ""] = readFileSync(path.join(folder, nameOf(store, actor, id)), "utf8")
        .trim()
        .split(" ");
      if (token !== "") return { token, lease: Number(lease) || 0 };
    } catch {
      // Not there, or not ours to read: then nothing is remembered.
    }
  }
  return undefined;
}

/**
 * Remembers claims that were just made and forgets those that ended (null). A place that cannot be written costs
 * nothing but the proof: the actor's name still stands for it. Returns what the user should know.
 */
export function keepClaims(store: Store, actor: Actor, claims: ReadonlyMap<string, KeptClaim | null>): string[] {
  const notices: string[] = [];
  for (const [id, kept] of claims) {
    const name = nameOf(store, actor, id);
    if (kept === null) for (const folder of foldersOf(store)) forget(path.join(folder, name));
    else if (!foldersOf(store).some((folder) => keep(folder, name, kept))) {
      notices.push(`the claim of ${id} could not be remembered here: pass --claim ${kept.token}, or set AYO_CLAIM`);
    }
  }
  return notices;
}

/** Branch and commit of the worktree that the process works in; nothing outside a project's repository. */
export function workHere(store: Store): { readonly branch?: string; readonly head?: string } {
  const here = projectHere(store);
  if (here === undefined) return {};
  const { ref, oid } = readHead(here);
  return {
    ...(ref?.startsWith("refs/heads/") ? { branch: ref.slice("refs/heads/".length) } : {}),
    ...(oid === undefined ? {} : { head: oid }),
  };
}

/** The project's repository around the working directory; the store's own is none. */
export function projectHere(store: Store): Repository | undefined {
  const here = discoverRepository(store.host.cwd);
  return here === undefined || here.worktree === store.dir ? discoverRepository(path.dirname(store.dir)) : here;
}

/** Where tokens are kept, the best place first: a project's git directory may be read-only for an agent. */
function foldersOf(store: Store): string[] {
  const here = projectHere(store);
  const worktree = here?.worktree ?? store.host.cwd;
  const { journal } = store;
  return [
    ...(here === undefined ? [] : [path.join(here.gitDir, FOLDER)]),
    ...(journal === undefined ? [] : [path.join(journal.stateDir, "claims", hash(worktree))]),
  ];
}

/** One file a claim: two processes that claim at once in one worktree do not write the same one. */
function nameOf(store: Store, actor: Actor, id: string): string {
  return `${id}-${hash(`${store.dir}\0${actor.name}`)}`;
}

function hash(text: string): string {
  return createHash("sha1").update(text).digest("hex").slice(0, 10);
}

function keep(folder: string, name: string, { token, lease }: KeptClaim): boolean {
  try {
    makeFolders(folder);
    writeOwned(path.join(folder, name), `${token} ${lease}\n`);
    return true;
  } catch {
    return false;
  }
}

function forget(file: string): void {
  try {
    removeFile(file);
  } catch {
    // It names a claim that is over: whoever reads it is told so.
  }
}

/** Ids of the tickets that this worktree remembers claims of the actor for. */
export function keptIds(store: Store, actor: Actor): string[] {
  const ending = nameOf(store, actor, "");
  const names = foldersOf(store).flatMap((folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  });
  return [...new Set(names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)))];
}
