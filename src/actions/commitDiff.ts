import * as v from "valibot";
import { AyoError } from "../error.ts";
import { showWithGit } from "../store/codeCommits/showCommits.ts";
import { type CommitJson, commits } from "./commits.ts";
import { action } from "./input/action.ts";
import { commitId } from "./input/commitId.ts";

/** A commit and what it changed. */
export interface CommitDiff {
  readonly commit: CommitJson;
  /** As git shows it, with the files and their lines. */
  readonly diff: string;
}

/** What a commit changed; only of one that a ticket has, which is no way to read all that the project ever was. */
export const commitDiff = action({
  name: "commit diff",
  summary: "Show what a commit changed that belongs to a ticket",
  writes: false,
  input: v.object({ commit: commitId("the commit's id, 7 to 64 hexadecimal digits") }),
  run: async (store, { commit: wanted }): Promise<CommitDiff> => {
    const { commits: all, repository } = await commits.run(store, { limit: Number.MAX_SAFE_INTEGER });
    const found = all.filter(({ oid }) => oid.startsWith(wanted.toLowerCase()));
    const [commit] = found;
    if (found.length > 1) throw new AyoError("ambiguous_id", `'${wanted}' begins ${found.length} commits`);
    if (commit === undefined || repository === null) {
      throw new AyoError("not_found", `no commit '${wanted}' names a ticket`, { data: { commit: wanted } });
    }
    return {
      commit,
      diff: await showWithGit(store.host, repository, [commit.oid], ["--stat", "--patch", "--no-color"]),
    };
  },
});
