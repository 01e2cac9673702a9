import path from "node:path";
import { discoverRepository, mainWorktree, type Repository } from "../../git/repository/repository.ts";
import type { Host } from "../../host.ts";

/**
 * The repository whose commits are the work on a store's tickets: the one around the store; where the store lies
 * beside a bare repository, that one, as long as the command stands in one of its worktrees. Undefined outside git.
 */
export function projectRepository({
  dir,
  host,
}: {
  readonly dir: string;
  readonly host: Host;
}): Repository | undefined {
  const around = path.dirname(dir);
  const here = discoverRepository(host.cwd);
  if (here !== undefined && here.worktree !== dir && mainWorktree(here) === around) return here;
  return discoverRepository(around);
}
