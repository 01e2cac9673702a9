import { lstatSync } from "node:fs";
import path from "node:path";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { writeCopies } from "./begun.ts";
import { changesIn } from "./changes.ts";
import { copyFiles } from "./copyFiles.ts";
import { type WorktreeGit, withGitIn } from "./gitAt.ts";
import { type MadeFile, readNote, withWorktreeLock, writeNote } from "./note.ts";
import { runSetup, type SetupRun } from "./runSetup.ts";
import type { Worktree } from "./worktree.ts";

/** What is to be done in a worktree before an agent works in it. */
export interface Preparing {
  /** Files of the project that git ignores, and folders of them. */
  readonly copy: readonly string[];
  /** The set-up, where there is one. */
  readonly setup: SetupRun | undefined;
}

/** How that went. */
export interface Prepared {
  readonly copied: readonly string[];
  /** Values to be struck from logs. */
  readonly secrets: readonly string[];
  readonly told: readonly string[];
  /** Why no agent can work there; the next one who prepares it does it all again. */
  readonly failure: string | undefined;
}

/**
 * Copies files into a worktree, and runs its set-up where that was never finished. What both made is written down, so
 * that it is not taken for the agent's work.
 * @throws disk_full, store_not_writable
 */
export async function prepareWorktree(project: WorkProject, worktree: Worktree, what: Preparing): Promise<Prepared> {
  const { id, dir, gitDir, branch, head = "" } = worktree;
  // In an empty folder there is nothing to set up.
  if (gitDir === undefined) return { copied: [], secrets: [], told: [], failure: undefined };
  const at = branch === undefined ? head : `refs/heads/${branch}`;
  return withWorktreeLock(project, id, () =>
    withGitIn(project, { dir, gitDir }, at, async (git) => {
      const note = readNote(project, id, gitDir) ?? { gitDir, isPrepared: false, made: [] };
      const { files, secrets, sums, told } = await copyFiles(project, { dir, run: git.run }, what.copy);
      writeCopies(project, id, what.copy, sums);
      const done = { copied: files, secrets, told };
      if (!worktree.isNew) return { ...done, failure: undefined };
      // What a try before this one made is nobody else's either. Copies are ignored by git.
      const earlier = note.isPrepared ? [] : note.made.map((file) => file.path);
      const before = what.setup === undefined ? undefined : await pathsOf(git);
      const failure = await setUp(worktree, what);
      const after = before === undefined ? [] : await pathsOf(git);
      const made = [...earlier, ...after.filter((name) => !before?.includes(name) && !earlier.includes(name))];
      writeNote(project, id, { gitDir, isPrepared: failure === undefined, made: stampsOf(dir, made) });
      return { ...done, failure };
    }),
  );
}

async function setUp({ dir, isNew }: Worktree, { setup }: Preparing): Promise<string | undefined> {
  return setup === undefined || !isNew ? undefined : runSetup(dir, setup);
}

async function pathsOf({ run }: WorktreeGit): Promise<string[]> {
  return (await changesIn(run)).map((change) => change.path);
}

/** Files as they are now. */
export function stampsOf(dir: string, names: readonly string[]): MadeFile[] {
  return names.flatMap((name) => {
    const stat = lstatSync(path.join(dir, name), { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ path: name, size: stat.size, mtimeMs: stat.mtimeMs }];
  });
}
