import {
  appendFileSync,
  closeSync,
  constants,
  copyFileSync,
  fchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { AyoError } from "./error.ts";
import { isRoot } from "./host.ts";

/** Whoever a folder belongs to. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** File systems that know no owners, and roots that may not give anything away, leave it as the system has it. */
const CANNOT = ["EPERM", "EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EROFS"];

/** Where root acts for somebody else: the owner of `dir`; undefined for everybody but root, and in root's own folders. */
export function ownerForRoot(dir: string): Owner | undefined {
  if (!isRoot()) return undefined;
  const stat = statSync(dir, { throwIfNoEntry: false });
  return stat === undefined || stat.uid === 0 ? undefined : { uid: stat.uid, gid: stat.gid };
}

/**
 * What root makes in somebody's folder is to be theirs, or they could not write it again. By the handle: a name may
 * have become a link to something else meanwhile.
 */
export function giveToFolder(handle: number, file: string): void {
  const owner = ownerForRoot(path.dirname(file));
  if (owner !== undefined) give(handle, owner);
}

/** What root writes in the place of a file stays its owner's. */
export function giveAs(handle: number, before: Owner): void {
  if (isRoot()) give(handle, before);
}

/** mkdirSync with its parents, each the property of whoever owns the folder above it; the first that was missing. */
export function makeFolders(dir: string, mode?: number): string | undefined {
  const first = makeMissing(path.resolve(dir), mode);
  if (first === undefined || !isRoot()) return first;
  const top = first;
  const owner = ownerForRoot(path.dirname(top));
  if (owner === undefined) return first;
  for (let made = path.resolve(dir); made.startsWith(top); made = path.dirname(made)) giveFolder(made, owner);
  return first;
}

/** Node's own way to make parents never ends where a folder that is there refuses new ones as /proc does: no such file. */
function makeMissing(dir: string, mode: number | undefined): string | undefined {
  if (makeOne(dir, mode) === "made") return dir;
  if (isFolder(dir)) return undefined;
  const parent = path.dirname(dir);
  if (path.basename(parent) === ".git" && !isFolder(parent)) throw gone(path.dirname(parent));
  const first = parent === dir ? undefined : makeMissing(parent, mode);
  const made = makeOne(dir, mode);
  if (made !== "made" && !isFolder(dir)) throw made;
  return first ?? (made === "made" ? dir : undefined);
}

/** A repository is made by whoever makes one, never along the way: one that was deleted meanwhile stays so. */
function gone(dir: string): AyoError {
  return new AyoError("no_store", `the ticket store ${dir} is gone`);
}

function makeOne(dir: string, mode: number | undefined): "made" | unknown {
  try {
    mkdirSync(dir, mode);
    return "made";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EEXIST" && !isFolder(dir)) throw error;
    return error;
  }
}

function isFolder(dir: string): boolean {
  return statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Of files that only ayo has: a link in their place was put there by somebody, to have another file written. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const OPEN = constants.O_WRONLY | constants.O_CREAT;
const FLAGS = { w: OPEN | constants.O_TRUNC, wx: OPEN | constants.O_EXCL, a: OPEN | constants.O_APPEND } as const;

/** How {@link writeOwned} writes. */
export interface WriteOptions {
  readonly flag?: "w" | "wx";
  readonly mode?: number;
  readonly encoding?: BufferEncoding;
  /** A link is written through, as to a file of the user's; else it is replaced. */
  readonly follow?: boolean;
}

/** writeFileSync, the file being the folder's owner's. */
export function writeOwned(file: string, data: string | Buffer, options: WriteOptions = {}): void {
  const { flag = "w", mode = 0o666, encoding = "utf8", follow = false } = options;
  const flags = FLAGS[flag] | (follow ? 0 : NO_FOLLOW);
  unlinked(file, () => within(file, flags, mode, (handle) => writeFileSync(handle, data, { encoding })));
}

/** Writes to what is no link; one that is there goes. */
function unlinked(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOOP") throw error;
    if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) throw error;
    rmSync(file, { force: true });
    write();
  }
}

/** copyFileSync, the copy being the folder's owner's. */
export function copyOwned(from: string, to: string): void {
  copyFileSync(from, to);
  if (isRoot()) within(to, constants.O_RDONLY, 0, () => {});
}

/** appendFileSync, the file being the folder's owner's; a link in its place is replaced. */
export function appendOwned(file: string, data: string, encoding: BufferEncoding = "utf8"): void {
  const write = (handle: number): void => appendFileSync(handle, data, encoding);
  unlinked(file, () => within(file, FLAGS.a | NO_FOLLOW, 0o666, write));
}

function within(file: string, flags: number, mode: number, work: (handle: number) => void): void {
  const handle = openSync(file, flags, mode);
  try {
    giveToFolder(handle, file);
    work(handle);
  } finally {
    closeSync(handle);
  }
}

function giveFolder(dir: string, owner: Owner): void {
  const handle = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    give(handle, owner);
  } finally {
    closeSync(handle);
  }
}

function give(handle: number, { uid, gid }: Owner): void {
  try {
    fchownSync(handle, uid, gid);
  } catch (error) {
    if (!CANNOT.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
