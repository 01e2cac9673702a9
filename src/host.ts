import { readFileSync, readlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

/** What ayo may know of the process it runs in; tests and servers hand in their own. */
export interface Host {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
  /** The operating system's name for the user, used where git has no identity. */
  readonly user: string;
  /** The user's numeric id, or undefined on Windows. */
  readonly uid: number | undefined;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Who acts, where that is no caller: a pipeline that goes on by itself, whoever made the change before it. */
  readonly acting?: { readonly name: string; readonly email: string; readonly agent: true };
  /** Calls `stop` when a signal is about to end the process, and returns the undo; only where it is ours to end. */
  readonly onInterrupt?: (stop: () => void) => () => void;
  /** Told where a store has thousands of tickets; only in a process that does one small thing and ends. */
  readonly onMany?: (() => void) | undefined;
  /** Set where this is done for another process, which asked for it and waits. */
  readonly request?: HostRequest;
}

/** A command that another process asked for; see store/requests/box.ts. */
export interface HostRequest {
  readonly name: string;
  /** The process that asked: locks, files and records are of the process that does it. */
  readonly pid: number;
  /** Whether it still is to be done. */
  readonly isWanted: () => boolean;
  /** Has it done by whoever asked: it is not for others to do. */
  readonly refuse: () => never;
  /** Commits whose hooks are for whoever asked to run. */
  readonly due: string[];
}

/** The surroundings of this process. With src/cli/main.ts the only code that reads `process`. */
export function currentHost(overrides: Partial<Host> = {}): Host {
  return {
    cwd: overrides.cwd ?? workingDirectory(),
    env: overrides.env ?? process.env,
    platform: process.platform,
    home: overrides.env?.HOME ?? process.env.HOME ?? os.homedir(),
    user: userName(),
    uid: process.getuid?.(),
    pid: process.pid,
    now: Date.now,
    ...overrides,
  };
}

/** Whether a host is this process as it is, with nothing that somebody has put in place of it. */
export function isUnchanged(host: Host): boolean {
  const own = currentHost();
  const names = new Set([...Object.keys(own), ...Object.keys(host)]) as Set<keyof Host>;
  return [...names].every((name) => host[name] === own[name]);
}

/** Whether this process may give files to others and read everybody's. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/**
 * Has this process collect its garbage sooner: for commands that hold thousands of tickets for seconds, and would take
 * twice the memory to save a tenth of the time.
 */
export function keepHeapSmall(): void {
  for (const flag of ["--heap-growing-percent=20", "--semi-space-growth-factor=1"]) setFlagsFromString(flag);
}

/** The program that runs this. */
export function nodeProgram(): string {
  return process.execPath;
}

/** Sends a signal to a process group, or without groups to its leader; false when nobody is left in it. */
export function signalGroup(leader: number, signal: "SIGTERM" | "SIGKILL" | 0): boolean {
  try {
    process.kill(process.platform === "win32" ? leader : -leader, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What a command line gives as `Host.onInterrupt`: after `stop` the signal does what it would have done. */
export function onInterrupt(stop: () => void): () => void {
  const undo = (): void => {
    for (const signal of INTERRUPTS) process.removeListener(signal, handler);
  };
  const handler = (signal: NodeJS.Signals): void => {
    stop();
    undo();
    process.kill(process.pid, signal);
  };
  for (const signal of INTERRUPTS) process.on(signal, handler);
  return undo;
}

/** Has something done when this process ends, also by an error that nobody expected: before that is printed. */
export function atEnd(work: () => void): () => void {
  process.on("exit", work);
  process.on("uncaughtExceptionMonitor", work);
  return () => {
    process.removeListener("exit", work);
    process.removeListener("uncaughtExceptionMonitor", work);
  };
}

/** What is asked twice within this time was asked once: a terminal and npm both pass Ctrl-C on. In milliseconds. */
const SAME_REQUEST = 250;

/**
 * Done when this process is asked to end; a second request ends it, whatever it waits for. While the terminal is lent to
 * another program its ^C and ^\\ are for that. The listeners stay: proper-lockfile's own would take a signal that nobody
 * else listens to for the end of the process.
 */
export function untilEnded(
  signals: readonly NodeJS.Signals[] = INTERRUPTS,
  isLent: () => boolean = () => false,
): Promise<void> {
  let asked: number | undefined;
  return new Promise((resolve) => {
    for (const signal of signals) {
      process.on(signal, () => {
        if (isLent() && (signal === "SIGINT" || signal === "SIGQUIT")) return;
        if (asked !== undefined && performance.now() - asked > SAME_REQUEST)
          process.exit(128 + os.constants.signals[signal]);
        asked ??= performance.now();
        resolve();
      });
    }
  });
}

/** Done at the next ^C, or when this process is asked to end; then it listens no longer. */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const done = (): void => {
      for (const signal of signals) process.off(signal, done);
      resolve();
    };
    for (const signal of signals) process.on(signal, done);
  });
}

/** Stops this process and those of its group, as ^Z does, until somebody continues it. */
export function suspendHere(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGCONT", () => resolve());
    process.kill(0, "SIGTSTP");
  });
}

/** Of a directory that was removed under the process a name that nothing has: what needs it will say that it is gone. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return removedDirectory();
  }
}

function removedDirectory(): string {
  try {
    return readlinkSync("/proc/self/cwd");
  } catch {
    return path.resolve("/", process.env.PWD ?? "", "(deleted)");
  }
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return "unknown";
  }
}

/** A small text file without the white space around it, or "" where it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

/** The directory of the installed package, where templates/ lies: the nearest one above with our package.json. */
export function packageDir(): string {
  let directory = path.dirname(fileURLToPath(import.meta.url));
  while (!readText(path.join(directory, "package.json")).includes('"ayo-tickets"')) {
    const above = path.dirname(directory);
    if (above === directory) break;
    directory = above;
  }
  return directory;
}
