import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, readlinkSync, rmSync } from "node:fs";
import path from "node:path";
import { onTestFinished, vi } from "vitest";
import { type Env, hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { CLI, type CliResult } from "./runCli.ts";
import { tempDir } from "./tempDir.ts";
import type { TempStore } from "./tempStore.ts";

const REPORTER = path.join(import.meta.dirname, "loadReport.cjs");

/** Starts a process that goes on and helps commands; resolves once it says so. It is killed when the test ends. */
export async function startHelper(
  store: TempStore,
  words: readonly string[] = ["watch"],
  more: Env = {},
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CLI, ...words], {
    cwd: store.dir,
    env: { ...hermeticEnv(sharedHome()), ...more },
  });
  child.stdout.resume();
  child.stderr.resume();
  onTestFinished(() => void child.kill("SIGKILL"));
  await isHelped(store, child.pid as number);
  return child;
}

/** Waits until a process says that it helps with a store. */
export async function isHelped(store: TempStore, pid?: number): Promise<void> {
  await vi.waitUntil(() => helperOf(store) !== undefined && (pid ?? helperOf(store)) === helperOf(store), {
    timeout: 60_000,
    interval: 10,
  });
}

/** The process that says it helps with a store. */
export function helperOf(store: TempStore): number | undefined {
  try {
    return JSON.parse(readlinkSync(path.join(store.tickets, ".git/ayo/ask/live"))).pid;
  } catch {
    return undefined;
  }
}

/** Runs a command, and tells too whether another process did it: then it has loaded nothing but what asks. */
export async function runAsked(
  store: TempStore,
  words: readonly string[],
  patience = "20000",
  more: Env = {},
): Promise<CliResult & { readonly isAsked: boolean }> {
  const file = path.join(tempDir(), "report.json");
  const env = { NODE_OPTIONS: `--require=${REPORTER}`, LOAD_REPORT: file, AYO_ASK_MS: patience, ...more };
  const answer = await store.run(words, { env });
  const { packs } = JSON.parse(readFileSync(file, "utf8")) as { packs: string[] };
  rmSync(file);
  return { ...answer, isAsked: packs.join() === "ask" };
}
