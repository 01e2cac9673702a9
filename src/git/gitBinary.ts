import { spawn } from "node:child_process";
import type { ConfigEnv } from "./gitConfig.ts";
import type { Repository } from "./repository.ts";

/** How a git command went; `code` is null where there is no git or it took too long. */
export interface GitResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the git binary, without the GIT_* variables that a hook or a user's shell may carry. */
export function runGit(
  args: readonly string[],
  { cwd, env, timeoutMs = 30_000 }: { readonly cwd: string; readonly env: ConfigEnv; readonly timeoutMs?: number },
): Promise<GitResult> {
  return new Promise((resolve) => {
    const child = spawn("git", args, {
      cwd,
      env: withoutGit(env),
      timeout: timeoutMs,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const parts = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (parts.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (parts.stderr += text));
    child.on("error", () => resolve({ code: null, ...parts }));
    child.on("close", (code) => resolve({ code, ...parts }));
  });
}

/** Gives `git gc --auto` its chance in the background, where a git binary exists; nobody waits for it. */
export function maintain(repository: Repository, env: ConfigEnv): void {
  const child = spawn("git", ["gc", "--auto", "--quiet"], {
    cwd: repository.worktree,
    env: withoutGit(env),
    detached: true,
    stdio: "ignore",
  });
  child.on("error", () => {});
  child.unref();
}

function withoutGit(env: ConfigEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith("GIT_") || name.startsWith("GIT_CONFIG")),
  );
}
