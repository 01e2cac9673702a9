import { accessSync, constants } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import { sweepStaged } from "../../files/stage.ts";
import type { Journal, Store } from "../../open/store.ts";
import { lockStore, type StoreLock } from "./lock.ts";

/** The store's lock as it is handed from one queued transaction of a process to the next. */
export interface Hold extends StoreLock {
  /** Milliseconds of performance.now(). */
  readonly since: number;
}

/** Others wait no longer than this for a process that has a queue of its own, and one transaction. */
const MAX_HOLD_MS = 100;

/**
 * Takes the lock, or takes it over from the transaction before: `isFresh` says that nobody else can have written a
 * commit of ours since that one brought the index up to date.
 * @throws store_busy, store_not_writable, disk_full
 */
export async function takeHold(
  store: Store,
  journal: Journal,
): Promise<{ readonly hold: Hold; readonly isFresh: boolean }> {
  const { held } = store;
  store.held = undefined;
  if (held !== undefined && !held.isLost()) return { hold: held, isFresh: true };
  await held?.release();
  const lock = await lockStore(journal.stateDir, store.host).catch((error: unknown) => {
    throw ofWholeStore(store, journal, error);
  });
  sweepStaged(journal.stateDir);
  return { hold: { since: performance.now(), ...lock }, isFresh: false };
}

/** Where the whole folder is closed, and not only the git directory in it, the folder is what must be allowed. */
function ofWholeStore({ dir }: Store, { stateDir }: Journal, error: unknown): unknown {
  if (!(error instanceof AyoError) || error.code !== "store_not_writable") return error;
  if (path.relative(dir, stateDir).startsWith("..")) return error;
  try {
    accessSync(dir, constants.W_OK);
    return error;
  } catch (cause) {
    return mapFsError(cause, path.join(dir, "config.yml"));
  }
}

/** Hands the lock to the next transaction in the queue, or gives it back. */
export async function giveHold(store: Store, hold: Hold, isFresh: boolean): Promise<void> {
  if (isFresh && store.waiting > 0 && performance.now() - hold.since < MAX_HOLD_MS && !hold.isLost()) store.held = hold;
  else await hold.release();
}

/** Gives back a lock that the next transaction has no use for. */
export async function dropHold(store: Store): Promise<void> {
  const { held } = store;
  store.held = undefined;
  await held?.release();
}
