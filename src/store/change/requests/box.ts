import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";

/**
 * The files by which a command asks the process that has the store's lock to do its work too. They lie in `ayo/ask/`,
 * and a request is in one state at a time, changed by renames of which one succeeds:
 * - `<name>.ask`: nobody has it. Whoever asked may take it back.
 * - `<name>.taken`: somebody is at it. Whoever asked takes it back with the store's lock held, and no later than that
 *   it is not done any more (swap.ts looks for this file once its record is on the disk).
 * - `<name>.answer`: done or refused; whoever asked reads and removes it.
 * `<name>.done` is there from before the change's redo record goes until it is answered, and names the commit: whoever
 * finds it need not do it again.
 * Written with nothing but node:fs: whoever waits loads no more.
 */

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** What is asked for: by a command, or by a program that calls a function of the library. */
export type Request = AskedWords | AskedCall;

interface AskedBy {
  readonly pid: number;
  /** The code that asked: no other answers for it. */
  readonly build: string;
}

/** A command line. */
export interface AskedWords extends AskedBy {
  readonly words: readonly string[];
  readonly tty: Readonly<Record<"stdin" | "stdout" | "stderr", boolean>>;
  readonly columns: number;
}

/** A verb with its input. */
export interface AskedCall extends AskedBy {
  readonly verb: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Where that process has the file of this request open: nobody acts in the name of another by a file. */
  readonly descriptor: number;
}

/** An error as it is written down. */
export interface ErrorJson {
  readonly code: string;
  readonly message: string;
  readonly try?: readonly string[] | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** What came of it. */
export type RequestAnswer =
  | {
      readonly code: number;
      readonly out: string;
      readonly err: string;
      /** Commits whose hooks are for whoever asked to run. */
      readonly due: readonly string[];
    }
  | { readonly value: unknown; readonly due: readonly string[] }
  | { readonly error: ErrorJson; readonly due: readonly string[] }
  /** It is not for others to do. */
  | { readonly refused: true };

/** The folder of the requests of a store. */
export function boxIn(stateDir: string): string {
  return `${stateDir}/ask`;
}

/** Makes the folder where it is missing: not that which it lies in, which may just have been moved away. */
export function makeBox(box: string): void {
  try {
    mkdirSync(box, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !isBox(box)) throw error;
  }
}

/** Whether the folder is there, and not a link to another one. */
export function isBox(box: string): boolean {
  return lstatSync(box, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Puts a request there, whole; the names sort by the time they were put there. */
export function putRequest(box: string, name: string, request: AskedWords): void {
  const temporary = `${box}/${name}.tmp`;
  writeFileSync(temporary, JSON.stringify(request), { mode: 0o600 });
  renameSync(temporary, `${box}/${name}.ask`);
}

/** Puts a call there; its file stays open until it is ended, at the descriptor that is returned. */
export function putCall(box: string, name: string, call: Omit<AskedCall, "descriptor">): number {
  const temporary = `${box}/${name}.tmp`;
  const descriptor = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(descriptor, JSON.stringify({ ...call, descriptor } satisfies AskedCall));
    renameSync(temporary, `${box}/${name}.ask`);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    forgetRequest(box, name);
    throw error;
  }
}

/** A request's name: none is given twice, also where containers share the store. */
export function requestName(pid: number, now: number): string {
  const time = now.toString(36).padStart(9, "0");
  return `${time}-${pid.toString(36)}-${namespace()}-${Math.random().toString(36).slice(2, 8)}`;
}

/** The number of what gives the pids. */
function namespace(): string {
  return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "";
}

/** Whether the process that asked would be one of those that we see. */
export function isAskedHere(name: string): boolean {
  return name.split("-")[2] === namespace();
}

/** Takes a request back that nobody has taken; false where somebody has. */
export function takeBack(box: string, name: string): boolean {
  return removed(`${box}/${name}.ask`);
}

/** The requests that wait, oldest first; none where there is no such folder. */
export function waitingRequests(box: string): string[] {
  try {
    return readdirSync(box)
      .flatMap((file) => (file.endsWith(".ask") ? [file.slice(0, -4)] : []))
      .sort();
  } catch {
    return [];
  }
}

/** Takes a request to do it; undefined where others have, or it is none. */
export function takeRequest(box: string, name: string): Request | undefined {
  const taken = `${box}/${name}.taken`;
  try {
    renameSync(`${box}/${name}.ask`, taken);
    return JSON.parse(readFileSync(taken, "utf8")) as Request;
  } catch {
    return undefined;
  }
}

/** Whether whoever asked still wants it. */
export function isWanted(box: string, name: string): boolean {
  return existsSync(`${box}/${name}.taken`);
}

/**
 * Answers a request; what was answered first stays. Whoever has taken it back meanwhile, from one who stood still, goes
 * by what was noted of it, and reads no answer.
 */
export function answerRequest(box: string, name: string, answer: RequestAnswer): void {
  const file = `${box}/${name}.answer`;
  if (existsSync(file)) return;
  const temporary = `${box}/${name}.tmp`;
  writeFileSync(temporary, JSON.stringify(answer), { mode: 0o600 });
  renameSync(temporary, file);
  if (!removed(`${box}/${name}.taken`)) removed(file);
}

/** The answer, if it is there; what it says on a terminal cannot steer that, whoever wrote it. */
export function readAnswer(box: string, name: string): RequestAnswer | undefined {
  const file = `${box}/${name}.answer`;
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    const answer = JSON.parse(readFileSync(file, "utf8")) as RequestAnswer;
    return "err" in answer ? { ...answer, err: answer.err.replaceAll(/(?![\n\t])\p{Cc}/gu, "\uFFFD") } : answer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Notes the commit of a request before its record goes: the first, since what may follow it is no part of the answer.
 * Where the folder is gone nobody asks for it any more.
 */
export function noteDone(box: string, name: string, commit: string): void {
  if (doneAs(box, name) !== undefined) return;
  try {
    writeFileSync(`${box}/${name}.done`, commit, { mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** The commit of a request that nobody has answered yet. Of half a note the record is still there. */
export function doneAs(box: string, name: string): string | undefined {
  const file = `${box}/${name}.done`;
  const commit = existsSync(file) ? readFileSync(file, "utf8") : "";
  return COMMIT.test(commit) ? commit : undefined;
}

/** Forgets what was asked and answered. What cannot be removed says nothing to anybody else. */
export function forgetRequest(box: string, name: string): void {
  for (const state of ["ask", "taken", "answer", "done", "tmp"]) {
    try {
      removed(`${box}/${name}.${state}`);
    } catch {
      // Whoever comes next tries again.
    }
  }
}

/** Takes a request back for good, with the store's lock held: whoever took it does not begin with it any more. */
export function takeBackForGood(box: string, name: string): void {
  removed(`${box}/${name}.ask`);
  removed(`${box}/${name}.taken`);
}

/** The process that asked, by the name. */
export function askedBy(name: string): number {
  return Number.parseInt(name.split("-")[1] ?? "", 36);
}

/** Every file of a request in the box, with which that is. */
export function filesIn(box: string): { readonly name: string; readonly file: string }[] {
  try {
    const files = readdirSync(box).filter((file) => file.includes("."));
    return files.map((file) => ({ name: file.slice(0, file.lastIndexOf(".")), file: `${box}/${file}` }));
  } catch {
    return [];
  }
}

function removed(file: string): boolean {
  try {
    unlinkSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
