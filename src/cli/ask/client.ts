import { fstatSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import {
  boxIn,
  forgetRequest,
  makeBox,
  putRequest,
  type RequestAnswer,
  requestName,
} from "../../store/change/requests/box.ts";
import { announce, isPresent } from "../../store/change/requests/presence.ts";
import { write } from "../output.ts";
import { isPlaced, kindOf } from "./fits.ts";
import {
  type Asked,
  type Asking,
  type End,
  isThere,
  type Place,
  servesUs,
  type Waiting,
  waitForHolder,
  waitForLive,
} from "./waiting.ts";

/**
 * Asks another process to do this command too, and prints what came of it: one that goes on and knows what has changed,
 * or for a change one that has the lock of the store here, or is on its way to it. Returns "done", or what the command
 * line goes on with by itself.
 */
export function askOthers(words: readonly string[], build: string): "done" | Asked | undefined {
  const kind = process.platform === "linux" ? kindOf(words) : undefined;
  if (kind === undefined || isPlaced(process.env)) return undefined;
  const place = placeHere();
  if (place === undefined) return undefined;
  const asking = { ...place, words, build };
  const asked = askLive(asking) ?? (kind === "write" ? askHolder(asking) : undefined);
  if (asked?.answer !== undefined) return tell(asked.answer);
  if (kind === "write" || asked?.name === undefined) return asked;
  // What only reads is as if it had never been asked.
  forgetRequest(place.box, asked.name);
  return undefined;
}

interface AskingWords extends Asking {
  readonly words: readonly string[];
}

/** Undefined where nobody may be asked here: what a terminal shows, and is asked, is the command's own. */
function placeHere(): Place | undefined {
  try {
    const stateDir = stateHere();
    // What root asks for in somebody's store nobody there may do for it.
    if (stateDir === undefined || statSync(stateDir).uid !== process.getuid?.()) return undefined;
    const box = boxIn(stateDir);
    makeBox(box);
    return { stateDir, box, lock: `${stateDir}/lock` };
  } catch {
    // Whatever is in the way of asking is told to whoever does it himself, or in nobody's way.
    return undefined;
  }
}

/** Puts a request there and waits for its end; undefined where it cannot be put there. */
function put(asking: AskingWords, wait: (waiting: Waiting) => End): End | undefined {
  const { box, words, build } = asking;
  const name = requestName(process.pid, Date.now());
  try {
    const tty = { stdin: isCharacters(0), stdout: isCharacters(1), stderr: isCharacters(2) };
    if (tty.stdout || tty.stdin) return undefined;
    putRequest(box, name, { pid: process.pid, words, tty, columns: 80, build });
  } catch {
    return undefined;
  }
  try {
    const end = wait({ ...asking, name });
    if (end.answer !== undefined) forgetRequest(box, name);
    return { ...end, name };
  } catch {
    // It may have been taken: whoever goes on takes it back first.
    return { name };
  }
}

/** Asks a process that goes on; undefined where there is none, or it does not begin with it soon. */
function askLive(asking: AskingWords): End | undefined {
  if (!isPresent(asking.box, "live", asking.build)) return undefined;
  const end = put(asking, waitForLive);
  return end !== undefined && "answer" in end ? end : undefined;
}

/** Asks whoever has the lock, or comes for it; where nobody does, this process says that it comes. */
function askHolder(asking: AskingWords): End | undefined {
  const { stateDir, box, lock, build } = asking;
  try {
    const isServed = isThere(lock) ? servesUs(stateDir, build) : isPresent(box, "coming", build);
    if (isServed) return put(asking, waitForHolder);
    return !isThere(lock) && announce(box, "coming", process.pid, build) ? { coming: box } : undefined;
  } catch {
    return undefined;
  }
}

/** Prints an answer; its hooks are left. */
function tell(answer: RequestAnswer): "done" | Asked | undefined {
  if (!("code" in answer)) return undefined;
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

function isCharacters(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isCharacterDevice() && stat.rdev >> 8 !== 1;
  } catch {
    return false;
  }
}
