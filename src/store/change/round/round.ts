import type { View } from "../../disk/view.ts";
import type { Index } from "../../open/entry.ts";
import type { Journal, Store } from "../../open/store.ts";
import type { HeldLock } from "../lock/lockHandover.ts";
import { StartOver } from "../startOver.ts";
import type { Caller } from "./callers.ts";

/** One try at the changes of some callers, all at once; the store and its options are the first one's. */
export interface Attempt {
  readonly store: Store;
  readonly journal: Journal;
  readonly callers: readonly [Caller, ...Caller[]];
  readonly heldLock: HeldLock;
  /** Nobody else can have written a commit of ours since the index was brought up to date. */
  readonly isFresh: boolean;
  /** Files that somebody changed under an earlier try. */
  readonly moving: Set<string>;
  /** When a change was first refused for what may be half of a save; in milliseconds of performance.now(). */
  readonly saving: { since: number };
  /** What to tell of what was found and done on the way, by earlier tries too: a claim that was taken back, say. */
  readonly told: string[];
}

/** These changes cannot be written together: each is to be tried alone. */
export class GoAlone extends Error {}

/** A change that is refused for the half of a save is tried again. @throws StartOver */
export async function unlessSaving<T>(store: Store, saving: { since: number }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StartOver) throw error;
    saving.since = Math.min(saving.since, performance.now());
    const { awaitSave } = await import("../../disk/saving.ts");
    if (!(await awaitSave(store, error, saving.since))) throw error;
    throw new StartOver("a file was being saved");
  }
}

/** What a try works on. */
export interface Looked {
  readonly index: Index;
  readonly view: View;
  /** Records that wait for git. */
  readonly isWaiting: boolean;
}
