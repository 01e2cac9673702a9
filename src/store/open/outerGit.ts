import path from "node:path";
import { AyoError } from "../../error.ts";
import { discoverRepository } from "../../git/repository/repository.ts";
import type { Host } from "../../host.ts";
import { type Ancestor, ancestors } from "../../processes.ts";
import type { Journal } from "./store.ts";

/**
 * The git commands that move a branch, or the index, around the hooks and editors that they run. Others, such as an
 * alias, run what a person asked for.
 */
const MOVERS = new Set(
  "am bisect checkout cherry-pick commit filter-branch merge pull push read-tree rebase receive-pack reset restore revert stash switch update-ref".split(
    " ",
  ),
);
/** Options of git itself whose value is a word of its own. */
const WITH_VALUE = ["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--config-env", "--exec-path"];

/**
 * The git command around this process, `git commit`, where it runs in the store's repository: a hook of it, or the
 * editor of its message, started ayo. It read the branch and the index before, and fails, or undoes what came
 * meanwhile, when they move. Undefined elsewhere, also for a store of its own inside a hook of the project's.
 * @throws git_busy inside a rebase that begins, which fails when a file changes, too
 */
export function outerGit(
  { env, cwd }: Pick<Host, "env" | "cwd">,
  { repository }: Pick<Journal, "repository">,
  above: () => readonly Ancestor[] = ancestors,
): string | undefined {
  if (env.GIT_EXEC_PATH === undefined && env.GIT_INDEX_FILE === undefined) return undefined;
  const { gitDir } = repository;
  // What the variables say is from the directory that git is in.
  const isGitDir = (base: string, file: string | undefined): boolean =>
    file !== undefined && path.resolve(base, file) === gitDir;
  const isHere = ({ cwd: base = cwd }: Ancestor): boolean =>
    isGitDir(base, env.GIT_DIR) || discoverRepository(base)?.gitDir === gitDir;
  const gits = above().flatMap((one) => {
    const command = gitCommand(one.argv);
    return command === undefined || !isHere(one) ? [] : [{ ...one, command }];
  });
  const around = gits.find((one) => MOVERS.has(one.command))?.command;
  if (around === "rebase") {
    throw new AyoError(
      "git_busy",
      "nothing was changed: 'git rebase' is about to begin, and fails when a file changes",
    );
  }
  if (around !== undefined) return `git ${around}`;
  // An older git that runs a commit under an alias of another name.
  const index = env.GIT_INDEX_FILE === undefined ? undefined : path.dirname(env.GIT_INDEX_FILE);
  return gits.some((one) => isGitDir(one.cwd ?? cwd, index)) ? "git commit" : undefined;
}

/** `commit` for `git -C there commit -m x`, and for the program git-commit; undefined for what is not git. */
export function gitCommand(argv: readonly string[]): string | undefined {
  const [first = "", second = ""] = argv.map((word) => path.basename(word).replace(/\.exe$/, ""));
  const own = [first, second].find((name) => /^git-[a-z]/.test(name));
  if (first !== "git") return own?.slice("git-".length);
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] as string;
    if (!word.startsWith("-")) return word;
    if (WITH_VALUE.includes(word)) at++;
  }
  return "";
}
