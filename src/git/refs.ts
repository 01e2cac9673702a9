import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { CommitPerson } from "./commit.ts";
import { createExclusive, mapFsError, syncDir } from "./durable.ts";
import { type Repository, readText } from "./repository.ts";

/** Where HEAD points. */
export interface Head {
  /** `refs/heads/main`; undefined when detached. */
  readonly ref: string | undefined;
  /** The commit; undefined on a branch without one. */
  readonly oid: string | undefined;
}

/** Reads HEAD, which is the worktree's own. */
export function readHead(repository: Repository): Head {
  const text = readText(path.join(repository.gitDir, "HEAD")).trim();
  const ref = /^ref: (.+)$/.exec(text)?.[1];
  if (ref === undefined) return { ref: undefined, oid: isOid(text) ? text : undefined };
  return { ref, oid: readRef(repository, ref) };
}

/** The commit of a full ref name, loose before packed; undefined where there is none. */
export function readRef({ commonDir }: Repository, ref: string): string | undefined {
  const loose = readText(path.join(commonDir, ref)).trim();
  if (isOid(loose)) return loose;
  return packedRefs(commonDir).get(ref);
}

/** Every branch and remote-tracking branch with its commit. */
export function packedRefs(commonDir: string): Map<string, string> {
  const refs = new Map<string, string>();
  for (const line of readText(path.join(commonDir, "packed-refs")).split("\n")) {
    const match = /^([0-9a-f]{40}) (\S+)$/.exec(line);
    if (match !== null) refs.set(match[2] as string, match[1] as string);
  }
  return refs;
}

/** What a branch's log says of a move. */
export interface ReflogEntry extends CommitPerson {
  readonly message: string;
}

/**
 * Moves a ref from `from` (undefined: it must not exist) to `to` under git's own `<ref>.lock`.
 * `moved`: the ref is elsewhere; `locked`: somebody holds the lock. Neither changes anything.
 * @throws disk_full, store_not_writable
 */
export function swapRef(
  repository: Repository,
  ref: string,
  from: string | undefined,
  to: string,
  { reflog }: { readonly reflog?: ReflogEntry } = {},
): "ok" | "moved" | "locked" {
  const file = path.join(repository.commonDir, ref);
  const lock = `${file}.lock`;
  mkdirSync(path.dirname(file), { recursive: true });
  if (!createExclusive(lock, Buffer.from(`${to}\n`), repository.commonDir)) return "locked";
  try {
    if (readRef(repository, ref) !== from) {
      rmSync(lock, { force: true });
      return "moved";
    }
    renameSync(lock, file);
  } catch (error) {
    rmSync(lock, { force: true });
    throw mapFsError(error, file);
  }
  syncDir(path.dirname(file));
  if (reflog !== undefined) appendReflogs(repository, ref, from, to, reflog);
  return "ok";
}

/** Removes `<ref>.lock` if it is one that a crash of ours left: its content is the commit we meant to write. */
export function removeOwnRefLock({ commonDir }: Repository, ref: string, to: string): void {
  const lock = path.join(commonDir, `${ref}.lock`);
  if (readText(lock) === `${to}\n`) rmSync(lock, { force: true });
}

/** Whether a text is an object id. */
export function isOid(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

function appendReflogs(
  repository: Repository,
  ref: string,
  from: string | undefined,
  to: string,
  entry: ReflogEntry,
): void {
  const who = `${entry.name} <${entry.email}> ${entry.time} ${entry.timezone}`;
  const line = `${from ?? "0".repeat(40)} ${to} ${who}\t${entry.message.replaceAll("\n", " ")}\n`;
  const files = [path.join(repository.commonDir, "logs", ref)];
  if (readHead(repository).ref === ref) files.push(path.join(repository.gitDir, "logs", "HEAD"));
  for (const file of files) {
    try {
      if (existsSync(file)) appendFileSync(file, line);
    } catch {
      // A log that cannot be written loses a convenience, no commit.
    }
  }
}

/** The last commit that a ref's log names, or undefined; how a torn ref is mended. */
export function lastInReflog({ commonDir }: Repository, ref: string): string | undefined {
  try {
    const lines = readFileSync(path.join(commonDir, "logs", ref), "utf8")
      .trimEnd()
      .split("\n");
    return lines
      .reverse()
      .map((line) => line.slice(41, 81))
      .find(isOid);
  } catch {
    return undefined;
  }
}
