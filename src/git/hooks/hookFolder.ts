import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { type ConfigEnv, readGitConfig } from "../repository/gitConfig.ts";
import { namesIn, type Repository, readText } from "../repository/repository.ts";

/** Where git, or the tool that git asks, looks for a repository's hooks. */
export interface HookFolder {
  /** Absolute. */
  readonly dir: string;
  /** Husky runs what lies here with `sh -e`, run bit or not. */
  readonly husky: boolean;
  /** Each worktree has its own, since `core.hooksPath` is relative. */
  readonly perWorktree: boolean;
}

/**
 * The folder for a repository's hooks: `core.hooksPath`, else `hooks` in the common directory. Husky 9 makes the files
 * in its `.husky/_` anew at each install; what people write lies in `.husky`.
 * @throws conflict where the folder is one of the user's for all repositories, or none
 */
export function hookFolder(repository: Repository, env: ConfigEnv): HookFolder {
  const local = readGitConfig(repository, {})("core.hookspath");
  const anywhere = readGitConfig(repository, env)("core.hookspath");
  if (local === undefined && anywhere !== undefined) {
    throw new AyoError(
      "conflict",
      `core.hooksPath is ${anywhere} for all your repositories; call 'ayo hooks check-message --commit "$1"' in its commit-msg`,
      { data: { hooksPath: anywhere } },
    );
  }
  const folder = folderFor(repository, local, env);
  if (existsSync(folder.dir) && !statSync(folder.dir).isDirectory()) {
    throw new AyoError("conflict", `core.hooksPath is ${local}, which is no folder: no hook runs here`, {
      data: { hooksPath: local },
    });
  }
  return folder;
}

/** Every folder in which a hook of this repository may lie: of all worktrees, and where git looks by default. */
export function hookFolders(repository: Repository, env: ConfigEnv): string[] {
  const local = readGitConfig(repository, {})("core.hookspath");
  const found = worktreesOf(repository).map((worktree) => folderFor({ ...repository, worktree }, local, env).dir);
  return [...new Set([...found, path.join(repository.commonDir, "hooks")])];
}

function folderFor(
  { worktree, gitDir, commonDir, bare }: Repository,
  hooksPath: string | undefined,
  env: ConfigEnv,
): HookFolder {
  if (hooksPath === undefined || hooksPath === "")
    return { dir: path.join(commonDir, "hooks"), husky: false, perWorktree: false };
  const typed = hooksPath.startsWith("~/") && env.HOME ? path.join(env.HOME, hooksPath.slice(2)) : hooksPath;
  const dir = path.resolve(bare ? gitDir : worktree, typed);
  const husky =
    path.basename(dir) === "_" && (path.basename(path.dirname(dir)) === ".husky" || existsSync(path.join(dir, "h")));
  return { dir: husky ? path.dirname(dir) : dir, husky, perWorktree: !path.isAbsolute(typed) };
}

/** The tops of all worktrees: this one, the main one and those that are linked. */
function worktreesOf({ worktree, commonDir, bare }: Repository): string[] {
  const linked = namesIn(path.join(commonDir, "worktrees")).flatMap((name) => {
    const dotGit = readText(path.join(commonDir, "worktrees", name, "gitdir")).trim();
    return dotGit === "" ? [] : [path.dirname(path.resolve(commonDir, "worktrees", name, dotGit))];
  });
  return [worktree, ...(bare ? [] : [path.dirname(commonDir)]), ...linked];
}
