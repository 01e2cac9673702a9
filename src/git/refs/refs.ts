import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { createExclusive, ensureDir, linkExclusive, mapFsError, syncDir } from "../disk/durable.ts";
import { removeFile } from "../disk/removeFile.ts";
import { isOid } from "../repository/oid.ts";
import { type Repository, readText } from "../repository/repository.ts";
import { appendReflogs, lastInReflog, type ReflogEntry } from "./reflog.ts";

/** Where HEAD points. */
export interface Head {
  /** `refs/heads/main`, the branch itself where HEAD names an alias; undefined when detached. */
  readonly ref: string | undefined;
  /** The commit; undefined on a branch without one. */
  readonly oid: string | undefined;
}

/** Git's own limit on refs that name refs. */
const MAX_ALIASES = 5;

/** Reads HEAD, which is the worktree's own. */
export function readHead(repository: Repository): Head {
  const text = readRefFile(path.join(repository.gitDir, "HEAD"));
  const named = aliasIn(text);
  if (named === undefined) return { ref: undefined, oid: isOid(text) ? text : undefined };
  const { name, text: value } = followAliases(repository, named);
  return { ref: name, oid: commitOf(repository, name, value) };
}

/** The commit of a full ref name, loose before packed; undefined where there is none, or a damaged one. */
export function readRef(repository: Pick<Repository, "commonDir">, ref: string): string | undefined {
  const { name, text } = followAliases(repository, ref);
  return commitOf(repository, name, text);
}

function commitOf({ commonDir }: Pick<Repository, "commonDir">, name: string, text: string): string | undefined {
  return isOid(text) ? text : packedRef(readText(path.join(commonDir, "packed-refs")), name);
}

/** Every packed ref with its commit; a loose one of the same name counts more. */
export function packedRefs(commonDir: string): Map<string, string> {
  const refs = new Map<string, string>();
  for (const line of readText(path.join(commonDir, "packed-refs")).split(/\r?\n/)) {
    const match = /^([0-9a-f]{40}) (\S+)$/.exec(line);
    if (match !== null) refs.set(match[2] as string, match[1] as string);
  }
  return refs;
}

/** How a ref is moved. */
export interface SwapOptions {
  readonly reflog?: ReflogEntry;
  /** Commits between `from` and `to`, and what the log says of each. */
  readonly through?: readonly { readonly to: string; readonly reflog: ReflogEntry }[];
  /** Only for repairs: also where the ref's file is damaged, or gone though its log has commits. */
  readonly replaceDamaged?: boolean;
  /**
   * A synced temporary file that holds the new value and becomes the ref. Who removes it has called the move off, and
   * one of the two happens: the rename or the removal.
   */
  readonly temporary?: string;
  /** The caller syncs the folder of the ref. */
  readonly unsynced?: boolean;
  /** Called the moment that the ref has moved. */
  readonly onMoved?: () => void;
}

/**
 * Moves a ref from `from` (undefined: it must not exist) to `to` under git's own `<ref>.lock`.
 * `moved`: the ref is elsewhere; `locked`: somebody holds the lock. Neither changes anything.
 * @throws git_unsupported for a damaged ref, whose commits a new one would hide, and where another ref's name is in
 * the way; disk_full, store_not_writable
 */
export function swapRef(
  repository: Repository,
  ref: string,
  from: string | undefined,
  to: string,
  { reflog, through = [], replaceDamaged = false, temporary, unsynced = false, onMoved }: SwapOptions = {},
): "ok" | "moved" | "locked" {
  const { name } = followAliases(repository, ref);
  const file = path.join(repository.commonDir, name);
  const lock = `${file}.lock`;
  if (!lockRef(repository, name, to, temporary)) return "locked";
  try {
    const text = readRefFile(file);
    if (commitOf(repository, name, text) !== from) {
      removeOwnRefLock(repository, name, to);
      return "moved";
    }
    // A loose ref that holds the commit is whole.
    if (!replaceDamaged && text !== from) assertWhole(repository, name, from);
    if (from === undefined) assertFree(repository, name);
    const hasMoved = replaceRef(temporary ?? lock, file);
    if (hasMoved) onMoved?.();
    if (temporary !== undefined || !hasMoved) removeOwnRefLock(repository, name, to);
    if (!hasMoved) return "moved";
  } catch (error) {
    removeOwnRefLock(repository, name, to);
    throw mapFsError(error, file);
  }
  if (!unsynced) syncDir(path.dirname(file));
  const moves = reflog === undefined ? through : [...through, { to, reflog }];
  let at = from;
  for (const move of moves) {
    appendReflogs(repository, name, { from: at, to: move.to, isHead: readHead(repository).ref === name }, move.reflog);
    at = move.to;
  }
  return "ok";
}

/** Removes `<ref>.lock` if it is one that a crash of ours left: its content is the commit we meant to write. */
export function removeOwnRefLock({ commonDir }: Repository, ref: string, to: string): void {
  const lock = path.join(commonDir, `${ref}.lock`);
  if (readText(lock) === `${to}\n`) removeFile(lock);
}

/** Takes `<ref>.lock`; git removes empty folders of refs at any time, so that one just made can be gone again. */
function lockRef({ commonDir }: Repository, ref: string, to: string, temporary?: string): boolean {
  const lock = path.join(commonDir, `${ref}.lock`);
  for (let attempt = 1; ; attempt++) {
    try {
      ensureDir(path.dirname(lock));
      const bytes = Buffer.from(`${to}\n`);
      if (temporary !== undefined && attempt === 1) return linkExclusive(lock, temporary, bytes, { keep: true });
      return createExclusive(lock, bytes, commonDir);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (code === "EEXIST" || code === "ENOTDIR") throw inTheWay(ref, path.posix.dirname(ref), error);
      if (code !== "ENOENT" || attempt === 10) throw error;
    }
  }
}

/** A torn ref reads as none, and a commit made on none would begin a second history. */
function assertWhole(repository: Repository, ref: string, from: string | undefined): void {
  const file = path.join(repository.commonDir, ref);
  const isTorn = existsSync(file) && !isOid(readRefFile(file)) && !isDirectory(file);
  if (!isTorn && (from !== undefined || lastInReflog(repository, ref) === undefined)) return;
  const what = isTorn ? "holds no commit id" : "is gone, though its log names commits";
  throw new AyoError("git_unsupported", `${ref} ${what}; nothing was changed`, {
    try: ["ayo", "doctor"],
    data: { ref, file },
  });
}

/** No packed ref may be a folder of this one, or have this one as its folder; loose ones the file system refuses. */
function assertFree({ commonDir }: Repository, ref: string): void {
  const packed = readText(path.join(commonDir, "packed-refs"));
  if (packed.includes(` ${ref}/`)) throw inTheWay(ref, `${ref}/`);
  for (let folder = path.posix.dirname(ref); folder !== "."; folder = path.posix.dirname(folder)) {
    if (packedRef(packed, folder) !== undefined) throw inTheWay(ref, folder);
  }
}

/** False when somebody took the new value away. */
function replaceRef(lock: string, file: string): boolean {
  try {
    renameSync(lock, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" && !existsSync(lock)) return false;
    if (!["EISDIR", "ENOTEMPTY", "EEXIST", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    if (!isDirectory(file)) throw error;
    try {
      removeEmpty(file);
    } catch {
      throw inTheWay(path.basename(file), `${file}/`, error);
    }
    renameSync(lock, file);
    return true;
  }
}

/** Git leaves empty folders behind where a ref of a longer name was. */
function removeEmpty(folder: string): void {
  for (const name of readdirSync(folder)) removeEmpty(path.join(folder, name));
  rmdirSync(folder);
}

function inTheWay(ref: string, other: string, cause?: unknown): AyoError {
  const message = `the ref ${ref} cannot be made: ${other} is in its way; nothing was changed`;
  return new AyoError("git_unsupported", message, { data: { ref, other }, cause });
}

function isDirectory(file: string): boolean {
  try {
    return readdirSync(file) !== undefined;
  } catch {
    return false;
  }
}

/** The ref that a ref stands for, and its file's text. */
function followAliases(
  { commonDir }: Pick<Repository, "commonDir">,
  ref: string,
): { readonly name: string; readonly text: string } {
  let name = ref;
  for (let depth = 0; ; depth++) {
    const text = readRefFile(path.join(commonDir, name));
    const next = depth < MAX_ALIASES ? aliasIn(text) : undefined;
    if (next === undefined) return { name, text };
    name = next;
  }
}

/** The ref that a ref's text names; names that lead out of `refs/` are damage. */
function aliasIn(text: string): string | undefined {
  const name = /^ref:\s*(refs\/\S+)$/.exec(text)?.[1];
  return name === undefined || /(?:^|\/)\.|\/\/|\.\.|\.lock$|[\\~^:?*[]/.test(name) ? undefined : name;
}

/** A ref's text, "" where there is none. @throws store_not_writable when it may not be read */
function readRefFile(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw mapFsError(error, file);
  }
}

/** Finds one line; there may be a hundred thousand. */
function packedRef(packed: string, ref: string): string | undefined {
  for (let at = packed.indexOf(` ${ref}`); at >= 0; at = packed.indexOf(` ${ref}`, at + 1)) {
    const after = packed[at + 1 + ref.length];
    const oid = packed.slice(Math.max(0, at - 40), at);
    const startsLine = at === 40 || packed[at - 41] === "\n";
    if (startsLine && isOid(oid) && (after === undefined || after === "\n" || after === "\r")) return oid;
  }
  return undefined;
}
