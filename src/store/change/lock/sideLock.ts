import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AyoError } from "../../../error.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import { isProvablyDead, type ProcessIdentity, processIdentity } from "../../../processes.ts";
import type { Journal, Store } from "../../open/store.ts";

/** How long one waits for another process of this machine; in milliseconds. */
const WAIT_MS = 15_000;
const STEP_MS = 100;
/** A holder that renews nothing for so long is gone, or stands still. */
const STALE_MS = 10_000;
const RENEW_MS = 2_000;

/** A lock that was taken. */
export interface SideLock {
  /** Whether it still is the one that was taken: who stood still for long, another process has made it anew. */
  readonly isOurs: () => boolean;
  /** Gives it back; what is another's by then stays. */
  readonly release: () => Promise<void>;
}

/**
 * Takes a lock of its own beside the store's, for what only one process of this machine should do at a time and takes
 * long. It keeps order and guarantees nothing: who must be sure looks before each step whether it still is his.
 * @throws store_busy
 */
export async function sideLock(store: Store, { stateDir }: Journal, name: string): Promise<SideLock> {
  const file = path.join(stateDir, `${name}.lock`);
  const card = `${file}.json`;
  for (const deadline = performance.now() + WAIT_MS; ; await sleep(STEP_MS)) {
    const release = await tryLock(file);
    if (release !== undefined) return taken(file, card, release, store);
    const holder = holderIn(card);
    if (holder !== undefined && isProvablyDead(holder)) {
      for (const one of [card, file]) rmSync(one, { force: true, recursive: true });
    } else if (performance.now() > deadline) throw busy(holder, name);
  }
}

function taken(file: string, card: string, giveBack: () => Promise<void>, store: Store): SideLock {
  const token = randomBytes(8).toString("hex");
  const made = placeOf(file);
  writeCard(card, { ...processIdentity(store.host.pid), token });
  const isOurs = (): boolean => {
    const now = placeOf(file);
    // A place on the disk may be given anew; a card that could not be written is nobody's.
    const named = holderIn(card)?.token;
    return made !== undefined && now === made && (named === undefined || named === token);
  };
  const release = async (): Promise<void> => {
    if (!isOurs()) return await forget(file);
    rmSync(card, { force: true });
    // It was given up for lost, and is ours all the same.
    await giveBack().catch(() => rmSync(file, { force: true, recursive: true }));
  };
  return { isOurs, release };
}

/** Which folder the lock is; undefined where there is none. */
function placeOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}

/** Has nobody renew a lock that is another's now, nor take it away when this process ends. */
async function forget(file: string): Promise<void> {
  const { default: lockfile } = await import("proper-lockfile");
  // Nothing lies there; that it is forgotten already is as good.
  await lockfile.unlock(file, { lockfilePath: `${file}.none`, realpath: false }).catch(() => undefined);
}

/** Undefined where somebody holds it. */
async function tryLock(file: string): Promise<(() => Promise<void>) | undefined> {
  const { default: lockfile } = await import("proper-lockfile");
  try {
    // Not the folder: that is what the store's own lock goes by.
    const options = { lockfilePath: file, realpath: false, stale: STALE_MS, update: RENEW_MS };
    // Whether it is lost is seen on the disk.
    return await lockfile.lock(file, { ...options, onCompromised: () => undefined });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOCKED") return undefined;
    throw mapFsError(error, file);
  }
}

function busy(holder: ProcessIdentity | undefined, name: string): AyoError {
  const who = holder === undefined ? "another process" : `process ${holder.pid}`;
  return new AyoError("store_busy", `${who} of this machine is at it (${name}): try again when it is done`);
}

/** Who holds it, and by what the lock is known as his. */
type Card = ProcessIdentity & { readonly token?: string };

/** That it cannot be written costs those who wait some seconds, if this process dies. */
function writeCard(file: string, card: Card): void {
  try {
    writeFileSync(file, JSON.stringify(card));
  } catch {
    rmSync(file, { force: true });
  }
}

function holderIn(card: string): Card | undefined {
  try {
    return JSON.parse(readFileSync(card, "utf8")) as Card;
  } catch {
    return undefined;
  }
}
