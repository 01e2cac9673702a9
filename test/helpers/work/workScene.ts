import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { currentHost, type Host } from "../../../src/host.ts";
import { type WorkProject, workProject } from "../../../src/store/allow/ready/workProject.ts";
import { openStore, type Store } from "../../../src/store/open/store.ts";
import { openWorktree, type Wanted } from "../../../src/work/worktrees/openWorktree.ts";
import type { Worktree } from "../../../src/work/worktrees/worktree.ts";
import { git } from "../git.ts";
import { gitRepo } from "../gitRepo.ts";
import { hermeticEnv, sharedHome } from "../hermeticEnv.ts";
import { tempDir } from "../tempDir.ts";

/** A project in git with a store, whose agents work in worktrees. */
export interface WorkScene {
  readonly dir: string;
  readonly folder: string;
  readonly store: Store;
  readonly project: WorkProject;
  open(wanted?: Partial<Wanted>): Promise<Worktree>;
  /** The private git directory of a worktree. */
  gitDir(id: string): string;
}

/** AYO_HOME is beside the project; `at` is a repository that is there. */
export async function workScene(at?: string, env: Readonly<Record<string, string>> = {}): Promise<WorkScene> {
  const around = tempDir();
  const dir = at ?? gitRepo();
  const host = workHost(dir, path.join(around, "ayo home"), env);
  const { makeStore } = await import("../../../src/store/open/makeStore.ts");
  const tickets = path.join(dir, ".tickets");
  if (!existsSync(tickets)) await makeStore({ dir: tickets }, { inline: false }, host);
  const store = openStore({ dir: tickets }, host);
  const project = workProject(store);
  if (project === undefined) throw new Error(`${dir} is in no git`);
  return {
    dir,
    folder: project.folder,
    store,
    project,
    open: (wanted) => openWorktree(store, { id: "a-1", base: undefined, agent: "@coder", ...wanted }),
    gitDir: (id) => path.join(project.commonDir, "worktrees", id),
  };
}

/** What a dispatcher knows of the machine. */
export function workHost(cwd: string, ayoHome: string, env: Readonly<Record<string, string>> = {}): Host {
  return currentHost({ cwd, env: { ...hermeticEnv(sharedHome()), AYO_HOME: ayoHome, ...env } });
}

/** Writes files below a folder; a text each. */
export function writeFiles(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Commits everything in a worktree, as an agent would. */
export function commitAll(dir: string, message = "work"): string {
  git(dir, "add", "--all");
  git(dir, "commit", "--quiet", "--allow-empty", `--message=${message}`);
  return git(dir, "rev-parse", "HEAD");
}

/** Adds lines to a file that is there. */
export function addLines(file: string, ...lines: readonly string[]): void {
  appendFileSync(file, `${lines.join("\n")}\n`);
}
