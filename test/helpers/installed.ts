import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inject } from "vitest";
import { type Env, hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { tempDir } from "./tempDir.ts";

/** This checkout. */
export const ROOT = path.resolve(import.meta.dirname, "../..");

const REPORTER = path.join(import.meta.dirname, "loadReport.cjs");

/** What the process of a program loaded, and how it ended. */
export interface Ran {
  readonly packs: readonly string[];
  /** What was evaluated by itself, without what other modules always need. */
  readonly modules: readonly string[];
  readonly builtins: readonly string[];
  /** How many threads it had at its end, and how many the programs that it starts were told to begin. */
  readonly threads: number;
  readonly threadsOfOthers?: string;
  /** Whether V8 took every cache. */
  readonly isWarm: boolean;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the package as it is installed; the path of its command. */
export function install(dir = tempDir()): string {
  if (inject("buildError") !== "") throw new Error(inject("buildError"));
  for (const name of ["dist/cli", "dist/index.js", "templates", "package.json", "src/search/data"])
    cpSync(path.join(ROOT, name), path.join(dir, name), { recursive: true });
  return path.join(dir, "dist/cli/ayo.cjs");
}

/** Runs Node with `words`, and tells what its process loaded. `through` is a command that starts others. */
export function runReporting(
  words: readonly string[],
  options: { readonly cwd: string; readonly through?: readonly string[]; readonly env?: Env },
): Ran {
  const report = path.join(tempDir(), "loaded.json");
  writeFileSync(report, "{}");
  chmodSync(report, 0o666);
  const { cwd, through = [] } = options;
  const [command = "", ...rest] = [...through, process.execPath, "--require", REPORTER, ...words];
  const env = { ...hermeticEnv(sharedHome()), LOAD_REPORT: report, ...options.env };
  const { status, stdout, stderr, signal } = spawnSync(command, rest, { cwd, env, encoding: "utf8" });
  if (signal !== null) throw new Error(`${words.join(" ")} ended by ${signal}`);
  return { code: status, stdout, stderr, ...JSON.parse(readFileSync(report, "utf8")) };
}

/** The files of one kind beside a command. */
export function beside(cli: string, name: RegExp): string[] {
  const folder = path.dirname(cli);
  return readdirSync(folder).flatMap((one) => (name.test(one) ? [path.join(folder, one)] : []));
}
