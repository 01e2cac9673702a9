import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import path from "node:path";
import { hermeticEnv, sharedHome } from "../hermeticEnv.ts";
import { removeTree, tempDir } from "../tempDir.ts";
import type { TempStore } from "../tempStore.ts";
import { fileOf } from "./files.ts";
import type { Git } from "./steps.ts";

interface Task {
  readonly token: string;
  readonly id: string;
  /** Nobody else is at work. */
  readonly isQuiet: boolean;
}

/** A person's git in the repository of a store. */
export interface Gits {
  /** Tokens of commits that were pulled. */
  readonly pulled: Map<string, string>;
  /** That git refuses what it is asked is git's way, and no failure. */
  perform(what: Git, task: Task): Promise<unknown>;
  /** Goes back to the branch of the store, and takes along what the other has. @throws where git refuses */
  goHome(): Promise<void>;
}

/** The branch that a person goes off to. */
const SIDE = "aside";

export function gitsIn({ repo, tickets }: TempStore): Gits {
  const pulled = new Map<string, string>();
  const git = (...args: readonly string[]) => runGit(repo, args);
  let home = "";

  const goHome = async (): Promise<string> => {
    if (home === "") return "";
    const left = (await git("symbolic-ref", "--short", "HEAD")).stdout.trim();
    for (const args of [
      ["checkout", "--quiet", home],
      ["merge", "--quiet", "--ff-only", SIDE],
      ["branch", "--quiet", "-d", SIDE],
    ]) {
      const { code, stderr } = await git(...args);
      if (code !== 0) return `git ${args.join(" ")} (from ${left}): ${stderr}`;
    }
    home = "";
    return "";
  };

  const pull = async ({ token, id }: Task): Promise<void> => {
    const clone = tempDir((remove) => void remove);
    try {
      const branch = (await git("symbolic-ref", "--short", "HEAD")).stdout.trim();
      await runGit(clone, ["clone", "--quiet", repo, "clone"]);
      const there = path.join(clone, "clone");
      const file = fileOf(path.join(there, path.relative(repo, tickets)), id);
      if (file === undefined) return;
      appendFileSync(file, `${token}\n`);
      await runGit(there, ["commit", "--quiet", "-a", "-m", `by git ${token}`]);
      const { code } = await git("pull", "--quiet", "--ff-only", there, branch);
      if (code === 0) pulled.set(token, id);
    } finally {
      removeTree(clone);
    }
  };

  const side = async (): Promise<void> => {
    if (home !== "") return;
    const branch = (await git("symbolic-ref", "--short", "HEAD")).stdout.trim();
    if ((await git("checkout", "--quiet", "-b", SIDE)).code === 0) home = branch;
  };

  const ways: Record<Git, (task: Task) => Promise<unknown>> = {
    log: () => git("log", "--stat", "--oneline"),
    // What is being written has no name yet: --prune=now is for a store at rest, as git says too.
    gc: ({ isQuiet }) => git("gc", "--quiet", ...(isQuiet ? ["--prune=now"] : [])),
    commit: ({ token }) => git("commit", "--quiet", "-a", "-m", `by git ${token}`),
    side,
    back: goHome,
    pull,
  };

  return {
    pulled,
    goHome: async () => {
      const problem = await goHome();
      if (problem !== "") throw new Error(problem);
    },
    perform: (what, task) => ways[what](task),
  };
}

function runGit(
  cwd: string,
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { cwd, env: hermeticEnv(sharedHome()) as NodeJS.ProcessEnv });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
