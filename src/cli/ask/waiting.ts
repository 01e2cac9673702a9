import { statSync } from "node:fs";
import process from "node:process";
import { activityOf, isProvablyDead } from "../../processes.ts";
import { readHolder } from "../../store/change/lock/card.ts";
import { isWanted, type RequestAnswer, readAnswer, takeBack } from "../../store/change/requests/box.ts";
import { announce, isPresent, type Presence, readPresent, withdraw } from "../../store/change/requests/presence.ts";

/**
 * What the command line is to go on with: a request that was made and may have been taken, which it takes back first; or
 * commits whose hooks it runs. `coming`: it has said in this box that it is on its way to the lock.
 */
export interface Asked {
  readonly name?: string;
  readonly due?: readonly string[];
  readonly coming?: string;
}

/** Where requests are put, and which lock they are about. */
export interface Place {
  readonly stateDir: string;
  readonly box: string;
  readonly lock: string;
}

/** Where it is asked, and by which code. */
export interface Asking extends Place {
  readonly build: string;
}

/** A request that was put there. */
export interface Waiting extends Asking {
  readonly name: string;
}

/** What came of it: an answer where somebody gave one. */
export type End = Asked & { readonly answer?: RequestAnswer | undefined };

/** How long is slept between two looks, at first and at last; in milliseconds. */
const FIRST_MS = 2;
const LAST_MS = 12;
/** One look in so many is at more than whether there is an answer, and whether somebody has the lock. */
const THOROUGH = 5;
/** Whoever gives the lock back may have asked the next to: it is free once it has been for so long. */
const FREE_MS = 10;
/** Nothing that was asked has been answered for so long: somebody may stand still; that is judged by whoever waits for the lock. Tests set AYO_ASK_MS. */
const PATIENCE_MS = 1_500;
/** A process that goes on has begun with what it is asked within this time, or does not hear; or it is busy for as long as that. */
const TAKEN_MS = 10;
const BUSY_MS = 80;
/** Whoever is seen to be at something is waited for no longer than this. */
const LONGEST_MS = 5_000;

/** Waits for the answer of a process that goes on; there is none in what it does not begin with soon. */
export function waitForLive(waiting: Waiting): End {
  const { box, name } = waiting;
  const slow = longEnough(Number(process.env.AYO_ASK_MS) || TAKEN_MS);
  const slower = longEnough(BUSY_MS);
  const look = thoroughly(waiting);
  for (let looks = 1; ; looks++) {
    pause(Math.min(1 + looks / 16, LAST_MS));
    const answer = readAnswer(box, name);
    if (answer !== undefined) return { answer };
    const isTaken = !isThere(`${box}/${name}.ask`);
    const isLate = slow(!isTaken) && (slower(!isTaken) || !isBusy(box));
    if (isLate && takeBack(box, name)) return {};
    if (isTaken && looks % THOROUGH === 0 && !look("live")) return { answer: readAnswer(box, name) };
  }
}

/** Whether the process that goes on is at something, and so may come to it. */
function isBusy(box: string): boolean {
  const live = readPresent(box, "live");
  return live !== undefined && activityOf(live)?.isIdle === false;
}

/**
 * Looks for the answer, and is asked for the next look after the milliseconds that it yields; ends with none where nobody
 * gives one, or this process is the next to take the lock.
 */
export function* lookForHolder(waiting: Waiting): Generator<number, End> {
  const { box, name, build } = waiting;
  const free = longEnough(FREE_MS);
  const look = thoroughly(waiting);
  for (let looks = 1, sleep = FIRST_MS; ; looks++, sleep = Math.min(sleep + 1, LAST_MS)) {
    yield sleep;
    const answer = readAnswer(box, name);
    if (answer !== undefined) return { answer };
    const isFree = !isThere(waiting.lock);
    const isNext = free(isFree) && announce(box, "coming", process.pid, build);
    if (!isNext && (looks % THOROUGH !== 0 || look(isFree ? "coming" : "holder"))) continue;
    // Taken back before anybody had it, it is as if it was never asked.
    takeBack(box, name);
    const late = readAnswer(box, name);
    if (!isNext) return { answer: late };
    if (late === undefined) return { coming: box };
    withdraw(box, "coming", process.pid);
    return { answer: late };
  }
}

/** The same, while this process stands still. */
export function waitForHolder(waiting: Waiting): End {
  const looks = lookForHolder(waiting);
  for (;;) {
    const { done, value } = looks.next();
    if (done) return value;
    pause(value);
  }
}

/** Looks whether it is still worth to wait: somebody is there to do it, and seen to do something. */
function thoroughly(waiting: Waiting): (who: Presence | "holder") => boolean {
  const begun = now();
  const still = longEnough(Number(process.env.AYO_ASK_MS) || PATIENCE_MS);
  let seen = 0;
  let cpu: number | undefined;
  return (who) => {
    const changed = statSync(waiting.box).mtimeMs;
    const isStill = still(changed === seen);
    seen = changed;
    if (!mayBeServed(waiting, who)) return false;
    if (!isStill) return true;
    if (now() - begun > LONGEST_MS) return false;
    const other = who === "holder" ? readHolder(waiting.stateDir) : readPresent(waiting.box, who);
    const activity = other === undefined ? undefined : activityOf(other);
    if (activity === undefined || activity.isStopped || activity.cpu === cpu) return false;
    cpu = activity.cpu;
    still(false);
    return true;
  };
}

/** Whether somebody is there to do it, who has not thrown it away because he may not. */
function mayBeServed({ stateDir, box, name, build }: Waiting, who: Presence | "holder"): boolean {
  if (!(isThere(`${box}/${name}.ask`) || isWanted(box, name))) return false;
  if (who === "live") return isPresent(box, "live", build);
  return who === "coming" || servesUs(stateDir, build);
}

/** Tells whether something has been so for long, look by look. */
function longEnough(milliseconds: number): (isSo: boolean) => boolean {
  let since: number | undefined;
  return (isSo) => {
    since = isSo ? (since ?? now()) : undefined;
    return since !== undefined && now() - since > milliseconds;
  };
}

/** Whether it is worth to ask while somebody has the lock: of somebody who takes it just now that is not known yet. */
export function servesUs(stateDir: string, build: string): boolean {
  const holder = readHolder(stateDir);
  if (holder === undefined) return true;
  // Whoever serves nobody is waited for as well: after him somebody may.
  return (holder.serves ?? build) === build && !isProvablyDead(holder);
}

/** Whether there is such a file. */
export function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
