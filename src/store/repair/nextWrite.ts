import { randomUUID } from "node:crypto";
import { accessSync, closeSync, constants, fsyncSync, lstatSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { mapFsError } from "../../git/disk/durable.ts";
import { readHead } from "../../git/refs/refs.ts";
import { operationInProgress } from "../../git/repository/operation.ts";
import { namesIn } from "../../git/repository/repository.ts";
import { archiveFolders } from "../disk/archive/archiveFolders.ts";
import type { Journal, Store } from "../open/store.ts";
import type { Finding, StoreFinding } from "./finding.ts";

/** No name that anybody takes for a ticket's, and one that git knows as temporary. */
const TRIAL_NAME = "tmp_obj_trial";
/** A disk that has room for nothing has none for this. */
const TRIAL = Buffer.alloc(4096, "ayo doctor\n");

/**
 * Whether the next change could be written: a file is made, and removed, where tickets and where git's things lie, and
 * every folder that a change may write into is asked. `journal` is undefined before a first change.
 */
export function checkWritable(store: Store, journal: Journal | undefined): StoreFinding[] {
  const trials = [store.dir, ...(journal === undefined ? [] : [journal.repository.gitDir])];
  const failed = trials.flatMap((folder) => tryToWrite(store, folder) ?? []);
  const tried = new Set(failed.map(({ path: folder }) => folder));
  const closed = [...foldersOf(store), ...(journal === undefined ? [] : gitFolders(journal))]
    .filter((folder) => !tried.has(nameOf(store, folder)) && isClosed(folder))
    .map((folder) => closedFinding(store, folder, "EACCES"));
  const odd = journal === undefined ? [] : oddStateParts(store, journal);
  return [...failed, ...closed, ...odd].map((finding) => ({ finding }));
}

/** Parts of a store's private folder that are something else than the folders that they should be. */
function oddStateParts(store: Store, { stateDir }: Journal): Finding[] {
  return ["", "tmp", "redo", "lock"].flatMap((name) => {
    const file = path.join(stateDir, name);
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat === undefined || stat.isDirectory()) return [];
    const what = stat.isSymbolicLink() ? "a link" : "a file";
    const message = `${file} is ${what} and no folder: nothing can be changed until it is taken away; ayo makes it anew`;
    return [{ code: "not_writable", severity: "error", path: nameOf(store, file), message } as const];
  });
}

/** Owners of files that are not the folder's: what `sudo ayo`, or a container, leaves, and others cannot change. */
export function checkOwners(store: Store, journal: Journal | undefined): StoreFinding[] {
  if (store.host.uid === undefined) return [];
  const owner = lstatSync(store.dir, { throwIfNoEntry: false })?.uid;
  const files = [...filesOf(store.dir), ...(journal === undefined ? [] : gitFolders(journal))];
  const foreign = files.filter((file) => {
    const uid = lstatSync(file, { throwIfNoEntry: false })?.uid;
    return uid !== undefined && uid !== owner;
  });
  if (foreign.length === 0) return [];
  const shown = foreign.slice(0, 3).map((file) => nameOf(store, file));
  const more = foreign.length > 3 ? ` and ${foreign.length - 3} more` : "";
  const what = `${shown.join(", ")}${more} ${foreign.length === 1 ? "belongs" : "belong"} to another user than the store`;
  const message = `${what} (user ${owner}): 'sudo chown -R ${owner} ${store.dir}'`;
  return [{ finding: { code: "foreign_owner", severity: "warning", path: shown[0] as string, message } }];
}

/** What keeps an inline store's changes from being committed, though they are saved. */
export function checkCommits({ mode, repository }: Journal): StoreFinding[] {
  if (mode !== "inline") return [];
  const operation = operationInProgress(repository);
  const later = "changes to tickets are saved, and committed by the first command after";
  if (operation !== undefined) {
    const message = `a ${operation} is in progress: ${later} it; claims are refused until then`;
    return [{ finding: { code: "git_operation", severity: "warning", path: "HEAD", message } }];
  }
  const { ref, oid } = readHead(repository);
  if (ref !== undefined || oid === undefined) return [];
  const message = `HEAD is detached: ${later} a branch is checked out; claims are refused until then`;
  return [{ finding: { code: "git_head", severity: "warning", path: "HEAD", message } }];
}

function tryToWrite(store: Store, folder: string): Finding | undefined {
  const file = path.join(folder, `${TRIAL_NAME}${randomUUID().replaceAll("-", "")}`);
  let handle: number | undefined;
  try {
    for (const name of namesIn(folder))
      if (name.startsWith(TRIAL_NAME)) rmSync(path.join(folder, name), { force: true });
    handle = openSync(file, "wx", 0o600);
    // Nobody needs its name; what a crash leaves is removed by the next one.
    rmSync(file, { force: true });
    for (let done = 0; done < TRIAL.length; ) done += writeSync(handle, TRIAL, done);
    fsyncSync(handle);
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const mapped = mapFsError(error, file);
    if (!(mapped instanceof AyoError)) throw error;
    if (mapped.code !== "disk_full") return closedFinding(store, folder, code);
    const message = `no space left in ${folder} (${code}): nothing can be changed until there is some`;
    return { code: "disk_full", severity: "error", path: nameOf(store, folder), message };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function closedFinding(store: Store, folder: string, code: string): Finding {
  const why = code === "EROFS" ? "is on a read-only file system" : `is closed to this process (${code})`;
  const message = `${folder} ${why}: nothing in it can be changed; allow it to read and write there`;
  return { code: "not_writable", severity: "error", path: nameOf(store, folder), message };
}

/** The folders that changes of tickets write into. */
function foldersOf({ dir }: Store): string[] {
  const known = ["archive", ...[...archiveFolders(dir).months.keys()].map((month) => `archive/${month}`)];
  return known.map((folder) => path.join(dir, folder)).filter(isFolder);
}

/** The folders of a git directory that a commit of ours writes into. */
function gitFolders({ repository: { gitDir, commonDir }, stateDir }: Journal): string[] {
  const objects = path.join(commonDir, "objects");
  const fans = namesIn(objects).filter((name) => /^[0-9a-f]{2}$|^pack$/.test(name));
  const { ref = "" } = readHead({ gitDir, commonDir, worktree: gitDir, bare: false });
  const branch = path.dirname(path.join(commonDir, ref));
  const state = ["", "tmp", "redo"].map((name) => path.join(stateDir, name));
  const all = [gitDir, objects, ...fans.map((name) => path.join(objects, name)), branch, ...state];
  return [...new Set(all)].filter(isFolder);
}

/** Everything of a store but what is in its git directory, links not followed. */
function filesOf(folder: string): string[] {
  return namesIn(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return name !== ".git" && isFolder(file) ? [file, ...filesOf(file)] : [file];
  });
}

function isFolder(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isClosed(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return false;
  } catch {
    return true;
  }
}

/** A path as findings have it: from the store's directory. */
function nameOf({ dir }: Store, file: string): string {
  return path.relative(dir, file).split(path.sep).join("/") || ".";
}
