import { spawnSync } from "node:child_process";
import { git } from "./git.ts";
import { hermeticEnv, sharedHome } from "./hermeticEnv.ts";

/** Puts so many commits that change nothing on top of a branch; the newest is the new tip. */
export function grow(repo: string, branch: string, count: number): void {
  const start = git(repo, "rev-parse", branch);
  const commits = Array.from({ length: count }, (_, n) => {
    const from = n === 0 ? `from ${start}\n` : "";
    const message = `Grow ${n}`;
    const who = `committer Ann <ann@example.com> ${1_700_000_000 + n} +0000\n`;
    return `commit ${branch}\n${who}data ${message.length}\n${message}\n${from}\n`;
  });
  const env = hermeticEnv(sharedHome());
  const run = spawnSync("git", ["fast-import", "--quiet", "--force"], { cwd: repo, env, input: commits.join("") });
  if (run.status !== 0) throw new Error(run.stderr.toString());
}
