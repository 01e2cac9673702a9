import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import os from "node:os";
import process from "node:process";
import { readText } from "./host.ts";

/**
 * Who holds a lock: enough to prove that the holder is dead, also after a reboot, in another container, or once its pid
 * was given anew.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
  readonly pidNamespace: string;
}

/** This machine's boot, or "" where it cannot be told. */
export function bootId(): string {
  boot ||= readText("/proc/sys/kernel/random/boot_id");
  return boot;
}

/** No process outlives it. */
let boot = "";

/** A moment by a clock that nobody sets: seconds since this machine was started, and which start that was. */
export interface Moment {
  readonly boot: string;
  readonly up: number;
}

/** This moment. Where the system does not tell its starts apart, one whose clock was set counts as another. */
export function momentNow(): Moment {
  const up = os.uptime();
  return { boot: bootId().trim() || `at ${Math.round((Date.now() / 1000 - up) / 10)}`, up };
}

/** Milliseconds since a moment; undefined where the machine was started again since. */
export function msSince({ boot, up }: Moment): number | undefined {
  const now = momentNow();
  return now.boot === boot && now.up >= up ? (now.up - up) * 1000 : undefined;
}

/** Identifies a running process; fields are "" where the platform does not tell (then nothing can be proven). */
export function processIdentity(pid: number): ProcessIdentity {
  return { pid, startTime: startTime(pid), bootId: bootId(), pidNamespace: namespaceOf() };
}

/**
 * Whether the process that wrote `holder` is certainly gone: another boot, no such pid, the pid was reused, or it ended
 * and whoever started it never asks how (in a container often for ever).
 */
export function isProvablyDead(holder: ProcessIdentity): boolean {
  const boot = bootId();
  if (boot === "" || holder.bootId === "") return false;
  if (holder.bootId !== boot) return true;
  if (holder.pidNamespace !== namespaceOf()) return false;
  const fields = statFields(`/proc/${holder.pid}/stat`);
  const started = fields[19] ?? "";
  if (started === "") return !isRunning(holder.pid);
  return started !== holder.startTime || isZombie(holder.pid, fields);
}

/** Whether all of it has ended; of threads that still end the system tells. */
function isZombie(pid: number, [state]: readonly string[]): boolean {
  return state === "Z" && threadStates(pid).every((one) => one === "Z" || one === "X");
}

/** What a process is seen to do: two equal looks, and it stood still between them. */
export interface Activity {
  /** Its CPU time so far, in ticks of the clock. */
  readonly cpu: number;
  /** Whether none of its threads runs, is about to, or waits for the disk: it sleeps, or somebody stopped it. */
  readonly isIdle: boolean;
  /** Whether a signal, a debugger or the like stopped it. */
  readonly isStopped: boolean;
}

/** What the process that wrote `holder` is doing; undefined where this system or another container does not tell. */
export function activityOf(holder: ProcessIdentity): Activity | undefined {
  if (holder.bootId === "" || holder.bootId !== bootId() || holder.pidNamespace !== namespaceOf()) return undefined;
  const fields = statFields(`/proc/${holder.pid}/stat`);
  if (fields[19] !== holder.startTime) return undefined;
  const states = threadStates(holder.pid);
  return {
    cpu: Number(fields[11]) + Number(fields[12]),
    isIdle: states.every((state) => state !== "R" && state !== "D"),
    isStopped: states.every((state) => state === "T" || state === "t"),
  };
}

function threadStates(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => statFields(`/proc/${pid}/task/${thread}/stat`)[0] ?? "");
  } catch {
    return [];
  }
}

/** A process above this one: its words, and its working directory where the system tells it. */
export interface Ancestor {
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
}

/** The processes that this one was started by, the nearest first; none where the system does not tell. */
export function ancestors(): Ancestor[] {
  const found: Ancestor[] = [];
  const table = existsSync("/proc/self/stat") ? undefined : processTable();
  for (let pid = process.ppid; pid > 1 && found.length < MAX_ANCESTORS; ) {
    const one = table === undefined ? fromProc(pid) : table.get(pid);
    if (one === undefined) break;
    found.push(one);
    pid = one.parent;
  }
  return found;
}

const MAX_ANCESTORS = 64;

/**
 * The environment with which the outermost process above this one was started that has `variable`; this process's own
 * counts last. Undefined where none has it, or the system does not tell (only Linux does).
 */
export function outermostWith(variable: string, pid: number): Readonly<Record<string, string>> | undefined {
  // The pid of another may be another one's tomorrow.
  if (pid !== process.pid) return findOutermost(variable, pid);
  // Who started us does not change, and what it was started with neither.
  if (!outermost.has(variable)) outermost.set(variable, findOutermost(variable, pid));
  return outermost.get(variable);
}

const outermost = new Map<string, Readonly<Record<string, string>> | undefined>();

function findOutermost(variable: string, pid: number): Record<string, string> | undefined {
  let found: string | undefined;
  for (let at = pid, n = 0; at > 1 && n < MAX_ANCESTORS; n++) {
    const environment = rawText(`/proc/${at}/environ`);
    if (environment.startsWith(`${variable}=`) || environment.includes(`\0${variable}=`)) found = environment;
    at = Number(statFields(`/proc/${at}/stat`)[1] ?? 0);
  }
  if (found === undefined) return undefined;
  const pairs = found.split("\0").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)] as const];
  });
  return Object.fromEntries(pairs);
}

/**
 * The processes whose environment was given `variable` with this value when they were started: wherever they went since,
 * also in sessions of their own. None where the system does not tell (Linux and macOS do).
 */
export function processesWith(variable: string, value: string): ProcessIdentity[] {
  const pair = `${variable}=${value}`;
  if (!existsSync("/proc/self/environ")) return pidsByPs(pair).map(processIdentity);
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const environment = `\0${rawText(`/proc/${pid}/environ`)}`;
    const hasEnded = (): boolean => statFields(`/proc/${pid}/stat`)[0] === "Z";
    return environment.includes(`\0${pair}\0`) && !hasEnded() ? [processIdentity(Number(pid))] : [];
  });
}

/** The processes that these started, and those that they did, as far as nobody between them has ended. */
export function processesBelow(pids: readonly number[]): ProcessIdentity[] {
  const parents = existsSync("/proc/self/stat")
    ? readdirSync("/proc").flatMap((name) =>
        /^\d+$/.test(name) ? [[Number(name), Number(statFields(`/proc/${name}/stat`)[1] ?? 0)] as const] : [],
      )
    : [...processTable()].map(([pid, { parent }]) => [pid, parent] as const);
  const found = new Set(pids);
  // A child may have a smaller number than its parent.
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found].filter((pid) => !pids.includes(pid)).map(processIdentity);
}

function pidsByPs(pair: string): number[] {
  const { stdout } = spawnSync("ps", ["-axwwE", "-o", "pid=,command="], { encoding: "utf8" });
  return (stdout ?? "")
    .split("\n")
    .flatMap((line) => (` ${line} `.includes(` ${pair} `) ? [Number.parseInt(line, 10)] : []));
}

/** Whether this is the leader of its process group: what a signal to the group reaches is what it started. */
export function isGroupLeader(pid: number): boolean {
  return statFields(`/proc/${pid}/stat`)[2] === String(pid);
}

function rawText(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

function fromProc(pid: number): (Ancestor & { readonly parent: number }) | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === "") return undefined;
  const argv = readText(`/proc/${pid}/cmdline`).replace(/\0$/, "").split("\0");
  return { argv, cwd: linkOf(`/proc/${pid}/cwd`), parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) };
}

/** What ps knows, for systems without /proc; empty where there is no ps either. */
export function processTable(): Map<number, Ancestor & { readonly parent: number }> {
  const { stdout } = spawnSync("ps", ["-axww", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const lines = (stdout ?? "").matchAll(/^ *(\d+) +(\d+) +(.*)$/gm);
  return new Map(
    [...lines].map(([, pid, parent, args = ""]) => [
      Number(pid),
      { argv: args.split(" "), cwd: undefined, parent: Number(parent) },
    ]),
  );
}

/** Whether there is such a process now, whoever's it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Sends a signal to one process; false where it is gone, or not ours to signal. */
export function signalProcess(pid: number, signal: "SIGTERM" | "SIGKILL"): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function startTime(pid: number): string {
  return statFields(`/proc/${pid}/stat`)[19] ?? "";
}

/** The fields of a process's or thread's stat from the third on, its state; the second may hold spaces. */
function statFields(file: string): string[] {
  const stat = readText(file);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function namespaceOf(): string {
  return linkOf("/proc/self/ns/pid") ?? "";
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
