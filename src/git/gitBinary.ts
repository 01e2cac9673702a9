import { spawn } from "node:child_process";
import { ownerForRoot } from "../folderOwner.ts";
import { withoutOwnKeys } from "../ownKeys.ts";
import type { ConfigEnv } from "./gitConfig.ts";
import type { Repository } from "./repository.ts";

/** How a git command went; `code` is null where there is no git or it took too long. */
export interface GitResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how git is run. */
export interface GitOptions {
  readonly cwd: string;
  readonly env: ConfigEnv;
  /** Its stdin; empty unless told. */
  readonly input?: string | Buffer;
  /** After this git is ended; 30 seconds unless told. */
  readonly timeoutMs?: number;
}

/**
 * Runs the git binary, without the GIT_* variables that a hook or a user's shell may carry; for root as the owner of
 * the directory, whose git would refuse it to anybody else and whose files it writes.
 */
export function runGit(
  args: readonly string[],
  { cwd, env, input = "", timeoutMs = 30_000 }: GitOptions,
): Promise<GitResult> {
  return new Promise((resolve) => {
    const child = spawn("git", args, { cwd, env: withoutGit(env), stdio: "pipe", ...ownerForRoot(cwd) });
    // The timer of spawn's own `timeout` outlives a git that is not there, and keeps the process waiting for it.
    const timer = setTimeout(() => child.kill(), timeoutMs);
    const parts = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (parts.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (parts.stderr += text));
    child.on("error", () => {
      clearTimeout(timer);
      resolve({ code: null, ...parts });
    });
    // A git that ends without reading must not end us.
    child.stdin.on("error", () => {}).end(input);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, ...parts });
    });
  });
}

/**
 * Gives `git gc --auto` its chance in the background, where a git binary exists; nobody waits for it. The directory
 * is named, so that a store whose own has gone does not tidy the project's.
 */
export function maintain(repository: Repository, env: ConfigEnv): void {
  const child = spawn("git", ["--git-dir", repository.commonDir, "gc", "--auto", "--quiet"], {
    cwd: repository.commonDir,
    env: withoutGit(env),
    detached: true,
    stdio: "ignore",
    ...ownerForRoot(repository.commonDir),
  });
  child.on("error", () => {});
  child.unref();
}

/** What says where configuration lies is no state of a command around us. */
const KEPT = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"];

/** An environment without what a git command around us says about its repository, and without ayo's own keys. */
export function withoutGit(env: ConfigEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(withoutOwnKeys(env));
  return Object.fromEntries(kept.filter(([name]) => !name.startsWith("GIT_") || KEPT.includes(name)));
}
