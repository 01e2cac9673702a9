import fs from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { makeFolders } from "../../../folderOwner.ts";
import { mapFsError } from "../../../git/disk/durable.ts";
import type { Host } from "../../../host.ts";
import { activityOf } from "../../../processes.ts";
import { type Holder, readHolder } from "./card.ts";
import { isReplaced, removeCard, removeOwnHold, replaceLostHolder, type Watching, writeHolder } from "./holder.ts";

/** How long a command waits for the store before it ends with exit status 3. */
const WAIT_MS = 30_000;
/** A holder that stands still for this long is replaced; tests set AYO_LOCK_STALE_MS. */
const STALE_MS = 10_000;
/** How often a holder renews its stamp. */
const RENEW_MS = 2_500;

/** The store's lock, taken. */
export interface StoreLock {
  /** Whether somebody took it over, as from a process that was stopped: nothing may be begun under it any more. */
  isLost(): boolean;
  release(): Promise<void>;
}

let holds = 0;

/**
 * Takes the store's lock, a queue and not the guarantee (that is git's compare-and-swap). A holder that provably died
 * is replaced at once, one that stands still after a while. `serves` names the commands that may ask this process.
 * @throws store_busy after 30 s, store_not_writable, disk_full
 */
export async function lockStore(stateDir: string, host: Host, serves?: string): Promise<StoreLock> {
  const { default: lockfile } = await import("proper-lockfile");
  const lockPath = path.join(stateDir, "lock");
  const staleMs = Number(host.env.AYO_LOCK_STALE_MS) || STALE_MS;
  // The clock of the machine may be set while we wait.
  const deadline = performance.now() + WAIT_MS;
  const watching: Watching = { hold: "", cpu: undefined, since: 0, next: 0 };
  const heldLock = `${host.pid}-${host.now().toString(36)}-${holds++}`;
  const hold: Pick<Holder, "heldLock" | "serves"> = { heldLock, serves };
  let hasCard = false;
  let compromised: "gone" | "touched" | undefined;
  const isLost = (): boolean => compromised !== undefined || isReplaced(stateDir, heldLock, hasCard);
  for (let attempt = 0; ; attempt++) {
    try {
      const release = await lockfile.lock(stateDir, {
        lockfilePath: lockPath,
        realpath: false,
        // Who stands still is judged here, by more than a stamp.
        stale: Number.POSITIVE_INFINITY,
        update: RENEW_MS,
        fs: sparing(stateDir, isLost),
        // proper-lockfile forgets it then: somebody has removed it, or given it a stamp that is not ours.
        onCompromised: (error) => {
          compromised = (error as NodeJS.ErrnoException).syscall === undefined ? "touched" : "gone";
        },
      });
      hasCard = writeHolder(stateDir, host, hold);
      const giveBack = async (): Promise<void> => {
        if (compromised !== undefined)
          removeOwnHold(stateDir, heldLock, compromised === "touched" ? lockPath : undefined);
        else await release().catch(() => {});
      };
      return { isLost, release: giveBack };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "ENOENT") makeFolders(stateDir);
      else if (code !== "ELOCKED") throw mapFsError(error, stateDir);
    }
    if (replaceLostHolder(stateDir, lockPath, watching, staleMs)) continue;
    if (performance.now() > deadline) throw busy(stateDir);
    await pause(Math.min(4 + attempt * 2, 40) * (0.5 + Math.random()));
  }
}

/**
 * The file system for proper-lockfile, which removes the lock when it is released and when the process ends: not the
 * lock of somebody who took over, and never without the card.
 */
function sparing(stateDir: string, isLost: () => boolean): typeof fs {
  const removes = (): boolean => {
    if (isLost()) return false;
    removeCard(stateDir);
    return true;
  };
  // Not a copy: reading fs.promises would load it, 2 ms of every change.
  return Object.assign(Object.create(fs) as typeof fs, {
    rmdir: ((dir: string, done: (error: NodeJS.ErrnoException | null) => void) => {
      if (removes()) fs.rmdir(dir, done);
      else done(null);
    }) as typeof fs.rmdir,
    rmdirSync: ((dir: string) => {
      if (removes()) fs.rmdirSync(dir);
    }) as typeof fs.rmdirSync,
  });
}

function busy(stateDir: string): AyoError {
  const holder = readHolder(stateDir);
  const who = holder === undefined ? "another process" : `process ${holder.pid}`;
  const isStopped = holder !== undefined && activityOf(holder)?.isStopped === true;
  const state = isStopped ? ", which somebody stopped: continue it or end it" : "";
  return new AyoError("store_busy", `the store is locked by ${who} for more than ${WAIT_MS / 1000} s${state}`, {
    data: { ...holder },
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
