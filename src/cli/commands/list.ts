import { invoke } from "../../actions/input/action.ts";
import { list as listAction } from "../../actions/list.ts";
import { warnProblems } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { inputOf, listCommand } from "./listing.ts";

/** `ayo ticket list`, also plain `ayo ticket`. */
export const list = listCommand("list", listAction, {
  empty: 'no tickets yet: ayo ticket create "…"',
  examples: [
    ["ayo ticket list", "everything not archived, unfinished first"],
    ["ayo ticket list -s open,in_progress -a @coder", "filters combine"],
    ["ayo ticket list 'is:open priority:<2 -tag:ui created:>30d'", "the same in one string, and more"],
    ["ayo ticket list --all --json --fields id,title,status", "for programs, with the archive"],
  ],
});

/** `ayo ticket query`: JSON lines. */
export const query: Command = {
  ...list,
  name: "ticket query",
  summary: "Print tickets as JSON lines, for jq and programs",
  examples: [
    ["ayo ticket query | jq -r 'select(.priority < 2) .id'", "one JSON object a line"],
    ["ayo ticket query -s closed --all --fields id,closed", "only some fields"],
  ],
  run: async (context, args) => {
    const listed = await invoke(listAction, context.store(), inputOf(args) as never);
    warnProblems(context, listed.problems);
    return { json: undefined, lines: listed.tickets, text: "" };
  },
};
