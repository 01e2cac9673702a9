import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mapFsError } from "../../git/disk/durable.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { CHECKOUT_MS, toldOfFilters } from "../worktrees/addWorktree.ts";
import { changesIn } from "../worktrees/changes.ts";
import { idleFilters } from "../worktrees/filters.ts";
import { expectGit, gitInFresh, gitOn, type RunGit, type Settings } from "../worktrees/gitAt.ts";
import { stampsOf } from "../worktrees/prepareWorktree.ts";

/** One commit's files, in a folder of ayo's own where nobody has worked. */
export interface Checkout {
  readonly dir: string;
  readonly run: RunGit;
  /** What could not be had, as sentences. */
  readonly told: readonly string[];
}

/** What would leave files of the commit out, or take changed ones for unchanged. */
const WHOLE: Settings = [
  ["core.sparseCheckout", "false"],
  ["core.sparseCheckoutCone", "false"],
  ["core.ignoreStat", "false"],
  ["core.checkStat", "default"],
  ["core.trustctime", "true"],
  ["core.excludesFile", "/dev/null"],
];

/** Where commits of a ticket's work are checked out to be verified. */
export function checkoutFolder({ stateDir }: WorkProject, id: string): string {
  return path.join(stateDir, "verify", id);
}

/**
 * Checks a commit out anew, as a worktree that the project does not know of. Nothing in it comes from where its author
 * worked: neither files that git ignores, nor an index that hides changes.
 * @throws disk_full, store_not_writable, conflict for what git refuses
 */
export async function openCheckout(project: WorkProject, id: string, head: string): Promise<Checkout> {
  const folder = checkoutFolder(project, id);
  const [dir, gitDir] = [path.join(folder, "tree"), path.join(folder, "git")];
  closeCheckout(project, id);
  try {
    for (const one of [dir, gitDir]) mkdirSync(one, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(gitDir, "commondir"), `${project.commonDir}\n`);
    writeFileSync(path.join(gitDir, "HEAD"), `${head}\n`);
  } catch (error) {
    throw mapFsError(error, gitDir);
  }
  const { idle, settings } = await idleFilters(gitOn(project));
  const run = gitInFresh(project, { dir, gitDir }, [...WHOLE, ...settings]);
  const what = `${head.slice(0, 10)} cannot be checked out`;
  await expectGit(run(["read-tree", "--reset", "-u", head], { timeoutMs: CHECKOUT_MS }), what);
  // So that commands find a repository; none of its refs can be moved by a name from here.
  writeFileSync(path.join(dir, ".git"), `gitdir: ${gitDir}\n`);
  const { stdout } = await run(["ls-files", "-z", "--stage"]);
  const modules = stdout.split("\0").filter((line) => line.startsWith("160000 ")).length;
  const told = modules === 0 ? [] : [`submodules are not filled where work is verified (${modules})`];
  return { dir, run, told: [...told, ...toldOfFilters(idle)] };
}

/** Removes what was checked out for a ticket. */
export function closeCheckout(project: WorkProject, id: string): void {
  for (const name of ["tree", "git"]) {
    rmSync(path.join(checkoutFolder(project, id), name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Remembers the files as they are, and answers with what tells which of them were changed since: by an index that the
 * commands which run meanwhile do not know.
 */
export async function changesSince({ dir, run }: Checkout, folder: string): Promise<() => Promise<string[]>> {
  const index = path.join(folder, "index");
  copyFileSync(path.join(folder, "git", "index"), index);
  const own: RunGit = (args, how) => run(args, { ...how, env: { ...how?.env, GIT_INDEX_FILE: index } });
  const stamps = async (): Promise<ReadonlyMap<string, string>> => {
    const names = (await changesIn(own)).map((change) => change.path);
    const found = new Map(stampsOf(dir, names).map(({ path: name, size, mtimeMs }) => [name, `${size} ${mtimeMs}`]));
    return new Map(names.map((name) => [name, found.get(name) ?? "gone"]));
  };
  const before = await stamps();
  return async () => [...(await stamps())].flatMap(([name, stamp]) => (before.get(name) === stamp ? [] : [name]));
}

/** The first of some names. */
export function listed(files: readonly string[]): string {
  const shown = files.slice(0, 5).map((file) => file.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "?"));
  return `${shown.join(", ")}${files.length > 5 ? `, and ${files.length - 5} more` : ""}`;
}
