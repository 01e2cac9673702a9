import { copyFileSync, lstatSync, rmSync } from "node:fs";
import path from "node:path";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import type { Actor } from "../../store/open/identity/identity.ts";
import { commitAt } from "./baseOf.ts";
import { type Change, changesIn } from "./changes.ts";
import { expectGit, type RunGit, type WorktreeGit, withGitIn } from "./gitAt.ts";
import { type MadeFile, readNote, withWorktreeLock } from "./note.ts";
import { type Standing, standingOf } from "./standing.ts";

/** Whose work it is, and for which ticket. */
export interface LeftBy {
  readonly id: string;
  /** Author of the commit. */
  readonly agent: Pick<Actor, "name" | "email">;
  /** Its committer: who runs ayo. */
  readonly person: Pick<Actor, "name" | "email">;
}

/** What became of work that an agent had not committed. */
export interface Leftovers {
  /** The commit that was made, undefined where none was. */
  readonly commit: string | undefined;
  /** What is in it. */
  readonly files: readonly string[];
  /** What was left in the worktree, each a sentence. */
  readonly left: readonly string[];
}

/** Larger files are rather built or downloaded than written. */
const MAX_BYTES = 5 * 1024 * 1024;

/**
 * Commits what an agent left in its worktree: changed files and new ones that git does not ignore, without those that
 * set-up and copies made. Files stay as they are; whatever stands in the way is told, and then nothing was changed.
 */
export async function commitLeftovers(project: WorkProject, by: LeftBy): Promise<Leftovers> {
  return withWorktreeLock(project, by.id, async () => {
    const standing = await standingOf(project, by.id);
    if (typeof standing === "string") return nothing([`nothing was committed: ${standing}`]);
    const { dir, entry, ref } = standing;
    const made = readNote(project, by.id, entry.gitDir)?.made ?? [];
    try {
      return await withGitIn(project, { dir, gitDir: entry.gitDir }, ref, (git) => commitIn(git, standing, by, made));
    } catch (error) {
      return nothing([`nothing was committed: ${(error as Error).message}`]);
    }
  });
}

async function commitIn(git: WorktreeGit, standing: Standing, by: LeftBy, made: readonly MadeFile[]) {
  const { run } = git;
  const changes = await changesIn(run);
  if (changes.length === 0) return nothing([]);
  if (changes.some(({ kind }) => kind === "unmerged")) {
    return nothing([`nothing was committed: files in ${standing.dir} are in conflict`]);
  }
  const sorted = sortOut(changes, standing.dir, made, await filtered(git, changes));
  const { taken, passed, left } = sorted;
  const head = await commitAt(run, standing.ref);
  if (head === undefined) return nothing([`nothing was committed: ${standing.ref} is gone`]);
  const tree = await treeOf(run, standing.entry.gitDir, taken, passed);
  if (taken.length === 0 || tree === (await expectGit(run(["rev-parse", "--verify", `${head}^{tree}`]), "no tree")))
    return nothing(left);
  const commit = await commitTree(run, tree, head, by);
  const words = ["update-ref", "--no-deref", "-m", `commit: ${subjectOf(by.id)}`, standing.ref, commit, head];
  await expectGit(run(words), "the branch was not moved");
  return { commit, files: taken.map((change) => change.path), left };
}

interface Sorted {
  readonly taken: readonly Change[];
  /** What is not committed, told or not. */
  readonly passed: readonly Change[];
  readonly left: readonly string[];
}

function sortOut(
  changes: readonly Change[],
  dir: string,
  made: readonly MadeFile[],
  idle: ReadonlySet<string>,
): Sorted {
  const taken: Change[] = [];
  const passed: Change[] = [];
  const left: string[] = [];
  const ours = new Map(made.map((file) => [file.path, file]));
  for (const change of changes) {
    const why = whyLeft(change, dir, idle);
    if (why === undefined && !isAsMade(change, dir, ours.get(change.path))) taken.push(change);
    else passed.push(change);
    if (why !== undefined) left.push(`${change.path}: ${why}`);
  }
  return { taken, passed, left };
}

function whyLeft(change: Change, dir: string, idle: ReadonlySet<string>): string | undefined {
  const name = change.path;
  if (name.includes("\uFFFD")) return "its name is not UTF-8";
  if (change.isSubmodule) return "it is a submodule, whose commits are its own";
  if (name.endsWith("/")) return "it is another repository";
  if (change.isGone) return undefined;
  if (idle.has(name)) return "a filter of this machine is set for it, which is not run on an agent's files";
  const size = lstatSync(path.join(dir, name), { throwIfNoEntry: false })?.size ?? 0;
  return size > MAX_BYTES ? `it has ${Math.ceil(size / 1024 / 1024)} MB, more than 5` : undefined;
}

/** Whether a file is still as set-up left it. */
function isAsMade({ path: name, isGone }: Change, dir: string, made: MadeFile | undefined): boolean {
  if (made === undefined || isGone) return false;
  const stat = lstatSync(path.join(dir, name), { throwIfNoEntry: false });
  return stat?.size === made.size && stat.mtimeMs === made.mtimeMs;
}

/** Paths whose content would have to go through a filter that is switched off. */
async function filtered({ run, idle }: WorktreeGit, changes: readonly Change[]): Promise<ReadonlySet<string>> {
  if (idle.size === 0) return new Set();
  const input = changes.map((change) => `${change.path}\0`).join("");
  const text = await expectGit(run(["check-attr", "-z", "--stdin", "filter"], { input }), "no attributes");
  const words = text.split("\0");
  const found = new Set<string>();
  for (let at = 0; at + 2 < words.length; at += 3) if (idle.has(words[at + 2] ?? "")) found.add(words[at] ?? "");
  return found;
}

/**
 * The tree of the commit. The worktree's own index gets what is committed; what is passed over stays staged there where
 * it was, and is left out of the tree by a second index.
 */
async function treeOf(run: RunGit, gitDir: string, taken: readonly Change[], passed: readonly Change[]) {
  const stage = async (changes: readonly Change[], ...flags: string[]): Promise<void> => {
    const input = changes.map((change) => `${change.path}\0`).join("");
    if (input !== "") await expectGit(run(["update-index", "-z", ...flags, "--stdin"], { input }), "cannot be staged");
  };
  await stage(
    taken.filter(({ isGone }) => isGone),
    "--force-remove",
  );
  await stage(
    taken.filter(({ isGone }) => !isGone),
    "--add",
    "--remove",
  );
  const index = path.join(gitDir, "index");
  const own = (await expectGit(run(["rev-parse", "--absolute-git-dir"]), "no git directory")).trim();
  const second = path.join(own, "index");
  copyFileSync(index, second);
  const env = { GIT_INDEX_FILE: second };
  const input = passed.map(({ before, path: name }) => (before === undefined ? "" : `${before}\t${name}\0`)).join("");
  if (input !== "") await expectGit(run(["update-index", "-z", "--index-info"], { input, env }), "cannot be left out");
  const tree = await expectGit(run(["write-tree"], { env }), "no tree can be made");
  rmSync(second, { force: true });
  return tree;
}

async function commitTree(run: RunGit, tree: string, head: string, { id, agent, person }: LeftBy): Promise<string> {
  const env = {
    GIT_AUTHOR_NAME: agent.name,
    GIT_AUTHOR_EMAIL: agent.email,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
  };
  const input = `${subjectOf(id)}\n\nTICKET: ${id}\n`;
  return expectGit(run(["commit-tree", tree, "-p", head, "-F", "-"], { env, input }), "no commit can be made");
}

function subjectOf(id: string): string {
  return `Leftovers of ${id}`;
}

function nothing(left: readonly string[]): Leftovers {
  return { commit: undefined, files: [], left };
}
