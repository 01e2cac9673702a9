import path from "node:path";
import type { BareRepositoryOptions } from "../../../git/binary/bareRepository.ts";
import { runGit } from "../../../git/binary/gitBinary.ts";
import { branchTracking, isTracked } from "../../../git/refs/branches.ts";
import { ensureExcluded } from "../../../git/repository/exclude.ts";
import { type ConfigEnv, protectedValues, readGitConfig } from "../../../git/repository/gitConfig.ts";
import { type Repository, readFile, readText } from "../../../git/repository/repository.ts";
import { gitEnv } from "../../disk/refresh.ts";
import { seenAt } from "../../open/createJournal.ts";
import type { Journal, Store } from "../../open/store.ts";
import type { StoreFinding } from "../finding.ts";

/** How the projects' repositories around a store with its own git see that store: they should not see it at all. */
export async function checkProject(store: Store, { mode }: Journal): Promise<StoreFinding[]> {
  if (mode !== "own") return [];
  const found: StoreFinding[] = [];
  for (const { repository, prefix, isLink } of seenAt(store)) {
    // A link that is committed leads every clone to the store, and hides nothing of it.
    if (isLink && isTracked(repository, prefix)) continue;
    const branch = await branchTracking(repository, prefix);
    if (branch !== undefined) found.push({ finding: trackedBy(branch, prefix) });
    if (await isIgnored(store, repository, prefix)) continue;
    const finding = {
      code: "not_excluded",
      severity: "warning",
      path: prefix,
      message: `the project's git sees ${prefix} as untracked files`,
      fix: `/${prefix} is added to the project's .git/info/exclude`,
    } as const;
    found.push({ finding, mend: () => void ensureExcluded(repository, prefix) });
  }
  return found;
}

function trackedBy(branch: string, prefix: string): StoreFinding["finding"] {
  const message = `branch ${branch} of the project has ${prefix}/ too: checking it out overwrites, and leaving it deletes, files of this store`;
  return { code: "tracked_by_branch", severity: "warning", path: prefix, target: branch, message };
}

/** Git knows; without a git binary the usual lines are looked for. */
async function isIgnored(store: Store, outer: Repository, prefix: string): Promise<boolean> {
  const env = gitEnv(store);
  const { code } = await runGit(["check-ignore", "--quiet", "--no-index", "--", prefix], {
    at: outer.worktree,
    worktree: outer.worktree,
    ...ignoredBy(outer, env),
    env,
  });
  if (code === 0 || code === 1) return code === 0;
  const lines = [path.join(outer.commonDir, "info", "exclude"), path.join(outer.worktree, ".gitignore")].flatMap(
    (file) => readText(file).split(/\r?\n/),
  );
  return [prefix, `${prefix}/`, `/${prefix}`, `/${prefix}/`].some((line) => lines.includes(line));
}

/** What decides beside the `.gitignore` files, read by us: a git that read it here would obey the rest of it, too. */
function ignoredBy(outer: Repository, env: ConfigEnv): Pick<BareRepositoryOptions, "exclude" | "settings"> {
  const config = readGitConfig(outer, env);
  return {
    exclude: readFile(path.join(outer.commonDir, "info", "exclude")),
    settings: {
      "core.excludesFile": config("core.excludesfile") ?? protectedValues("core.excludesfile", env).at(-1),
      "core.ignoreCase": String(/^(?:true|yes|on|1)$/i.test(config("core.ignorecase") ?? "")),
    },
  };
}
