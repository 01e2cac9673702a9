import { existsSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { readMarks } from "../../../git/index/indexMarks.ts";
import { discoverRepository, type Repository } from "../../../git/repository/repository.ts";
import { CONFIG_FILE } from "../config/values.ts";

/**
 * A store that a sparse checkout leaves out is there all the same, and nothing is put in its place.
 * @throws no_store with what brings it back
 */
export function assertCheckedOut(outer: Repository, prefix: string): void {
  const { leftOut, leftOutFolders } = readMarks(outer, prefix);
  const isLeftOut = leftOut.has(CONFIG_FILE) || leftOutFolders.includes("");
  if (!isLeftOut || existsSync(path.join(outer.worktree, prefix, CONFIG_FILE))) return;
  throw new AyoError("no_store", `the store ${prefix}/ is left out of this worktree by git (sparse checkout)`, {
    try: ["git", "-C", outer.worktree, "sparse-checkout", "add", prefix],
    data: { path: prefix, leftOut: true },
  });
}

/** The same for a directory that is not there, wherever it would be. @throws no_store */
export function assertNotLeftOut(dir: string): void {
  const outer = discoverRepository(path.dirname(dir));
  const prefix = outer === undefined ? ".." : path.relative(outer.worktree, dir).split(path.sep).join("/");
  if (outer !== undefined && prefix !== "" && !prefix.startsWith("..")) assertCheckedOut(outer, prefix);
}
