import type { RunGit, Settings } from "./gitAt.ts";

/** Programs that read and write nothing but what git hands them, wherever they are started. */
const HARMLESS = /^git-lfs (?:clean|smudge|filter-process)\b/;

/** Which filters are off, and the settings that switch them off. */
export interface IdleFilters {
  readonly idle: ReadonlySet<string>;
  readonly settings: Settings;
}

/**
 * The filters of the user's configuration that are not to run in an agent's worktree: git starts them there, so that
 * `python -m nbstripout` or `./scripts/clean` would be a program of the agent's. Large files of git-lfs are filtered.
 */
export async function idleFilters(run: RunGit): Promise<IdleFilters> {
  const { stdout } = await run(["config", "-z", "--get-regexp", "^filter\\..*\\.(clean|smudge|process)$"]);
  const idle = new Set<string>();
  for (const pair of stdout.split("\0")) {
    const at = pair.indexOf("\n");
    const [key, program] = [pair.slice(0, at), pair.slice(at + 1)];
    if (at > 0 && !HARMLESS.test(program)) idle.add(key.slice("filter.".length, key.lastIndexOf(".")));
  }
  const settings = [...idle].flatMap((name) => [
    ...["clean", "smudge", "process"].map((kind) => [`filter.${name}.${kind}`, ""] as const),
    [`filter.${name}.required`, "false"] as const,
  ]);
  return { idle, settings };
}
