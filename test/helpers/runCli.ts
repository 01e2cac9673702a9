import { spawn } from "node:child_process";
import path from "node:path";
import { inject } from "vitest";
import { type Env, hermeticEnv, sharedHome } from "./hermeticEnv.ts";

/** How a command ended; `code` is null if a signal ended it. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command gets besides its arguments; `env` is laid over the hermetic one (undefined removes a variable). */
export interface CliOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Env;
  readonly timeoutMs?: number;
  /** A command that is to run it, such as {@link UNPRIVILEGED}. */
  readonly through?: readonly string[];
}

/** Has root obey the permissions of files like everybody else. */
export const UNPRIVILEGED: readonly string[] =
  process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"] : [];

/** The built command line, to be run with `process.execPath`. */
export const CLI = path.resolve(import.meta.dirname, "../../dist/cli/ayo.cjs");

/** The word that stands for a program which makes several changes at once, instead of a command line. */
export const ROUND = "@round";
const ROUND_PROGRAM = path.resolve(import.meta.dirname, "round.mjs");

/** The word that stands for a program which calls a function of the library: its name and input follow. */
export const LIBRARY = "@library";
const LIBRARY_PROGRAM = path.resolve(import.meta.dirname, "libraryCall.mjs");

/** What Node is to run for the words of a command. */
export function programFor(args: readonly string[]): readonly string[] {
  if (args[0] === LIBRARY) return [LIBRARY_PROGRAM, ...args.slice(1)];
  return args[0] === ROUND ? [ROUND_PROGRAM] : [CLI, ...args];
}

/** Runs the built `ayo` with `args` in `cwd`, without a terminal; rejects only if it cannot be started or hangs. */
export function runCli(cwd: string, args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const buildError = inject("buildError");
  if (buildError !== "") return Promise.reject(new Error(buildError));
  const timeoutMs = options.timeoutMs ?? (process.env.AYO_LONG === "1" ? 300_000 : 30_000);
  return new Promise((resolve, reject) => {
    const env = { ...hermeticEnv(options.env?.HOME ?? sharedHome()), ...options.env };
    const [command = "", ...rest] = [...(options.through ?? []), process.execPath, ...programFor(args)];
    const child = spawn(command, rest, { cwd, env });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`ayo ${args.join(" ")}: no end after ${timeoutMs} ms\n${Buffer.concat(err)}`));
    }, timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    // A command that ends without reading its input must not fail the test.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}
