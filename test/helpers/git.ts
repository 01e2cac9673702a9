import { execFile, spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { hermeticEnv, sharedHome } from "./hermeticEnv.ts";

/** Runs the real git and returns its stdout without the last newline. @throws with git's stderr if it fails */
export function git(cwd: string, ...args: string[]): string {
  const run = spawnSync("git", args, { cwd, env: hermeticEnv(sharedHome()), encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) throw new Error(`git ${args.join(" ")}: exit ${run.status}\n${run.stderr}${run.stdout}`);
  return run.stdout.replace(/\n$/, "");
}

/** Has git merge the tickets of a repository by line, as without ayo: for conflicts. */
export function mergeByLine(repo: string): void {
  appendFileSync(path.resolve(repo, git(repo, "rev-parse", "--git-path", "info/attributes")), "*.md !merge\n");
}

const execute = promisify(execFile);

/** The same, while others of this process go on. */
export async function gitMeanwhile(cwd: string, ...args: string[]): Promise<string> {
  const env = hermeticEnv(sharedHome()) as NodeJS.ProcessEnv;
  const { stdout } = await execute("git", args, { cwd, env, maxBuffer: 1 << 28 });
  return stdout.replace(/\n$/, "");
}

/** Has the real git check every object. @throws if it finds anything but dangling objects */
export function fsck(cwd: string): void {
  const findings = git(cwd, "fsck", "--full", "--strict", "--no-dangling", "--no-progress");
  if (findings !== "") throw new Error(`git fsck: ${findings}`);
}
