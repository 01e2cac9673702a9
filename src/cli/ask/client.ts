import { fstatSync, mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { activityOf, isProvablyDead } from "../../processes.ts";
import { readHolder } from "../../store/change/lock/card.ts";
import {
  boxIn,
  forgetRequest,
  isWanted,
  putRequest,
  type RequestAnswer,
  readAnswer,
  requestName,
  takeBack,
} from "../../store/change/requests/box.ts";
import { announce, isComing, readComing, withdraw } from "../../store/change/requests/coming.ts";
import { write } from "../output.ts";
import { fits } from "./fits.ts";

/**
 * What the command line is to go on with: a request that was made and may have been taken, which it takes back first; or
 * commits whose hooks it runs. `coming`: it has said in this box that it is on its way to the lock.
 */
export interface Asked {
  readonly name?: string;
  readonly due?: readonly string[];
  readonly coming?: string;
}

/** How long is slept between two looks, at first and at last; in milliseconds. */
const FIRST_MS = 2;
const LAST_MS = 12;
/** One look in so many is at more than whether there is an answer, and whether somebody has the lock. */
const THOROUGH = 5;
/** Whoever gives the lock back may have asked the next to: it is free once it has been for so long. */
const FREE_MS = 10;
/** Nothing that was asked has been answered for so long: somebody may stand still; that is judged by whoever waits for the lock. Tests set AYO_ASK_MS. */
const PATIENCE_MS = 1_500;
/** Whoever is seen to be at something is waited for no longer than this. */
const LONGEST_MS = 5_000;

/**
 * Where another process has the lock of the store here, or is on its way to it, asks that one to do this command too, and
 * prints what came of it. Returns "done", or what the command line goes on with by itself.
 */
export function askOthers(words: readonly string[], build: string): "done" | Asked | undefined {
  if (process.platform !== "linux" || !fits(words)) return undefined;
  const { TICKETS_DIR, AYO_SESSION, AYO_HOOK, GIT_DIR, GIT_INDEX_FILE } = process.env;
  if (TICKETS_DIR || AYO_SESSION || AYO_HOOK || GIT_DIR || GIT_INDEX_FILE) return undefined;
  const asked = ask(words, build);
  return asked?.answer === undefined ? asked : tell(asked.answer);
}

/** What was asked, and the answer where somebody gave one; undefined where nobody could be asked. */
function ask(words: readonly string[], build: string): (Asked & { answer?: RequestAnswer | undefined }) | undefined {
  const name = requestName(process.pid, Date.now());
  let box: string;
  let lock: string;
  try {
    const stateDir = stateHere();
    // What root asks for in somebody's store nobody there may do for it.
    if (stateDir === undefined || statSync(stateDir).uid !== process.getuid?.()) return undefined;
    box = boxIn(stateDir);
    lock = `${stateDir}/lock`;
    mkdirSync(box, { recursive: true, mode: 0o700 });
    const isServed = isThere(lock) ? servesUs(stateDir, build) : isComing(box, build);
    if (!isServed) return !isThere(lock) && announce(box, process.pid, build) ? { coming: box } : undefined;
    const tty = { stdin: isCharacters(0), stdout: isCharacters(1), stderr: isCharacters(2) };
    // What a terminal shows, and is asked, is the command's own.
    if (tty.stdout || tty.stdin) return undefined;
    putRequest(box, name, { pid: process.pid, words, tty, columns: 80, build });
  } catch {
    // Whatever is in the way of asking is told to whoever does it himself, or in nobody's way.
    return undefined;
  }
  try {
    const end = wait({ stateDir: path.dirname(box), box, lock, name, build });
    if (end.answer === undefined) return { name, ...end };
    forgetRequest(box, name);
    if (end.coming !== undefined) withdraw(box, process.pid);
    return { name, answer: end.answer };
  } catch {
    // It may have been taken: whoever goes on takes it back first.
    return { name };
  }
}

/** Where a request waits, and for whom. */
interface Waiting {
  readonly stateDir: string;
  readonly box: string;
  readonly lock: string;
  readonly name: string;
  readonly build: string;
}

/** The answer; none where nobody gives one, or this process is the next to take the lock. */
function wait(waiting: Waiting): { answer?: RequestAnswer | undefined; coming?: string } {
  const { box, name, build } = waiting;
  const free = longEnough(FREE_MS);
  const look = thoroughly(waiting);
  for (let looks = 1, sleep = FIRST_MS; ; looks++, sleep = Math.min(sleep + 1, LAST_MS)) {
    pause(sleep);
    const answer = readAnswer(box, name);
    if (answer !== undefined) return { answer };
    const isFree = !isThere(waiting.lock);
    const isNext = free(isFree) && announce(box, process.pid, build);
    if (!isNext && (looks % THOROUGH !== 0 || look(isFree))) continue;
    // Taken back before anybody had it, it is as if it was never asked.
    takeBack(box, name);
    return { answer: readAnswer(box, name), ...(isNext ? { coming: box } : {}) };
  }
}

/** Looks whether it is still worth to wait: somebody is there to do it, and seen to do something. */
function thoroughly(waiting: Waiting): (isFree: boolean) => boolean {
  const begun = now();
  const still = longEnough(Number(process.env.AYO_ASK_MS) || PATIENCE_MS);
  let seen = 0;
  let cpu: number | undefined;
  return (isFree) => {
    const changed = statSync(waiting.box).mtimeMs;
    const isStill = still(changed === seen);
    seen = changed;
    if (!mayBeServed(waiting, isFree)) return false;
    if (!isStill) return true;
    if (now() - begun > LONGEST_MS) return false;
    const holder = isFree ? readComing(waiting.box) : readHolder(waiting.stateDir);
    const activity = holder === undefined ? undefined : activityOf(holder);
    if (activity === undefined || activity.isStopped || activity.cpu === cpu) return false;
    cpu = activity.cpu;
    still(false);
    return true;
  };
}

/** Tells whether something has been so for long, look by look. */
function longEnough(milliseconds: number): (isSo: boolean) => boolean {
  let since: number | undefined;
  return (isSo) => {
    since = isSo ? (since ?? now()) : undefined;
    return since !== undefined && now() - since > milliseconds;
  };
}

/** Whether somebody is there to do it, who has not thrown it away because he may not. */
function mayBeServed({ stateDir, box, name, build }: Waiting, isFree: boolean): boolean {
  if (!(isThere(`${box}/${name}.ask`) || isWanted(box, name))) return false;
  return isFree || servesUs(stateDir, build);
}

/** Prints an answer; its hooks are left. */
function tell(answer: RequestAnswer): "done" | Asked | undefined {
  if ("refused" in answer) return undefined;
  write(2, answer.err);
  process.exitCode = answer.code;
  try {
    write(1, answer.out);
  } catch (error) {
    // It must not be done again.
    write(2, `note: the change is made, and this could not be printed: ${(error as Error).message}\n`);
  }
  return answer.due.length === 0 ? "done" : { due: answer.due };
}

/** The private folder of the store that is found from here, where it has a repository of its own. */
function stateHere(): string | undefined {
  for (let dir = process.cwd(); ; dir = path.dirname(dir)) {
    if (isThere(`${dir}/.tickets`)) return `${dir}/.tickets/.git/ayo`;
    const git = statSync(`${dir}/.git`, { throwIfNoEntry: false });
    if (git !== undefined) return git.isFile() ? besideCommon(`${dir}/.git`) : undefined;
    if (dir === path.dirname(dir)) return undefined;
  }
}

/** The same for a linked worktree: the store lies beside the repository's own folder. */
function besideCommon(file: string): string | undefined {
  const [, gitDir = ""] = /^gitdir: (.*\/\.git)\/worktrees\/[^/\n]+\n?$/.exec(readFileSync(file, "utf8")) ?? [];
  const store = `${path.dirname(gitDir)}/.tickets`;
  return gitDir !== "" && isThere(store) ? `${store}/.git/ayo` : undefined;
}

/** Whether it is worth to ask while somebody has the lock: of somebody who takes it just now that is not known yet. */
function servesUs(stateDir: string, build: string): boolean {
  const holder = readHolder(stateDir);
  if (holder === undefined) return true;
  // Whoever serves nobody is waited for as well: after him somebody may.
  return (holder.serves ?? build) === build && !isProvablyDead(holder);
}

function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function isCharacters(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isCharacterDevice() && stat.rdev >> 8 !== 1;
  } catch {
    return false;
  }
}

function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
