import { spawn } from "node:child_process";
import type { Env } from "../helpers/hermeticEnv.ts";
import type { CliResult } from "../helpers/runCli.ts";

/** What a program gets besides its arguments. */
export interface How {
  readonly env?: Env;
  /** For its stdin; else a prompt. */
  readonly input?: string;
  /** It is a server: its stdin stays open until its stdout has this. */
  readonly until?: string;
}

const LIMIT_MS = 90_000;

/** Runs a program without a terminal; where it takes too long, ends it and all that it started. */
export function runProgram(command: string, args: readonly string[], cwd: string, how: How): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...how.env }, detached: true });
    let [stdout, stderr] = ["", ""];
    const limit = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      reject(new Error(`${command}: no end after ${LIMIT_MS} ms\n${stdout}\n${stderr}`));
    }, LIMIT_MS);
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk;
      if (how.until !== undefined && stdout.includes(how.until) && stdout.endsWith("\n")) child.stdin.end();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(limit);
      resolve({ code, stdout, stderr });
    });
    // A program that ends without reading its input must not fail the test.
    child.stdin.on("error", () => {});
    child.stdin.write(how.input ?? "Do the next ticket.\n");
    if (how.until === undefined) child.stdin.end();
  });
}
