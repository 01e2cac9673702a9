import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { makeFolders } from "../../folderOwner.ts";
import { mapFsError } from "../../git/disk/durable.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { fingerprint } from "../../store/open/approvals.ts";
import type { Sums } from "./begun.ts";
import { isRealFolder } from "./entries.ts";
import { gitOn, type RunGit } from "./gitAt.ts";
import { secretsIn } from "./secrets.ts";

/** What became of the files that agents.yml has copied. */
export interface Copied {
  /** From the top, with `/`. */
  readonly files: readonly string[];
  /** Values in environment files that nobody is to read in a log, those of files that were there already too. */
  readonly secrets: readonly string[];
  /** What the project has in each file that may be copied, also where there was one already. */
  readonly sums: Sums;
  /** What was not copied, and why, each a sentence. */
  readonly told: readonly string[];
}

/** Where files are copied to. */
export interface Target {
  readonly dir: string;
  readonly run: RunGit;
  /** Nothing is committed there: what its own rules ignore is of no matter. */
  readonly isThrownAway?: boolean;
}

const MAX_BYTES = 5 * 1024 * 1024;
/** More than that is to be made by set-up. */
const MAX_FILES = 2_000;

/**
 * Copies files that git ignores from the project into a worktree, such as `.env`: named one by one or by their folder.
 * A file that is in the worktree already stays. No link is followed on either side.
 * @throws disk_full, store_not_writable
 */
export async function copyFiles(project: WorkProject, target: Target, names: readonly string[]): Promise<Copied> {
  const { top } = project;
  const { dir, isThrownAway = false } = target;
  const none = { files: [], secrets: [], sums: new Map(), told: [] };
  if (names.length === 0) return none;
  if (top === undefined) return { ...none, told: ["copy: a bare repository has no files to copy"] };
  const told: string[] = [];
  const wanted: string[] = [];
  for (const name of names) findFiles(project, top, name, { wanted, told });
  if (wanted.length > MAX_FILES) told.push(`copy: only the first ${MAX_FILES} files are copied`);
  const whyNotCopied = await judgeOf(project, target, wanted);
  const files: string[] = [];
  const secrets = new Set<string>();
  const sums = new Map<string, string>();
  for (const name of wanted.slice(0, MAX_FILES)) {
    const read = whyNotCopied(name) ?? readPlain(path.join(top, name));
    const one = typeof read === "string" ? { trouble: read, secrets: [] } : copyOne(dir, name, read);
    for (const secret of one.secrets) secrets.add(secret);
    if (typeof read !== "string") sums.set(name, fingerprint(read.bytes));
    if (one.trouble === undefined) files.push(name);
    else told.push(...toldOf(name, one.trouble, isThrownAway));
  }
  return { files, secrets: [...secrets], sums, told };
}

/** A file that is there already is told of only where it can be nothing but the work's own. */
function toldOf(name: string, trouble: string, isThrownAway: boolean): string[] {
  if (trouble !== THERE) return [`copy: ${name}: ${trouble}`];
  return isThrownAway ? [`copy: ${name}: the work has a file of its own there`] : [];
}

function copyOne(dir: string, name: string, file: Plain) {
  return { trouble: writeNew(dir, name, file), secrets: secretsIn(name, file.bytes) };
}

/** Tells why a file is not copied: only what git ignores is, here and where it could be committed. */
async function judgeOf(
  project: WorkProject,
  { run, isThrownAway }: Target,
  wanted: readonly string[],
): Promise<(name: string) => string | undefined> {
  const here = await ignoredBy(gitOn(project), wanted);
  const there = isThrownAway ? here : await ignoredBy(run, wanted);
  return (name) => {
    if (!here.has(name)) return "it is not ignored by git";
    return there.has(name) ? undefined : "it would not be ignored in the worktree, and might be committed";
  };
}

/** What was to be copied is there already. */
const THERE = "";

interface Found {
  readonly wanted: string[];
  readonly told: string[];
}

/** Adds the files that a name stands for; what it cannot stand for is told. */
function findFiles(project: WorkProject, top: string, name: string, found: Found): void {
  const clean = path.posix.normalize(name.replaceAll("\\", "/")).replace(/\/$/, "");
  const why = whyNot(project, top, clean);
  if (why === undefined) walk(project, top, clean, found);
  else found.told.push(`copy: ${name}: ${why}`);
}

function whyNot(project: WorkProject, top: string, name: string): string | undefined {
  if (name === "." || path.isAbsolute(name) || name.split("/").includes(".."))
    return "only files inside the project are copied";
  if (isKept(project, top, name)) return "tickets and git directories are not copied";
  const parts = name.split("/");
  for (let n = 1; n <= parts.length; n++) {
    const stat = lstatSync(path.join(top, ...parts.slice(0, n)), { throwIfNoEntry: false });
    if (stat === undefined) return "it is not there";
    if (stat.isSymbolicLink()) return "there is a link on the way";
  }
  return undefined;
}

/** Git directories and the store: no worktree gets one. */
function isKept({ storeDir, commonDir }: WorkProject, top: string, name: string): boolean {
  const full = path.join(top, name);
  const isIn = (dir: string): boolean => full === dir || full.startsWith(dir + path.sep);
  return name.split("/").some((part) => part.toLowerCase() === ".git") || isIn(storeDir) || isIn(commonDir);
}

function walk(project: WorkProject, top: string, name: string, found: Found): void {
  if (isKept(project, top, name) || found.wanted.length > MAX_FILES) return;
  const stat = lstatSync(path.join(top, name));
  if (stat.isFile()) found.wanted.push(name);
  else if (stat.isDirectory()) {
    for (const one of readdirSync(path.join(top, name)).sort()) walk(project, top, `${name}/${one}`, found);
  } else found.told.push(`copy: ${name}: it is ${stat.isSymbolicLink() ? "a link" : "no file"}`);
}

async function ignoredBy(run: RunGit, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const { stdout } = await run(["check-ignore", "-z", "--stdin"], { input: names.map((name) => `${name}\0`).join("") });
  return new Set(stdout.split("\0"));
}

interface Plain {
  readonly bytes: Buffer;
  readonly mode: number;
}

/** A file's bytes, or why it is not copied. */
function readPlain(file: string): Plain | string {
  let handle: number;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return (error as Error).message;
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return "it is no file";
    if (stat.size > MAX_BYTES) return `it has ${Math.ceil(stat.size / 1024 / 1024)} MB, more than 5`;
    return { bytes: readFileSync(handle), mode: stat.mode & 0o777 };
  } finally {
    closeSync(handle);
  }
}

/** Writes a file that is not there yet; {@link THERE} where it is, a sentence where something is in the way. */
function writeNew(dir: string, name: string, { bytes, mode }: Plain): string | undefined {
  const parts = path.posix.dirname(name).split("/");
  const file = path.join(dir, name);
  try {
    for (let n = 1; n <= parts.length; n++) {
      const folder = path.join(dir, ...parts.slice(0, n));
      if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) makeFolders(folder);
      else if (!isRealFolder(folder)) return `${folder} is no folder`;
    }
    if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return THERE;
    // Nobody else reads it before it has its own mode.
    const handle = openSync(file, "wx", 0o600);
    try {
      writeFileSync(handle, bytes);
      fchmodSync(handle, mode);
    } finally {
      closeSync(handle);
    }
    return undefined;
  } catch (error) {
    throw mapFsError(error, file);
  }
}
