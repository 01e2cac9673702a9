import path from "node:path";
import { branchTracking } from "../git/branches.ts";
import { ensureExcluded } from "../git/exclude.ts";
import { runGit } from "../git/gitBinary.ts";
import { discoverRepository, type Repository, readText } from "../git/repository.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { gitEnv } from "./refresh.ts";
import type { Journal, Store } from "./store.ts";

/** How the project's repository around a store with its own git sees that store: it should not see it at all. */
export async function checkProject(store: Store, { mode }: Journal): Promise<Diagnosis[]> {
  const outer = mode === "own" ? discoverRepository(path.dirname(store.dir)) : undefined;
  if (outer === undefined) return [];
  const prefix = path.relative(outer.worktree, store.dir).split(path.sep).join("/");
  if (prefix === "" || prefix.startsWith("..")) return [];
  const branch = await branchTracking(outer, prefix);
  const tracked: Diagnosis[] = branch === undefined ? [] : [{ finding: trackedBy(branch, prefix) }];
  if (await isIgnored(store, outer, prefix)) return tracked;
  const finding = {
    code: "not_excluded",
    severity: "warning",
    path: prefix,
    message: `the project's git sees ${prefix}/ as untracked files`,
    fix: `/${prefix}/ is added to the project's .git/info/exclude`,
  } as const;
  return [...tracked, { finding, mend: () => void ensureExcluded(outer, `/${prefix}/`) }];
}

function trackedBy(branch: string, prefix: string): Diagnosis["finding"] {
  const message = `branch ${branch} of the project has ${prefix}/ too: checking it out overwrites, and leaving it deletes, files of this store`;
  return { code: "tracked_by_branch", severity: "warning", path: prefix, target: branch, message };
}

/** Git knows; without a git binary the usual lines are looked for. */
async function isIgnored(store: Store, outer: Repository, prefix: string): Promise<boolean> {
  const { code } = await runGit(["check-ignore", "--quiet", "--no-index", `${prefix}/`], {
    cwd: outer.worktree,
    env: gitEnv(store),
  });
  if (code === 0 || code === 1) return code === 0;
  const lines = [path.join(outer.commonDir, "info", "exclude"), path.join(outer.worktree, ".gitignore")].flatMap(
    (file) => readText(file).split(/\r?\n/),
  );
  return [prefix, `${prefix}/`, `/${prefix}`, `/${prefix}/`].some((line) => lines.includes(line));
}
