import { readFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { type InstalledHook, installHook, type RemovedHook, removeHook } from "../../git/hooks/hookFile.ts";
import { hookFolder, hookFolders } from "../../git/hooks/hookFolder.ts";
import { discoverRepository, type Repository } from "../../git/repository/repository.ts";
import { packageDir } from "../../host.ts";
import { projectRepository } from "../open/projectRepository.ts";
import type { Store } from "../open/store.ts";

export type { RemovedHook };

/** The git hook that looks at commit messages. */
const HOOK = "commit-msg";

/** How the hook lies in the project now. */
export interface InstalledCommitHook extends InstalledHook {
  readonly husky: boolean;
  /** It is in force in this worktree only, since `core.hooksPath` is relative. */
  readonly perWorktree: boolean;
}

/**
 * Installs `commit-msg` for the repository of the working directory, or around the store where one stands in the
 * store; `flags` go to `ayo hooks check-message`.
 * @throws not_found outside git; conflict, disk_full, store_not_writable
 */
export function installCommitHook(store: Store, flags: readonly string[], dryRun = false): InstalledCommitHook {
  const { env, home } = store.host;
  const { dir, husky, perWorktree } = hookFolder(repositoryFor(store), { ...env, HOME: home });
  const template = readFileSync(path.join(packageDir(), "templates", "git", HOOK), "utf8");
  const script = template
    .replaceAll("@HUSKY@", husky ? "yes" : "no")
    .replaceAll("@FLAGS@", () => flags.map((flag) => ` ${quoted(flag)}`).join(""));
  return { ...installHook(dir, HOOK, script, dryRun), husky, perWorktree };
}

/** Takes `commit-msg` away wherever it lies, in all worktrees. @throws not_found outside git; conflict */
export function removeCommitHook(store: Store, dryRun = false): RemovedHook[] {
  const { env, home } = store.host;
  const folders = hookFolders(repositoryFor(store), { ...env, HOME: home });
  return folders.flatMap((dir) => removeHook(dir, HOOK, dryRun) ?? []);
}

function repositoryFor(store: Store): Repository {
  const here = discoverRepository(store.host.cwd);
  const found = here === undefined || here.worktree === store.dir ? projectRepository(store) : here;
  if (found !== undefined) return found;
  throw new AyoError("not_found", `${store.host.cwd} is in no git repository, so there are no commits to check`);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
