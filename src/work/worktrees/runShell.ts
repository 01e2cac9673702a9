import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { makeFolders } from "../../folderOwner.ts";
import { mapFsError } from "../../git/disk/durable.ts";
import { signalGroup } from "../../host.ts";
import { isProvablyDead, type ProcessIdentity, processesBelow, signalProcess } from "../../processes.ts";
import { sweep } from "../../store/runs/stopProgram.ts";

/** How a command is run by the shell. */
export interface ShellRun {
  readonly command: string;
  /** All that it gets to know; AYO_RUN names what it starts. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets what it prints. */
  readonly logFile: string;
  readonly timeoutMs: number;
  readonly platform: string;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}

/** What differs between commands. */
export interface Manner {
  readonly dir: string;
  /** Between SIGTERM and SIGKILL; in milliseconds. */
  readonly graceMs: number;
  /** Whoever prints more is ended; in bytes. */
  readonly mostBytes?: number;
  /** What an earlier one printed stays. */
  readonly keepsLog?: boolean;
}

/** How it ended. */
export type ShellEnd = { readonly isClean: boolean } & (
  | { readonly how: "exit"; readonly code: number }
  | { readonly how: "signal"; readonly signal: string }
  | { readonly how: "stopped" | "late" | "large" }
  | { readonly how: "unstartable"; readonly message: string }
);

type How = ShellEnd extends infer E ? (E extends unknown ? Omit<E, "isClean"> : never) : never;

const LOOK_MS = 100;
const FAMILY_MS = 1_000;

/**
 * Runs a command by the shell in a process group of its own. When it is over, or its time is, everything is ended that it
 * started: its group, whoever came from it, and what carries its AYO_RUN; `isClean` says whether that went well.
 * @throws disk_full, store_not_writable for its log
 */
export async function runShell(run: ShellRun, manner: Manner): Promise<ShellEnd> {
  if (run.signal?.aborted) return { how: "stopped", isClean: true };
  const log = openLog(run.logFile, manner.keepsLog === true ? "a" : "w");
  try {
    return await runLogged(run, manner, log);
  } finally {
    closeSync(log);
  }
}

function runLogged(run: ShellRun, { dir, graceMs, mostBytes }: Manner, log: number): Promise<ShellEnd> {
  const { command, env, timeoutMs, platform, signal, logFile } = run;
  return new Promise((resolve) => {
    const isWindows = platform === "win32";
    const [file, words] = isWindows ? ["cmd", ["/d", "/s", "/c", `"${command}"`]] : ["/bin/sh", ["-c", command]];
    const child = spawn(file as string, words as string[], {
      cwd: dir,
      env,
      detached: !isWindows,
      windowsVerbatimArguments: true,
      stdio: ["ignore", log, log],
    });
    let forced: How | undefined;
    // Who empties its environment is still known by who started it, as long as that one lives.
    const below = new Map<number, ProcessIdentity>();
    const remember = (): void => {
      for (const one of child.pid === undefined ? [] : processesBelow([child.pid])) below.set(one.pid, one);
    };
    const end = (how: How): void => {
      forced ??= how;
      remember();
      if (child.pid !== undefined) void endGroup(child.pid, graceMs);
    };
    const stopped = (): void => end({ how: "stopped" });
    const timer = setTimeout(() => end({ how: "late" }), timeoutMs);
    const family = setInterval(remember, FAMILY_MS);
    const look = setInterval(() => {
      if (mostBytes !== undefined && sizeOf(logFile) > mostBytes) end({ how: "large" });
    }, LOOK_MS);
    signal?.addEventListener("abort", stopped);
    const done = async (how: How): Promise<void> => {
      clearTimeout(timer);
      clearInterval(look);
      clearInterval(family);
      signal?.removeEventListener("abort", stopped);
      if (child.pid !== undefined) await endGroup(child.pid, graceMs);
      const isClean = env.AYO_RUN === undefined || (await sweep(env.AYO_RUN));
      for (const one of below.values()) if (!isProvablyDead(one)) signalProcess(one.pid, "SIGKILL");
      resolve({ ...(forced ?? how), isClean });
    };
    child.on("error", (error) => void done({ how: "unstartable", message: error.message }));
    child.on(
      "exit",
      (code, by) => void done(by === null ? { how: "exit", code: code ?? 1 } : { how: "signal", signal: by }),
    );
  });
}

async function endGroup(group: number, graceMs: number): Promise<void> {
  if (graceMs > 0) {
    if (!signalGroup(group, "SIGTERM")) return;
    const limit = performance.now() + graceMs;
    while (performance.now() < limit && signalGroup(group, 0)) await new Promise((next) => setTimeout(next, 20));
  }
  signalGroup(group, "SIGKILL");
}

/** `90 s` or `30 min`. */
export function spanOf(ms: number): string {
  return ms < 60_000 ? `${ms / 1000} s` : `${Math.round(ms / 60_000)} min`;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function openLog(file: string, flags: "a" | "w"): number {
  try {
    makeFolders(path.dirname(file), 0o700);
    return openSync(file, flags, 0o600);
  } catch (error) {
    throw mapFsError(error, file);
  }
}

/** The end of a log. */
export function endOf(file: string, bytes: number): string {
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const buffer = Buffer.alloc(Math.min(size, bytes));
    readSync(handle, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8").trimEnd();
  } finally {
    closeSync(handle);
  }
}
