import { fstatSync, mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { isProvablyDead } from "../../processes.ts";
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
import { write } from "../output.ts";
import { fits } from "./fits.ts";

/**
 * What the command line is to go on with: a request that was made and may have been taken, which it takes back first; or
 * commits whose hooks it runs.
 */
export interface Asked {
  readonly name?: string;
  readonly due?: readonly string[];
}

/** How long is slept between two looks, at first and at last; in milliseconds. */
const FIRST_MS = 2;
const LAST_MS = 12;
/** Nobody has the lock for so long: then we take it. Whoever gives it back may have asked the next to. */
const FREE_MS = 40;
/** Whoever does not answer for so long may stand still; that is judged by whoever waits for the lock. Tests set AYO_ASK_MS. */
const PATIENCE_MS = 1_500;

/**
 * Where another process has the lock of the store here, asks it to do this command too, and prints what came of it.
 * Returns "done", or what the command line goes on with by itself.
 */
export function askOthers(words: readonly string[], build: string): "done" | Asked | undefined {
  if (process.platform !== "linux" || !fits(words)) return undefined;
  const { TICKETS_DIR, AYO_SESSION, AYO_HOOK, GIT_DIR, GIT_INDEX_FILE } = process.env;
  if (TICKETS_DIR || AYO_SESSION || AYO_HOOK || GIT_DIR || GIT_INDEX_FILE) return undefined;
  const asked = ask(words, build);
  if (asked === undefined) return undefined;
  const { answer, name } = asked;
  return answer === undefined ? { name } : tell(answer);
}

/** What was asked, and the answer where somebody gave one; undefined where nobody could be asked. */
function ask(words: readonly string[], build: string): { name: string; answer: RequestAnswer | undefined } | undefined {
  const name = requestName(process.pid, Date.now());
  let stateDir: string | undefined;
  try {
    stateDir = stateHere();
    if (stateDir === undefined || !isServed(stateDir, build)) return undefined;
    // What root asks for in somebody's store nobody there may do for it.
    if (statSync(stateDir).uid !== process.getuid?.()) return undefined;
    const tty = { stdin: isCharacters(0), stdout: isCharacters(1), stderr: isCharacters(2) };
    // What a terminal shows, and is asked, is the command's own.
    if (tty.stdout || tty.stdin) return undefined;
    const box = boxIn(stateDir);
    mkdirSync(box, { recursive: true, mode: 0o700 });
    putRequest(box, name, { pid: process.pid, words, tty, columns: 80, build });
  } catch {
    // Whatever is in the way of asking is told to whoever does it himself, or in nobody's way.
    return undefined;
  }
  try {
    const box = boxIn(stateDir);
    const answer = wait(stateDir, box, name, build);
    if (answer !== undefined) forgetRequest(box, name);
    return { name, answer };
  } catch {
    // It may have been taken: whoever goes on takes it back first.
    return { name, answer: undefined };
  }
}

/** The answer; undefined where nobody gives one. */
function wait(stateDir: string, box: string, name: string, build: string): RequestAnswer | undefined {
  const begun = now();
  const patience = Number(process.env.AYO_ASK_MS) || PATIENCE_MS;
  let freeSince: number | undefined;
  for (let sleep = FIRST_MS; ; sleep = Math.min(sleep + 1, LAST_MS)) {
    pause(sleep);
    const answer = readAnswer(box, name);
    if (answer !== undefined) return answer;
    if (isServed(stateDir, build)) freeSince = undefined;
    else freeSince ??= now();
    const isFree = freeSince !== undefined && now() - freeSince > FREE_MS * (0.5 + Math.random());
    // Somebody who may not act for us has thrown it away.
    const isGone = !(isThere(`${box}/${name}.ask`) || isWanted(box, name));
    if (!isFree && !isGone && now() - begun < patience) continue;
    // Taken back before anybody had it, it is as if it was never asked.
    takeBack(box, name);
    return readAnswer(box, name);
  }
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

/** Whether somebody has the lock who can be asked: of whoever takes it just now that is not known yet. */
function isServed(stateDir: string, build: string): boolean {
  if (!isThere(`${stateDir}/lock`)) return false;
  const holder = readHolder(stateDir);
  return holder === undefined || (holder.serves === build && !isProvablyDead(holder));
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
