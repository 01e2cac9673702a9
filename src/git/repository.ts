import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";

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

/** The directory beside the common directory: the main worktree, or the folder around a bare repository. */
export function mainWorktree({ commonDir }: Repository): string | undefined {
  const beside = path.dirname(commonDir);
  if (path.basename(commonDir) === ".git") return beside;
  // A submodule's or an odd repository's git directory lies inside another .git: nothing is beside it.
  return commonDir.split(path.sep).includes(".git") ? undefined : beside;
}

/**
 * Refuses repositories that we would read or write wrongly.
 * @throws git_unsupported with what is unsupported
 */
export function assertSupported({ commonDir }: Repository): void {
  const config = readText(path.join(commonDir, "config")).toLowerCase();
  const section = /\[extensions\]([^[]*)/.exec(config)?.[1] ?? "";
  const extension = (name: string): string | undefined =>
    new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)`, "m").exec(section)?.[1];
  const format = extension("objectformat");
  if (format !== undefined && format !== "sha1") throw unsupported(commonDir, `${format} objects`);
  const storage = extension("refstorage");
  if (storage !== undefined && storage !== "files") throw unsupported(commonDir, `${storage} references`);
  if (existsSync(path.join(commonDir, "reftable"))) throw unsupported(commonDir, "reftable references");
  if (extension("partialclone") !== undefined) throw unsupported(commonDir, "a partial clone");
  if (existsSync(path.join(commonDir, "objects", "info", "alternates")))
    throw unsupported(commonDir, "borrowed objects (alternates)");
}

/** The error for a repository that ayo cannot journal into. */
export function unsupported(where: string, what: string): AyoError {
  return new AyoError("git_unsupported", `${where} uses ${what}, which ayo cannot write; nothing was changed`, {
    data: { dir: where, what },
  });
}

function gitDirOf(dotGit: string): string | undefined {
  const stat = lstatSync(dotGit, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isFile()) {
    const target = /^gitdir:\s*(.+?)\s*$/m.exec(readText(dotGit))?.[1];
    if (target === undefined) return undefined;
    const gitDir = path.resolve(path.dirname(dotGit), target);
    return looksLikeGitDir(gitDir) ? gitDir : undefined;
  }
  return looksLikeGitDir(dotGit) ? dotGit : undefined;
}

function looksLikeGitDir(dir: string): boolean {
  if (!existsSync(path.join(dir, "HEAD"))) return false;
  const common = commonDirOf(dir);
  return isDirectory(path.join(common, "objects")) && isDirectory(path.join(common, "refs"));
}

function commonDirOf(gitDir: string): string {
  const common = readText(path.join(gitDir, "commondir")).trim();
  return common === "" ? gitDir : path.resolve(gitDir, common);
}

function isBare(commonDir: string): boolean {
  return /^\s*bare\s*=\s*true\s*$/im.test(readText(path.join(commonDir, "config")));
}

function isDirectory(dir: string): boolean {
  return statSync(dir, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

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
