import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onTestFinished } from "vitest";
import { git } from "../helpers/git.ts";
import { type Env, hermeticEnv } from "../helpers/hermeticEnv.ts";
import { CLI, type CliResult, runCli } from "../helpers/runCli.ts";
import { removeTree } from "../helpers/tempDir.ts";
import { CACHE, commandOf, type Program } from "./programs.ts";
import { type How, runProgram } from "./runProgram.ts";

/** A project that `ayo agents init` prepared for one program, and that program. */
export interface Lab {
  /** What lies in it is removed with it; not among temporary files, where sandboxes let everybody write. */
  readonly top: string;
  readonly home: string;
  readonly project: string;
  /** A linked worktree beside the project. */
  readonly linked: string;
  /** The environment of what runs in it. */
  readonly env: Env;
  /** Runs `ayo` in the project as its owner; its stdout. */
  ayo(...args: string[]): Promise<string>;
  /** Runs the program. */
  run(cwd: string, args: readonly string[], how?: How): Promise<CliResult>;
  /** Who changed the tickets how, the newest last: `codex: note pro-x7k2: hi`. */
  changes(): string[];
}

/** Makes one; its worktree is made after the files were committed. */
export async function labFor(program: Program): Promise<Lab> {
  const top = newTop();
  const [home, bin, project, linked] = ["home", "bin", "project", "linked"].map((name) => path.join(top, name));
  if (home === undefined || bin === undefined || project === undefined || linked === undefined) throw new Error(top);
  for (const dir of [home, bin, project, path.join(top, "tmp")]) mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(bin, "ayo"), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`, { mode: 0o755 });
  const search = `${bin}:${process.env.PATH}`;
  // Codex runs its commands in a login shell, for which /etc/profile makes PATH anew.
  writeFileSync(path.join(home, ".bash_profile"), `export PATH='${search}'\n`);
  const base: Env = { ...hermeticEnv(home), PATH: search, TMPDIR: path.join(top, "tmp"), TERM: "xterm-256color" };
  const ayo = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runCli(project, args, { env: base });
    if (code !== 0) throw new Error(`ayo ${args.join(" ")}: ${code}\n${stderr}`);
    return stdout.trimEnd();
  };
  git(project, "init", "-q", "-b", "main");
  writeFileSync(path.join(project, "README.md"), "# Project\n");
  await ayo("init");
  await ayo("agents", "init", "--harness", program, "--yes");
  git(project, "add", "--all");
  git(project, "commit", "-qm", "start");
  git(project, "worktree", "add", "-q", linked);
  return {
    ...{ top, home, project, linked, env: base, ayo },
    run: (cwd, args, how = {}) => runProgram(commandOf(program), args, cwd, { ...how, env: { ...base, ...how.env } }),
    changes: () =>
      git(path.join(project, ".tickets"), "log", "--reverse", "--format=%an: %s").trim().split("\n").slice(2),
  };
}

function newTop(): string {
  const labs = path.join(CACHE, "labs");
  mkdirSync(labs, { recursive: true });
  const top = realpathSync(mkdtempSync(path.join(labs, "lab-")));
  onTestFinished(() => removeTree(top));
  return top;
}

/** Who the session hook told a model that it is, and where its tickets are; undefined where none did. */
export function toldByHook(text = ""): string | undefined {
  return /# Tickets: you are (\\?@\S+\nStore: \S+)\n/.exec(text)?.[1]?.replace("\nStore:", " in");
}

/** What a request shows of what `agents init` wrote, besides hook and tools. */
export function readsOf(text = ""): string[] {
  const words = ["The work of this project is in tickets", "ayo-manager", "ayo-worker", "ayo-reviewer"];
  return words.filter((word) => text.includes(word));
}

/** All of that. */
export const READS = readsOf("The work of this project is in tickets ayo-manager ayo-worker ayo-reviewer");
