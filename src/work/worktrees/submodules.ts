import path from "node:path";
import { readFile } from "../../git/repository/repository.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import { gitInFresh, gitOn, type RunGit, sentenceOf, type WorktreePlace } from "./gitAt.ts";

const FETCH_MS = 10 * 60_000;

/**
 * Fills the submodules of a new worktree that somebody has initialised in the project, from where the project's
 * configuration says and by git's own rules for addresses. What fails is told, and the worktree is used without.
 */
export async function fillSubmodules(
  project: WorkProject,
  place: WorktreePlace,
  from: "base" | "branch",
): Promise<string[]> {
  if (readFile(path.join(place.dir, ".gitmodules")) === "") return [];
  const initialised = await keysOf(gitOn(project), ["config", "-z", "--get-regexp", "^submodule\\..*\\.url$"]);
  if (initialised.size === 0) return [];
  // What an agent wrote into .gitmodules is not obeyed.
  if (from === "branch") return [`the submodules of ${place.dir} were not filled: its branch is an agent's`];
  const git = gitInFresh(project, place);
  const paths = await keysOf(git, ["config", "-z", "-f", ".gitmodules", "--get-regexp", "^submodule\\..*\\.path$"]);
  const wanted = [...paths].flatMap(([name, where]) => (initialised.has(name) ? [where] : []));
  if (wanted.length === 0) return [];
  const words = ["submodule", "--quiet", "update", "--init", "--recursive", "--", ...wanted];
  const { code, stderr } = await git(words, { timeoutMs: FETCH_MS });
  return code === 0 ? [] : [`the submodules of ${place.dir} could not be filled: git says: ${sentenceOf(stderr)}`];
}

/** The values of `submodule.NAME.key`, by name. */
async function keysOf(run: RunGit, args: readonly string[]): Promise<Map<string, string>> {
  const { stdout } = await run(args);
  const pairs = stdout.split("\0").flatMap((pair) => {
    const at = pair.indexOf("\n");
    if (at < 1) return [];
    const key = pair.slice(0, at);
    return [[key.slice("submodule.".length, key.lastIndexOf(".")), pair.slice(at + 1)] as const];
  });
  return new Map(pairs);
}
