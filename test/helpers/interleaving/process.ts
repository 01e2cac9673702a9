import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { hermeticEnv, sharedHome } from "../hermeticEnv.ts";
import { CLI } from "../runCli.ts";

/** A holder that stands still is replaced after this long, where tests do not want to wait. */
export const STALE_MS = 300;
const PRELOAD = path.resolve(import.meta.dirname, "stopAt.cjs");
const PATIENCE_MS = 60_000;

/** How a command ended; `code` is null where it was killed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of an actor, which may stand still or die on the way. */
export interface ActorProcess {
  readonly ended: Promise<Ended>;
  /** Done when it has ended or stands still. */
  still(): Promise<void>;
  isLive(): boolean;
  /** The call of the disk before which it stands still: its name and paths. */
  standsBefore(): readonly string[];
  /** How many calls there were, of one that was to stop at call 0. */
  calls(): number;
  signal(name: "SIGCONT" | "SIGKILL"): void;
}

/** A call of the disk, from 1; counted are all, or those with `of` in a path. Call 0 never comes: all are counted. */
export interface At {
  readonly call: number;
  readonly by: string;
  readonly of?: string;
}

/** Starts a command; with `at` it stops or dies by itself before that call of the disk. */
export function startActor(
  cwd: string,
  args: readonly string[],
  { input = "", at }: { readonly input?: string; readonly at?: At | null },
): ActorProcess {
  const stopping = {
    NODE_OPTIONS: `--require=${PRELOAD}`,
    AYO_STOP_AT: String(at?.call),
    AYO_STOP_BY: at?.by,
    AYO_STOP_OF: at?.of,
  };
  const env = {
    ...hermeticEnv(sharedHome()),
    AYO_LOCK_STALE_MS: String(STALE_MS),
    ...(at ? stopping : {}),
  } as NodeJS.ProcessEnv;
  const child: ChildProcess = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const said = ["", "", "", ""];
  for (const at of [1, 2, 3]) child.stdio[at]?.on("data", (chunk: Buffer) => (said[at] = `${said[at]}${chunk}`));
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  let isLive = true;
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      isLive = false;
      clearTimeout(timer);
      resolve({ code, stdout: said[1] as string, stderr: said[2] as string });
    });
  });
  const standsStill = () => said[3] !== "" && stateOf(child.pid as number) === "T";
  return {
    ended,
    isLive: () => isLive,
    still: async () => {
      while (isLive && !standsStill()) await new Promise((resolve) => setTimeout(resolve, 2));
    },
    standsBefore: () => (isLive && standsStill() ? (JSON.parse(said[3] as string) as string[]) : []),
    calls: () => Number(said[3]),
    signal: (name) => void child.kill(name),
  };
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
