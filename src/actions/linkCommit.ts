import * as v from "valibot";
import { AyoError } from "../error.ts";
import { action, id, invoke, writeOptions } from "./input/action.ts";
import { commitId } from "./input/commitId.ts";
import { show } from "./show/show.ts";
import { type Updated, update } from "./update.ts";

/** Records a commit in a ticket's file; commits whose messages name the ticket need no such call. */
export const linkCommit = action({
  name: "link commit",
  summary: "Record a commit in a ticket; a message that says TICKET: <id> does so by itself",
  writes: true,
  input: v.object({
    id,
    commit: commitId("the commit's id, 7 to 64 hexadecimal digits"),
    as: writeOptions.as,
    dryRun: writeOptions.dryRun,
  }),
  run: async (store, { commit, as, dryRun, ...input }): Promise<Updated> => {
    const shown = await invoke(show, store, input);
    if (!("ticket" in shown)) throw new AyoError("bad_ticket", shown.problem.message, { data: { ...shown.problem } });
    const { id: exact, commits, version } = shown.ticket;
    const all = [...new Set([...commits, commit.toLowerCase()])].join(",");
    return invoke(update, store, { ids: [exact], set: { commits: all }, ifMatch: version, as, dryRun });
  },
});
