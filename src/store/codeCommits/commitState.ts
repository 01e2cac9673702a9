import { readGitConfig } from "../../git/repository/gitConfig.ts";
import { operationInProgress } from "../../git/repository/operation.ts";
import { discoverRepository } from "../../git/repository/repository.ts";
import type { Host } from "../../host.ts";

/** What decides about the message of a commit that is being made. */
export interface CommitState {
  /** Git is concluding a merge or a revert. */
  readonly isMerge: boolean;
  /** What begins a comment line in the message file; undefined where no editor was used, so that none is taken out. */
  readonly commentChar: string | undefined;
}

/** The state of the repository that a hook is running in, from its working directory and what git tells its hooks. */
export function commitState({ cwd, env, home }: Pick<Host, "cwd" | "env" | "home">): CommitState {
  const repository = discoverRepository(cwd);
  const operation = repository === undefined ? undefined : operationInProgress(repository);
  const config = readGitConfig(repository, { ...env, HOME: home });
  const char = config("core.commentstring") ?? config("core.commentchar") ?? "#";
  return {
    isMerge: operation === "merge" || operation === "revert",
    // githooks(5): GIT_EDITOR is `:` for a commit without an editor.
    commentChar: env.GIT_EDITOR === ":" ? undefined : char === "auto" ? "#" : char,
  };
}
