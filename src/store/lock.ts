import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { mapFsError } from "../git/durable.ts";
import { type Host, isProvablyDead, type ProcessIdentity, processIdentity } from "../host.ts";

/** How long a command waits for the store before it ends with exit status 3 (amendment 8). */
const WAIT_MS = 30_000;
/** A lock that was not renewed for this long is replaced even when nothing can be proven. */
const STALE_MS = 10_000;
/** A lock that nobody has put a card to for this long was left by a crash. */
const NAMELESS_MS = 1_000;
/** Beside the lock: who holds it. */
const CARD = "lock.json";

/**
 * Takes the store's lock, a queue and not the guarantee (that is git's compare-and-swap), and returns what
 * releases it. A holder that provably died is replaced at once.
 * @throws store_busy after 30 s, store_not_writable, disk_full
 */
export async function lockStore(stateDir: string, host: Host): Promise<() => Promise<void>> {
  const { default: lockfile } = await import("proper-lockfile");
  const lockPath = path.join(stateDir, "lock");
  // The clock of the machine may be set while we wait.
  const deadline = performance.now() + WAIT_MS;
  const nameless: Nameless = { since: 0, lock: "" };
  for (let attempt = 0; ; attempt++) {
    try {
      const release = await lockfile.lock(stateDir, {
        lockfilePath: lockPath,
        realpath: false,
        stale: STALE_MS,
        update: STALE_MS / 4,
        onCompromised: () => {},
      });
      writeHolder(stateDir, host);
      return () => {
        if (readHolder(stateDir)?.pid === host.pid) rmSync(path.join(stateDir, CARD), { force: true });
        return release().catch(() => {});
      };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "ENOENT") mkdirSync(stateDir, { recursive: true });
      else if (code !== "ELOCKED") throw mapFsError(error, stateDir);
    }
    if (replaceDeadHolder(stateDir, lockPath) || replaceNameless(stateDir, lockPath, nameless)) continue;
    if (performance.now() > deadline) throw busy(stateDir);
    await pause(Math.min(4 + attempt * 2, 40) * (0.5 + Math.random()));
  }
}

/** A lock without a card, and since when this process has been looking at it. */
interface Nameless {
  since: number;
  lock: string;
}

/**
 * Frees a lock whose holder died between taking it and leaving its card, a matter of a millisecond: the same lock has
 * been there without a card for a whole second.
 */
function replaceNameless(stateDir: string, lockPath: string, seen: Nameless): boolean {
  const stat = statSync(lockPath, { throwIfNoEntry: false });
  const lock = stat === undefined || readHolder(stateDir) !== undefined ? "" : `${stat.ino} ${stat.birthtimeMs}`;
  if (lock === "" || lock !== seen.lock) {
    seen.lock = lock;
    seen.since = performance.now();
    return false;
  }
  if (performance.now() - seen.since < NAMELESS_MS) return false;
  rmSync(lockPath, { recursive: true, force: true });
  return true;
}

function busy(stateDir: string): AyoError {
  const holder = readHolder(stateDir);
  const who = holder === undefined ? "another process" : `process ${holder.pid}`;
  return new AyoError("store_busy", `the store is locked by ${who} for more than ${WAIT_MS / 1000} s`, {
    data: { ...holder },
  });
}

function writeHolder(stateDir: string, host: Host): void {
  try {
    writeFileSync(path.join(stateDir, CARD), JSON.stringify(processIdentity(host.pid)));
  } catch {
    // Without it a crash of this process costs others the stale time, nothing else.
  }
}

/** The process that took the lock last, whether or not it still holds it. */
export function readHolder(stateDir: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path.join(stateDir, CARD), "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/**
 * Frees the lock of a process that provably died. The holder's card is moved away first: only one of several
 * waiters succeeds, and a lock without a card is never taken for a dead one's.
 */
export function replaceDeadHolder(stateDir: string, lockPath = path.join(stateDir, "lock")): boolean {
  const holder = readHolder(stateDir);
  if (holder === undefined || !isProvablyDead(holder)) return false;
  const card = path.join(stateDir, CARD);
  const grave = path.join(stateDir, `${CARD}.dead-${randomUUID()}`);
  try {
    renameSync(card, grave);
    if (readFileSync(grave, "utf8") !== JSON.stringify(holder)) {
      renameSync(grave, card);
      return false;
    }
    rmSync(grave, { force: true });
    rmSync(lockPath, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
