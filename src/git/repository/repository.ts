import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  type Stats,
  statSync,
} from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { parseGitConfig } from "./parseGitConfig.ts";

/** A git repository as seen from one of its worktrees. */
export interface Repository {
  /** The worktree's top; for a bare repository the directory that holds it. */
  readonly worktree: string;
  /** The worktree's private git directory: HEAD, index. */
  readonly gitDir: string;
  /** What all worktrees share: objects, refs, config. */
  readonly commonDir: string;
  readonly bare: boolean;
}

/** The repository whose `.git` lies in `dir` itself, or undefined. */
export function openRepository(dir: string): Repository | undefined {
  const gitDir = gitDirOf(path.join(dir, ".git"));
  if (gitDir === undefined) return undefined;
  const commonDir = commonDirOf(gitDir);
  const bare = gitDir === commonDir && isBare(commonDir);
  return { worktree: dir, gitDir, commonDir, bare };
}

/** The repository that `from` lies in: the nearest `.git` upwards, or a bare repository itself. */
export function discoverRepository(from: string): Repository | undefined {
  for (let dir = from; ; dir = path.dirname(dir)) {
    const found = openRepository(dir);
    if (found !== undefined) return found;
    if (looksLikeGitDir(dir) && isBare(dir))
      return { worktree: path.dirname(dir), gitDir: dir, commonDir: dir, bare: true };
    if (path.dirname(dir) === dir) return undefined;
  }
}

/**
 * The directory that all worktrees share: the main worktree, or the folder around a bare repository; undefined where
 * the repository lies elsewhere and does not say whose it is.
 */
export function mainWorktree({ worktree, gitDir, commonDir, bare }: Repository): string | undefined {
  if (path.basename(commonDir) === ".git" || bare) return path.dirname(commonDir);
  // A submodule, or a git directory kept apart from its worktree.
  if (gitDir === commonDir) return worktree;
  if (isBare(commonDir)) return path.dirname(commonDir);
  const named = settingsOf(path.join(commonDir, "config")).get("core.worktree");
  return named === undefined ? undefined : path.resolve(commonDir, named);
}

const PARTIAL = "a partial clone, whose objects may be elsewhere";

/** The extensions that change nothing for us; git refuses those it does not know, and so do we. */
const HARMLESS = ["noop", "noop-v1", "preciousobjects", "relativeworktrees", "worktreeconfig"];

/**
 * Refuses repositories that we would read or write wrongly.
 * @throws git_unsupported with what is unsupported
 */
export function assertSupported({ commonDir }: Repository): void {
  const settings = settingsOf(path.join(commonDir, "config"));
  const version = settings.get("core.repositoryformatversion") ?? "0";
  if (!/^[01]$/.test(version)) throw unsupported(commonDir, `repository format ${version}`);
  for (const [key, value] of settings) {
    if (key.startsWith("extensions.")) assertExtension(commonDir, key.slice("extensions.".length), value);
    if (/^remote\..*\.promisor$/.test(key) && isTrue(value)) throw unsupported(commonDir, PARTIAL);
  }
  if (existsSync(path.join(commonDir, "reftable"))) throw unsupported(commonDir, "reftable references");
  if (existsSync(path.join(commonDir, "objects", "info", "alternates")))
    throw unsupported(commonDir, "borrowed objects (objects/info/alternates)");
}

/** What keeps us from reading a repository's refs and commits at all; undefined where nothing does. */
export function whyUnreadable({ commonDir }: Repository): string | undefined {
  const settings = settingsOf(path.join(commonDir, "config"));
  const format = settings.get("extensions.objectformat") ?? "sha1";
  if (format.toLowerCase() !== "sha1") return `${format} objects`;
  const refs = settings.get("extensions.refstorage") ?? "files";
  return /^files\b/i.test(refs) ? undefined : `${refs} references`;
}

/** The error for a repository that ayo cannot journal into; `help` is a command that changes that, and nothing else. */
export function unsupported(where: string, what: string, help?: readonly string[]): AyoError {
  return new AyoError("git_unsupported", `${where} uses ${what}, which ayo cannot write; nothing was changed`, {
    data: { dir: where, what },
    ...(help === undefined ? {} : { try: help }),
  });
}

function assertExtension(commonDir: string, name: string, value: string): void {
  if (HARMLESS.includes(name)) return;
  if (name === "objectformat") {
    if (value.toLowerCase() !== "sha1") throw unsupported(commonDir, `${value} objects`);
  } else if (name === "refstorage") {
    if (!/^files\b/i.test(value)) throw unsupported(commonDir, `${value} references`);
  } else if (name === "partialclone") throw unsupported(commonDir, PARTIAL);
  else throw unsupported(commonDir, `the extension '${name}'`);
}

function settingsOf(file: string): Map<string, string> {
  return new Map(parseGitConfig(readFile(file)));
}

function gitDirOf(dotGit: string): string | undefined {
  const stat = statOf(dotGit);
  if (stat === undefined) return undefined;
  if (stat.isFile()) {
    const target = /^gitdir:\s*(.+?)\s*$/m.exec(readText(dotGit))?.[1];
    if (target === undefined) return undefined;
    const gitDir = path.resolve(path.dirname(dotGit), target);
    return looksLikeGitDir(gitDir) ? gitDir : undefined;
  }
  return looksLikeGitDir(dotGit) ? dotGit : undefined;
}

/** Whether a directory is a git directory, such as `.git` or a bare repository. */
export function looksLikeGitDir(dir: string): boolean {
  if (!existsSync(path.join(dir, "HEAD"))) return false;
  const common = commonDirOf(dir);
  return isDirectory(path.join(common, "objects")) && isDirectory(path.join(common, "refs"));
}

function commonDirOf(gitDir: string): string {
  const common = readText(path.join(gitDir, "commondir")).trim();
  return common === "" ? gitDir : path.resolve(gitDir, common);
}

function isBare(commonDir: string): boolean {
  const local = settingsOf(path.join(commonDir, "config"));
  const hasOwn = isTrue(local.get("extensions.worktreeconfig"));
  const own = hasOwn ? settingsOf(path.join(commonDir, "config.worktree")).get("core.bare") : undefined;
  return isTrue(own ?? local.get("core.bare"));
}

function isTrue(value: string | undefined): boolean {
  return /^(?:true|yes|on|1)$/i.test(value ?? "");
}

function isDirectory(dir: string): boolean {
  return statOf(dir)?.isDirectory() ?? false;
}

/** What cannot be looked at, such as another user's directory, is not there for us. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

/**
 * The text of a file that whoever may write in a git directory chose: "" for what is no file, such as a pipe or a device
 * that is read for ever, and for what is too long to be meant.
 */
export function readFile(file: string): string {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(handle);
    return stat.isFile() && stat.size <= MAX_BYTES ? readFileSync(handle, "utf8") : "";
  } catch {
    return "";
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** More than any configuration has. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The text of a small file, "" where there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The names in a folder, none where there is no folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
