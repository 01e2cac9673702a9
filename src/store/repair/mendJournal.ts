import { AyoError } from "../../error.ts";
import { lockStore } from "../change/lock/lock.ts";
import type { Actor } from "../open/identity/identity.ts";
import { findJournal, type Journal, prepareState, type Store } from "../open/store.ts";
import { findCacheDrift, removeCaches } from "./cacheDrift.ts";
import { checkDriver } from "./checks/checkDriver.ts";
import { checkGit } from "./checks/checkGit.ts";
import { checkProject } from "./checks/checkProject.ts";
import { type Finding, findingKey, type StoreFinding } from "./finding.ts";
import type { Aside } from "./setAside.ts";

/** Damage hides damage: a branch, then its commits, then their folders, then the texts. */
const MAX_PASSES = 8;

/** What was found while mending, and what could not be done. */
export interface Mended {
  readonly found: readonly Finding[];
  readonly failures: readonly string[];
}

/**
 * All that is wrong below the tickets: git, locks, torn files, caches, and how the project sees the store. Changes
 * nothing. What is damaged can keep later checks from being made.
 */
export async function checkJournal(
  store: Store,
  journal: Journal,
  actor: Actor,
  aside: Aside,
): Promise<readonly StoreFinding[]> {
  const git = await checkGit(store, journal, actor, aside);
  const project = await checkProject(store, journal);
  return [...git, ...project, ...checkDriver(store, journal), ...(await driftUnlessDamaged(store, journal))];
}

/** Mends what can be mended below the tickets, holding the store's lock. */
export async function mendJournal(store: Store, journal: Journal, actor: Actor, aside: Aside): Promise<Mended> {
  prepareState(journal);
  const found = new Map<string, Finding>();
  const failures = new Map<string, string>();
  const lock = await lockStore(journal.stateDir, store.host);
  try {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const todo = (await checkJournal(store, journal, actor, aside)).filter(
        ({ finding, mend }) => mend !== undefined && !failures.has(findingKey(finding)),
      );
      if (todo.length === 0) break;
      for (const { finding, mend } of todo) {
        found.set(findingKey(finding), finding);
        const failure = await attempt(mend);
        if (failure !== undefined) failures.set(findingKey(finding), failure);
      }
      await forget(store, journal);
    }
  } finally {
    await lock.release();
  }
  return { found: [...found.values()], failures: [...new Set(failures.values())] };
}

async function attempt(mend: StoreFinding["mend"]): Promise<string | undefined> {
  try {
    await mend?.();
    return undefined;
  } catch (error) {
    if (error instanceof AyoError) return error.message;
    throw error;
  }
}

/** After a repair nothing that was read before counts. */
async function forget(store: Store, journal: Journal): Promise<void> {
  const { forgetPacks } = await import("../../git/objects/isomorphic.ts");
  forgetPacks();
  removeCaches(store, journal);
  store.journal = findJournal(store.dir);
}

/** A cache cannot be compared with files or commits that cannot be read; those are reported already. */
async function driftUnlessDamaged(store: Store, journal: Journal): Promise<StoreFinding[]> {
  if (store.journal === undefined) return [];
  try {
    return await findCacheDrift(store, journal);
  } catch (error) {
    if (error instanceof AyoError) return [];
    throw error;
  }
}
