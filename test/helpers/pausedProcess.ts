import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Env, hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { type CliOptions, type CliResult, programFor } from "./runCli.ts";
import type { TempStore } from "./tempStore.ts";

const PRELOAD = path.resolve(import.meta.dirname, "pauseAt.cjs");

/** A command that stops itself on the way. */
export interface PausedProcess {
  /** Done when it stands still (true) or has ended without (false). */
  readonly paused: Promise<boolean>;
  /** The same once it was resumed, where it stops several times. */
  readonly pausedAgain: () => Promise<boolean>;
  /** How it ended. */
  readonly ended: Promise<CliResult>;
  /** Lets it go on; where it never stopped, nothing. */
  resume(): void;
  /** Ends it at once. */
  kill(): void;
}

/** What else a command that stops gets. */
export type PauseOptions = CliOptions & {
  /** Looks at the store count as points too. */
  readonly reads?: boolean;
  /** The count begins with the first call that fits; of several lines, each stops it once (see pauseAt.cjs). */
  readonly from?: string;
};

/** Those that have not ended: a process that stands still would outlive the tests. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a command that stops itself at its `at`-th call of the disk, from 1 (see pauseAt.cjs). */
export function startPaused(
  { dir }: TempStore,
  at: number | readonly number[],
  args: readonly string[],
  { input = "", env = {}, reads = false, from = "" }: PauseOptions = {},
): PausedProcess {
  const child = spawn(process.execPath, programFor(args), { cwd: dir, env: envOf(env, { at, reads, from }) });
  running.add(child);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let code: number | null | undefined;
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      running.delete(child);
      code = status;
      resolve({ code: status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
  const { pid } = child;
  const untilPaused = async (): Promise<boolean> => {
    while (code === undefined && pid !== undefined) {
      if (stateOf(pid) === "T") return true;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return false;
  };
  return {
    paused: untilPaused(),
    pausedAgain: untilPaused,
    ended,
    resume: () => void child.kill("SIGCONT"),
    kill: () => void child.kill("SIGKILL"),
  };
}

function envOf(
  env: Env,
  { at, reads, from }: Required<Pick<PauseOptions, "reads" | "from">> & { readonly at: number | readonly number[] },
) {
  const pausing = {
    NODE_OPTIONS: `--require=${PRELOAD}`,
    AYO_PAUSE_AT: String(at),
    AYO_PAUSE_READS: reads ? "1" : "0",
    AYO_PAUSE_FROM: from,
  };
  return { ...hermeticEnv(sharedHome()), ...env, ...pausing };
}

/** A process's state as the kernel has it: R runs, S sleeps, T stands still; "" where it is gone. */
function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses and may hold spaces.
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
  } catch {
    return "";
  }
}
