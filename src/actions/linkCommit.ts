import * as v from "valibot";
import { AyoError } from "../error.ts";
import { action, id, invoke, text, writeOptions } from "./input/action.ts";
import { show } from "./show/show.ts";
import { type Updated, update } from "./update.ts";

/** What the id of a commit looks like. */
const commitId = v.pipe(
  text("the commit's id, 7 to 64 hexadecimal digits"),
  v.regex(/^[0-9a-f]{7,64}$/i, "not the id of a commit, 7 to 64 hexadecimal digits"),
);

/** Records a commit in a ticket's file; commits whose messages name the ticket need no such call. */
export const linkCommit = action({
  name: "link commit",
  summary: "Record a commit in a ticket; a message that says TICKET: <id> does so by itself",
  writes: true,
  input: v.object({ id, commit: commitId, as: writeOptions.as, dryRun: writeOptions.dryRun }),
  run: async (store, { commit, as, dryRun, ...input }): Promise<Updated> => {
    const shown = await invoke(show, store, input);
    if (!("ticket" in shown)) throw new AyoError("bad_ticket", shown.problem.message, { data: { ...shown.problem } });
    const { id: exact, commits, version } = shown.ticket;
    const all = [...new Set([...commits, commit.toLowerCase()])].join(",");
    return invoke(update, store, { ids: [exact], set: { commits: all }, ifMatch: version, as, dryRun });
  },
});
