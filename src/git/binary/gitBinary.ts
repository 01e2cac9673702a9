import { spawn } from "node:child_process";
import { ownerForRoot } from "../../folderOwner.ts";
import { withoutOwnKeys } from "../../ownKeys.ts";
import type { ConfigEnv } from "../repository/gitConfig.ts";
import { type BareRepository, type BareRepositoryOptions, bareRepository } from "./bareRepository.ts";

/** How a git command went; `code` is null where there is no git or it took too long. */
export interface GitResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What git is run on, and how. */
export interface GitOptions extends BareRepositoryOptions {
  /** The directory that all is about: root has git run as its owner, whose files it reads and writes. */
  readonly at: string;
  readonly env: ConfigEnv;
  /** Its stdin; empty unless told. */
  readonly input?: string | Buffer;
  /** After this git is ended; 30 seconds unless told. */
  readonly timeoutMs?: number;
}

/**
 * Runs the git binary in a git directory of our own (see {@link bareGround}): it reads no configuration but ours, and
 * no GIT_* variable that a hook or a user's shell may carry. Arguments are of plumbing, or switch off what runs programs.
 */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const { at, worktree, input = "", timeoutMs = 30_000 } = options;
  const owner = ownerForRoot(at);
  let ground: BareRepository;
  try {
    ground = bareRepository(options, owner !== undefined);
  } catch (error) {
    return Promise.resolve({ code: null, stdout: "", stderr: (error as Error).message });
  }
  return new Promise((resolve) => {
    const done = (code: number | null): void => {
      clearTimeout(timer);
      ground.remove();
      resolve({ code, ...parts });
    };
    const env = { ...withoutGit(options.env), ...ground.env };
    // Started where nobody else has put a `git`, for systems and PATHs that look in the working directory.
    const words = ["--no-pager", ...(worktree === undefined ? [] : ["-C", worktree]), ...args];
    const child = spawn("git", words, { cwd: ground.dir, env, stdio: "pipe", ...owner });
    // The timer of spawn's own `timeout` outlives a git that is not there, and keeps the process waiting for it.
    const timer = setTimeout(() => child.kill(), timeoutMs);
    const parts = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (parts.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (parts.stderr += text));
    child.on("error", () => done(null));
    // A git that ends without reading must not end us.
    child.stdin.on("error", () => {}).end(input);
    child.on("close", done);
  });
}

/** What says where configuration lies is no state of a command around us. */
const KEPT = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"];

/** An environment without what a git command around us says about its repository, and without ayo's own keys. */
export function withoutGit(env: ConfigEnv, lent: readonly string[] = []): NodeJS.ProcessEnv {
  const kept = Object.entries(withoutOwnKeys(env, lent));
  return Object.fromEntries(kept.filter(([name]) => !name.startsWith("GIT_") || KEPT.includes(name)));
}
