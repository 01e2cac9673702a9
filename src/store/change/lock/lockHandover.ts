import { accessSync, constants } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import { sweepStaged } from "../../files/stage.ts";
import { keep, kept, runtimeKey } from "../../open/runtime.ts";
import type { Journal, Store } from "../../open/store.ts";
import { boxIn } from "../requests/box.ts";
import { withdraw } from "../requests/presence.ts";
import { QUEUE } from "../round/callers.ts";
import { OTHERS } from "../round/others.ts";
import { lockStore, type StoreLock } from "./lock.ts";

/** The store's lock as it is handed from one queued transaction of a process to the next. */
export interface HeldLock extends StoreLock {
  /** Milliseconds of performance.now(). */
  readonly since: number;
}

/** The lock, between two transactions of the queue. */
const HELD = runtimeKey<HeldLock | undefined>("held lock", () => undefined);

/** Others wait no longer than this for a process that has a queue of its own, and one round of it. */
const MAX_HELD_MS = 100;
/** And whoever had this process started waits no longer for the others that it serves; tests set AYO_SERVE_MS. */
const MAX_FOR_OTHERS_MS = 250;
/**
 * Who was served may want the next at once, and is served sooner by a process that has all of its code and the store at
 * hand than by one that begins: after so long nobody is waited for any more, and this often it is looked.
 */
const LINGER_MS = 40;
const LINGER_STEP_MS = 1;
/** Whoever is served may be slow before it changes anything: nobody waits for that with the lock held for longer. */
const MAX_SLOW_MS = 1_000;

/**
 * Takes the lock, or takes it over from the transaction before: `isFresh` says that nobody else can have written a
 * commit of ours since that one brought the index up to date.
 * @throws store_busy, store_not_writable, disk_full
 */
export async function takeLock(
  store: Store,
  journal: Journal,
): Promise<{ readonly heldLock: HeldLock; readonly isFresh: boolean }> {
  const held = takeHeldLock(store);
  if (held !== undefined && !held.isLost()) return { heldLock: held, isFresh: true };
  await held?.release();
  const others = kept(store, OTHERS);
  const lock = await lockStore(journal.stateDir, store.host, others?.build).catch((error: unknown) => {
    throw ofWholeStore(store, journal, error);
  });
  if (others !== undefined) withdraw(boxIn(journal.stateDir), "coming", store.host.pid);
  sweepStaged(journal.stateDir);
  return { heldLock: { since: performance.now(), ...lock }, isFresh: false };
}

function takeHeldLock(store: Store): HeldLock | undefined {
  const held = kept(store, HELD);
  keep(store, HELD, undefined);
  return held;
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
export async function passLockOn(store: Store, heldLock: HeldLock, isFresh: boolean): Promise<void> {
  const isWanted = isFresh && !heldLock.isLost() && isWantedHere(store, heldLock);
  if (isWanted) keep(store, HELD, heldLock);
  else await heldLock.release();
}

/** Whether somebody of this process waits, or others do whom it serves: those who are being served are waited for. */
function isWantedHere(store: Store, { since }: HeldLock): boolean {
  const others = kept(store, OTHERS);
  const held = performance.now() - since;
  if (held < MAX_HELD_MS && kept(store, QUEUE).callers.length > 0) return true;
  return ((held < forOthersMs(store) ? others?.begin() : others?.serving) ?? 0) > 0;
}

function forOthersMs(store: Store): number {
  return Number(store.host.env.AYO_SERVE_MS) || (kept(store, OTHERS)?.longest ?? MAX_FOR_OTHERS_MS);
}

/** Serves others for as long as the lock is held for them; gives it back when no more have come for a moment. False then. */
export async function serveOthers(store: Store, called: Promise<unknown>): Promise<boolean> {
  const others = kept(store, OTHERS);
  if (others === undefined) return false;
  if (others.serving > 0) {
    await unlessSlow(store, Promise.race([others.next(), called]));
    return true;
  }
  if (kept(store, HELD) === undefined) return false;
  // It is held here only where others were served.
  await untilWanted(store, called);
  const held = takeHeldLock(store);
  if (held === undefined) return others.serving > 0;
  await passLockOn(store, held, true);
  return others.serving > 0;
}

/** Waits until somebody asks, here or in another process, as long as it may. */
async function untilWanted(store: Store, called: Promise<unknown>): Promise<void> {
  for (const end = performance.now() + LINGER_MS; performance.now() < end; ) {
    const held = kept(store, HELD);
    const mayWait = held !== undefined && performance.now() - held.since < forOthersMs(store);
    if (!mayWait || held.isLost() || isWantedHere(store, held)) return;
    let timer: NodeJS.Timeout | undefined;
    const step = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LINGER_STEP_MS);
    });
    await Promise.race([step, called]);
    clearTimeout(timer);
  }
}

async function unlessSlow(store: Store, served: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, MAX_SLOW_MS);
  });
  await Promise.race([served, slow]);
  clearTimeout(timer);
  const held = kept(store, HELD);
  if (held !== undefined && performance.now() - held.since > MAX_SLOW_MS) await releaseLock(store);
}

/** Gives back a lock that the next transaction has no use for. */
export async function releaseLock(store: Store): Promise<void> {
  await takeHeldLock(store)?.release();
}
