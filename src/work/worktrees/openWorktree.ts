import { existsSync, lstatSync } from "node:fs";
import path from "node:path";
import { AyoError, quoteWord } from "../../error.ts";
import { ensureDir } from "../../git/disk/durable.ts";
import { readFile } from "../../git/repository/repository.ts";
import { folderWithoutGit, type WorkProject, workProject } from "../../store/allow/ready/workProject.ts";
import { nameAgent } from "../../store/open/identity/worktreeAgents.ts";
import type { Store } from "../../store/open/store.ts";
import { isValidId } from "../../ticket/ids.ts";
import { addWorktree } from "./addWorktree.ts";
import { commitAt, forkOf } from "./baseOf.ts";
import { readStart, writeStart } from "./begun.ts";
import { type Entry, entriesOf, entryAt, headIn, isEmpty, isRealFolder } from "./entries.ts";
import { gitOn } from "./gitAt.ts";
import { makerGone } from "./maker.ts";
import { readNote, withWorktreeLock } from "./note.ts";
import { linkAgain, restoreWorktree } from "./restoreWorktree.ts";
import { branchOf, isReviewName, type Opened, type Worktree } from "./worktree.ts";

/** Which worktree is wanted, and for whom. */
export interface Wanted {
  /** The ticket's. */
  readonly id: string;
  /** The branch that agents.yml names as base. */
  readonly base: string | undefined;
  /** `@coder`. */
  readonly agent: string;
}

/**
 * The worktree of a ticket: `<project>.work/<id>` on branch `ayo/work/<id>`, made where it is not there. What is there
 * is used as it is; a folder or a branch that somebody else uses is refused, and nothing of it is touched.
 * @throws bad_input for an id that git takes for no branch; not_found, conflict, git_unsupported, store_not_writable,
 * disk_full, store_busy
 */
export async function openWorktree(store: Store, { id, base, agent }: Wanted): Promise<Worktree> {
  const project = workProject(store);
  if (!isValidId(id) || isReviewName(id)) throw noBranch(id);
  if (project === undefined) return openFolder(store, id);
  const branch = branchOf(id);
  const { code } = await gitOn(project)(["check-ref-format", `refs/heads/${branch}`]);
  if (code !== 0) throw noBranch(id);
  const ref = `refs/heads/${branch}`;
  return opening(project, id, agent, branch, async (dir) => {
    const found = (await openAt(project, dir, ref)) ?? (await addWorktree(project, dir, branch, base));
    await keepStart(project, id, base, found);
    return found;
  });
}

/** Keeps where the work on a ticket begins, before its agent is there. */
async function keepStart(project: WorkProject, id: string, wanted: string | undefined, found: Opened): Promise<void> {
  if (readStart(project, id) !== undefined) return;
  const start = found.from === "base" ? found.head : await forkOf(project, wanted, found.head);
  if (start !== undefined) writeStart(project, id, start);
}

/** Opens a worktree by `open`, alone, and says whose it is. */
export async function opening(
  project: WorkProject,
  id: string,
  agent: string,
  branch: string | undefined,
  open: (dir: string) => Promise<Opened>,
): Promise<Worktree> {
  return withWorktreeLock(project, id, async () => {
    await makerGone(project, id);
    const found = await open(path.join(project.folder, id));
    nameAgent(found.gitDir, agent);
    const isPrepared = found.from === "there" && readNote(project, id, found.gitDir)?.isPrepared === true;
    const shared = ["objects", "refs", "logs"].map((name) => path.join(project.commonDir, name));
    return { id, branch, ...found, gitDirs: [found.gitDir, ...shared], isNew: !isPrepared };
  });
}

/** The worktree in a folder, undefined where there is none yet; on a branch, or detached where no `ref` is told. */
export async function openAt(project: WorkProject, dir: string, ref: string | undefined): Promise<Opened | undefined> {
  assertFolder(dir);
  const entry = entryAt(project, dir);
  if (entry === "several") throw taken(dir, "more than one worktree of the project says that it is there");
  if (ref !== undefined) assertNotElsewhere(project, ref, entry);
  const isThere = isRealFolder(dir) && !isEmpty(dir);
  if (entry === undefined) {
    if (isThere) throw taken(dir, "there is something, and it is no worktree of this project");
    return undefined;
  }
  assertOn(dir, entry, ref);
  const head = await commitAt(gitOn(project), entry.head);
  if (head === undefined) throw taken(dir, `${shortOf(entry.head)}, which it is on, is gone`);
  const isHalfMade = entry.locked === INITIALIZING;
  if (isThere && !isHalfMade) {
    linkAgain(dir, entry.gitDir);
    return { dir, gitDir: entry.gitDir, head, from: "there", told: [] };
  }
  if (entry.locked !== undefined && !isHalfMade)
    throw taken(dir, `its files are gone and it is locked${entry.locked === "" ? "" : `: ${entry.locked}`}`);
  return restoreWorktree(project, entry, dir, head, isHalfMade);
}

/** Refuses a worktree where its agent, or a person, switched to something else. */
function assertOn(dir: string, entry: Entry, ref: string | undefined): void {
  const isOn = ref === undefined ? !entry.head.startsWith("refs/") : entry.head === ref || rebased(entry) === ref;
  if (isOn) return;
  const help = ["git", "-C", dir, "switch", ref === undefined ? "--detach" : shortOf(ref)];
  const message = `it is on ${shortOf(entry.head)}, not on ${ref === undefined ? "a commit" : shortOf(ref)}`;
  // Of a run that was to begin people read the message alone. What was committed on no branch must not be lost to sight.
  const keep = entry.head.startsWith("refs/")
    ? ""
    : `, after 'git branch NAME ${entry.head.slice(0, 10)}' for what is only there`;
  throw taken(dir, `${message}; '${help.map(quoteWord).join(" ")}' leads back${keep}`, help);
}

/** What git writes into a worktree's lock while it makes it: whoever made it is gone, since the lock of ayo's is ours. */
const INITIALIZING = "initializing";

/** The folder is where ayo makes worktrees, unless something else has the name. */
function assertFolder(dir: string): void {
  for (const part of [path.dirname(dir), dir]) {
    const stat = lstatSync(part, { throwIfNoEntry: false });
    if (stat === undefined || stat.isDirectory()) continue;
    throw taken(dir, `${part} is ${stat.isSymbolicLink() ? "a link" : "a file"}`);
  }
}

function assertNotElsewhere(project: WorkProject, ref: string, own: Entry | undefined): void {
  const { commonDir, top } = project;
  const main = top !== undefined && headIn(commonDir) === ref ? top : undefined;
  const others = entriesOf(project).filter(({ gitDir }) => gitDir !== own?.gitDir);
  const where = main ?? others.find((entry) => entry.head === ref || rebased(entry) === ref)?.dir;
  if (where === undefined) return;
  const message = `${shortOf(ref)} is checked out in ${where}: no agent is started on a branch that somebody else works on`;
  const help = existsSync(where) ? {} : { try: ["git", "worktree", "prune"] };
  throw new AyoError("conflict", message, { data: { branch: shortOf(ref), dir: where }, ...help });
}

/** The branch that a rebase in a worktree is of. */
function rebased({ gitDir }: Entry): string | undefined {
  const names = ["rebase-merge", "rebase-apply"].map((folder) =>
    readFile(path.join(gitDir, folder, "head-name")).trim(),
  );
  return names.find((name) => name !== "");
}

/** The same for a project without git. */
export function openFolder(store: Store, id: string): Worktree {
  const dir = folderWithoutGit(store, id);
  const isNew = lstatSync(dir, { throwIfNoEntry: false }) === undefined;
  ensureDir(dir);
  const none = { gitDir: undefined, branch: undefined, head: undefined, gitDirs: [] };
  return { id, dir, ...none, from: isNew ? "base" : "there", isNew, told: [] };
}

function taken(dir: string, why: string, help?: readonly string[]): AyoError {
  const message = `${dir} cannot be an agent's worktree: ${why}; nothing was changed`;
  return new AyoError("conflict", message, { data: { dir }, ...(help === undefined ? {} : { try: help }) });
}

/** The error for a ticket that no worktree can be named after. */
export function noBranch(id: string): AyoError {
  return new AyoError(
    "bad_input",
    `'${id}' cannot name a branch and a folder of an agent's, so none is started on it`,
    {
      data: { id },
    },
  );
}

function shortOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, "") || "nothing";
}
