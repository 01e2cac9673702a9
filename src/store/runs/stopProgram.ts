import { signalGroup } from "../../host.ts";
import {
  isProvablyDead,
  isRunning,
  type ProcessIdentity,
  processesBelow,
  processesWith,
  signalProcess,
} from "../../processes.ts";
import { RUN_VARIABLE } from "../open/identity/identity.ts";
import type { RunRecord } from "./record.ts";

/** Between asking a program to end and ending it. In milliseconds, like all here. */
const GRACE_MS = 10_000;
const SHORT_MS = 2_000;
const LOOK_MS = 50;
/** Whoever starts itself again faster than it is ended is told of. */
const MAX_ROUNDS = 10;

/**
 * Ends the program of a run and everything that it started: its process group first, then whatever carries the name of
 * the run, wherever it went. Returns whether nothing is left.
 */
export async function stopProgram(
  { run, child }: Pick<RunRecord, "run" | "child">,
  graceMs = GRACE_MS,
): Promise<boolean> {
  // Who empties its environment is still known by who started it, as long as that one lives.
  const below: ProcessIdentity[] = [];
  if (child !== undefined && !isProvablyDead(child)) {
    below.push(...processesBelow([child.pid]));
    signalGroup(child.pid, "SIGTERM");
    await until(() => !isRunning(child.pid) || isProvablyDead(child), graceMs);
    if (!isProvablyDead(child)) {
      below.push(...processesBelow([child.pid]));
      signalGroup(child.pid, "SIGKILL");
    }
  }
  const isClean = await sweep(run);
  for (const one of below) if (!isProvablyDead(one)) signalProcess(one.pid, "SIGKILL");
  return isClean;
}

/** Ends every process that carries the name of a run: first asked, then not asked. */
export async function sweep(run: string): Promise<boolean> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const left = processesWith(RUN_VARIABLE, run);
    if (left.length === 0) return true;
    for (const { pid } of left) signalProcess(pid, round === 0 ? "SIGTERM" : "SIGKILL");
    await until(() => left.every(isProvablyDead), round === 0 ? SHORT_MS : SHORT_MS / 4);
  }
  return processesWith(RUN_VARIABLE, run).length === 0;
}

async function until(isDone: () => boolean, limitMs: number): Promise<void> {
  const limit = performance.now() + limitMs;
  while (!isDone() && performance.now() < limit) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
