import { spawn } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { configEnv } from "../../git/binary/configEnv.ts";
import { type GitResult, withoutGit } from "../../git/binary/gitBinary.ts";
import { mapFsError } from "../../git/disk/durable.ts";
import { signalGroup } from "../../host.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { idleFilters } from "./filters.ts";

/** How one git command is run. */
export interface GitRun {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After this it is ended with all that it started; a minute unless told. */
  readonly timeoutMs?: number;
  /** Hears of its process. */
  readonly onStart?: (pid: number) => void;
}

/** Runs git on one thing. */
export type RunGit = (args: readonly string[], how?: GitRun) => Promise<GitResult>;

/** The user's git in a worktree that an agent may write, its private git directory included. */
export interface WorktreeGit {
  readonly run: RunGit;
  /** Filters that are switched off: their programs might be the agent's. */
  readonly idle: ReadonlySet<string>;
}

const TIMEOUT_MS = 60_000;
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2_000;

/**
 * What counts more than any file: nothing runs that a repository names for itself, nothing is signed or packed behind
 * the user's back, and no cache among the objects is believed, where agents write: it might name other files for a
 * commit.
 */
const SETTINGS: readonly (readonly [string, string])[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.commitGraph", "false"],
  ["core.multiPackIndex", "false"],
  ["core.untrackedCache", "false"],
  ["core.splitIndex", "false"],
  ["commit.gpgSign", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["submodule.recurse", "false"],
];

/** The user's git on the project itself: its configuration is the user's and is obeyed, but for hooks. */
export function gitOn(project: WorkProject, settings: Settings = []): RunGit {
  const { commonDir, top } = project;
  const where = { GIT_DIR: commonDir, ...(top === undefined ? {} : { GIT_WORK_TREE: top }) };
  return (args, how) => runGit(project, args, how, { cwd: top ?? commonDir, env: where, settings });
}

/** Where git works in a worktree. */
export interface WorktreePlace {
  readonly dir: string;
  /** Its private git directory, found from the project and not from the worktree. */
  readonly gitDir: string;
}

/**
 * Does `work` with a git in a worktree that obeys nothing that lies there: neither the worktree's `.git` file nor its
 * private git directory is asked where the repository is, and of that directory git reads the index alone. `head` is
 * what its HEAD is to say. The directory that git takes for the private one is ours, in AYO_HOME: temporary folders are
 * open to agents in a sandbox.
 */
export async function withGitIn<T>(
  project: WorkProject,
  { dir, gitDir }: WorktreePlace,
  head: string,
  work: (git: WorktreeGit) => Promise<T>,
): Promise<T> {
  const index = path.join(gitDir, "index");
  const stat = lstatSync(index, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile())
    throw new AyoError("conflict", `${index} is no file any more, so git cannot look at ${dir}`, { data: { dir } });
  const own = makeOwnGitDir(project, head);
  try {
    const { idle, settings } = await idleFilters(gitOn(project));
    const env = {
      GIT_DIR: own,
      GIT_COMMON_DIR: project.commonDir,
      GIT_WORK_TREE: dir,
      GIT_INDEX_FILE: index,
    };
    const run: RunGit = (args, how) => runGit(project, args, how, { cwd: dir, env, settings });
    return await work({ run, idle });
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function makeOwnGitDir({ stateDir, commonDir }: WorkProject, head: string): string {
  const folder = path.join(stateDir, "git");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const own = mkdtempSync(path.join(folder, "at-"));
    // For refs git asks this file, whatever GIT_COMMON_DIR says.
    writeFileSync(path.join(own, "commondir"), `${commonDir}\n`);
    writeFileSync(path.join(own, "HEAD"), `${head.startsWith("refs/") ? `ref: ${head}` : head}\n`);
    return own;
  } catch (error) {
    throw mapFsError(error, path.join(folder, "HEAD"));
  }
}

/** Settings beside those that every git gets. */
export type Settings = readonly (readonly [string, string])[];

interface Where {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Settings;
}

function runGit(project: WorkProject, args: readonly string[], how: GitRun = {}, where: Where): Promise<GitResult> {
  const { input = "", timeoutMs = TIMEOUT_MS } = how;
  const { host } = project;
  const env = {
    ...withoutGit(host.env),
    PATH: absolutePaths(host.env.PATH),
    GIT_TERMINAL_PROMPT: "0",
    // Whoever may write refs could have one commit stand for another.
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_EDITOR: "true",
    GIT_PAGER: "cat",
    LC_ALL: "C",
    ...where.env,
    ...configEnv([...SETTINGS, ...where.settings]),
    ...how.env,
  };
  return new Promise((resolve) => {
    const parts = { stdout: "", stderr: "" };
    const detached = host.platform !== "win32";
    // Started where no agent writes, for systems that look for programs in the working directory.
    const child = spawn("git", ["--no-pager", "-C", where.cwd, ...args], { cwd: project.commonDir, env, detached });
    if (child.pid !== undefined) how.onStart?.(child.pid);
    let isLate = false;
    const end = (signal: "SIGTERM" | "SIGKILL"): void => {
      isLate = true;
      if (child.pid !== undefined) signalGroup(child.pid, signal);
    };
    const timers = [setTimeout(end, timeoutMs, "SIGTERM"), setTimeout(end, timeoutMs + GRACE_MS, "SIGKILL")];
    const done = (code: number | null, why = ""): void => {
      for (const timer of timers) clearTimeout(timer);
      const late = isLate ? `it took longer than ${timeoutMs / 1000} s\n` : "";
      resolve({ code: isLate ? null : code, stdout: parts.stdout, stderr: `${parts.stderr}${late}${why}` });
    };
    child.stdout.setEncoding("utf8").on("data", (text) => (parts.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (parts.stderr += text));
    child.on("error", (error) => done(null, error.message));
    // A git that ends without reading must not end us.
    child.stdin.on("error", () => {}).end(input);
    child.on("close", (code) => done(code));
  });
}

/** A PATH without what is relative: such an entry would look for programs in the worktree. */
export function absolutePaths(list = ""): string {
  return list
    .split(path.delimiter)
    .filter((one) => path.isAbsolute(one))
    .join(path.delimiter);
}

/** The stdout of a git that has to succeed, without its last newline. @throws what `failed` makes of git's words */
export async function expectGit(running: Promise<GitResult>, what: string): Promise<string> {
  const result = await running;
  if (result.code === 0) return result.stdout.replace(/\n$/, "");
  throw gitFailed(result, what);
}

/** The error for a git that did not do what was asked. */
export function gitFailed({ stderr, code }: GitResult, what: string): AyoError {
  const said = sentenceOf(stderr) || (code === null ? "it was ended" : `exit ${code}`);
  const isFull = /No space left|Disk quota/i.test(stderr);
  const isClosed = /Permission denied|Read-only file system/i.test(stderr);
  const isBusy = /\.lock': File exists|Unable to create '.*\.lock'/.test(stderr) && !isClosed;
  const kinds = [isFull && "disk_full", isClosed && "store_not_writable", isBusy && "git_busy"] as const;
  return new AyoError(kinds.find((kind) => kind !== false) || "conflict", `${what}: git says: ${said}`, {
    data: { stderr: stderr.slice(-2000) },
  });
}

/** What git said last that is a complaint, in one line. */
export function sentenceOf(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const complaint = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines.at(-1) ?? "";
  return complaint.replace(/^(?:fatal|error): /, "").trim();
}

/** The user's git in a worktree that git has just made, where nobody else has written yet: its git directory is used. */
export function gitInFresh(project: WorkProject, { dir, gitDir }: WorktreePlace, settings: Settings = []): RunGit {
  const env = { GIT_DIR: gitDir, GIT_COMMON_DIR: project.commonDir, GIT_WORK_TREE: dir };
  return (args, how) => runGit(project, args, how, { cwd: dir, env, settings });
}
