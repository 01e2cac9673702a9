import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { writeOwned } from "../../../folderOwner.ts";
import { removeFile } from "../../../git/disk/removeFile.ts";
import type { Host } from "../../../host.ts";
import { type Activity, activityOf, isProvablyDead, processIdentity } from "../../../processes.ts";
import { CARD, type Holder, readHolder } from "./card.ts";

/** A lock that nobody has put a card to for this long was left by a crash. */
const NAMELESS_MS = 1_000;
/** So often is looked at what a holder does before it counts as standing still. */
const LOOKS = 16;

/** Says who took the lock, if it can; without the card a crash costs others some time, nothing else. */
export function writeHolder(stateDir: string, host: Host, hold: Pick<Holder, "heldLock" | "serves">): boolean {
  try {
    writeOwned(path.join(stateDir, CARD), JSON.stringify({ ...processIdentity(host.pid), ...hold }));
    return true;
  } catch {
    // A full disk: what follows says so.
    return false;
  }
}

/** Whether somebody else took the lock after this hold did: the card is his, or went with him where we had put one. */
export function isReplaced(stateDir: string, heldLock: string, hasCard: boolean): boolean {
  const holder = readHolder(stateDir);
  return holder === undefined ? hasCard : holder.heldLock !== heldLock;
}

/** Takes the card of a hold away. */
export function removeCard(stateDir: string): void {
  removeFile(path.join(stateDir, CARD));
}

/**
 * Takes the card of a hold away, and with it the lock where that still is there: nobody else would, since this process
 * lives. What somebody else has taken meanwhile stays.
 */
export function removeOwnHold(stateDir: string, heldLock: string, lockPath: string | undefined): void {
  const holder = readHolder(stateDir);
  if (holder?.heldLock === heldLock) replaceHolder(stateDir, lockPath, holder);
}

/** What a waiter has seen of the holder so far. */
export interface Watching {
  /** What must stay the same for the holder to have stood still, and since when it has. */
  hold: string;
  cpu: number | undefined;
  since: number;
  /** When to look again at what the holder does. */
  next: number;
}

/**
 * Frees the lock of a holder that is gone or stands still: one that provably died at once; one of which
 * nothing can be known when its stamp is `staleMs` old; one that has neither renewed its stamp nor used the processor,
 * nor waited for the disk, for as long as that. Whoever wakes up without its lock loses cleanly; see swap.ts.
 */
export function replaceLostHolder(stateDir: string, lockPath: string, watching: Watching, staleMs: number): boolean {
  const holder = readHolder(stateDir);
  const stat = statSync(lockPath, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (holder !== undefined && isProvablyDead(holder)) return replaceHolder(stateDir, lockPath, holder);
  const hold = `${stat.ino} ${stat.mtimeMs} ${holder?.heldLock ?? ""}`;
  const now = performance.now();
  // Most holds are over before it matters what their holder does, and to look at all its threads takes a while.
  if (hold === watching.hold && holder !== undefined && now < watching.next) return false;
  watching.next = now + staleMs / LOOKS;
  const activity = holder === undefined || hold !== watching.hold ? undefined : activityOf(holder);
  const isStale = hold === watching.hold && activity === undefined && Date.now() - stat.mtimeMs > staleMs;
  const stoodStill = standsStill(watching, { hold, activity, now });
  if (holder === undefined) {
    if (stoodStill < NAMELESS_MS) return false;
    rmSync(lockPath, { recursive: true, force: true });
    return true;
  }
  if (stoodStill < staleMs && !isStale) return false;
  return replaceHolder(stateDir, lockPath, holder);
}

/** For how long the holder has been seen to do nothing. */
function standsStill(
  watching: Watching,
  { hold, activity, now }: { readonly hold: string; readonly activity: Activity | undefined; readonly now: number },
): number {
  const isBusy = activity !== undefined && !activity.isIdle;
  if (isBusy || hold !== watching.hold || activity?.cpu !== watching.cpu)
    Object.assign(watching, { hold, cpu: activity?.cpu, since: now } satisfies Partial<Watching>);
  return now - watching.since;
}

/**
 * Frees the lock of one holder. Its card is moved away first: only one of several waiters succeeds, and a lock without
 * a card is never taken for a dead one's.
 */
function replaceHolder(stateDir: string, lockPath: string | undefined, holder: Holder): boolean {
  const card = path.join(stateDir, CARD);
  const grave = path.join(stateDir, `${CARD}.dead-${randomUUID()}`);
  try {
    renameSync(card, grave);
    if (readFileSync(grave, "utf8") !== JSON.stringify(holder)) {
      renameSync(grave, card);
      return false;
    }
    removeFile(grave);
    if (lockPath !== undefined) rmSync(lockPath, { recursive: true, force: true });
    return true;
  } catch {
    // Another waiter was first.
    return false;
  }
}
