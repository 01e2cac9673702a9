import { idsOf } from "../../actions/answers/idsOf.ts";
import { archive as archiveAction } from "../../actions/archive.ts";
import { invoke } from "../../actions/input/action.ts";
import { didOrWould } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket archive [--before 30d]`. */
export const archive: Command = {
  name: "ticket archive",
  summary: archiveAction.summary,
  positionals: [],
  flags: flagsOf(archiveAction.input),
  examples: [
    ["ayo ticket archive", "what was finished more than 30 days ago"],
    ["ayo ticket archive --before 2026-10-01 --dry-run", "what it would move"],
  ],
  run: async (context, args) => {
    const archived = await invoke(archiveAction, context.store(), args.flags as never);
    warnWritten(context, archived);
    const count = archived.tickets.length;
    const tickets = `${count} ${count === 1 ? "ticket" : "tickets"}`;
    const text = didOrWould(archived, `${tickets} archived`, `Would archive ${tickets}`);
    const isTold = archived.notices.some((notice) => notice.startsWith("not archived"));
    if (count === 0 && !isTold && !args.flags.quiet)
      context.warn("nothing to do: no ticket has been finished for so long");
    return { json: { ...archived }, text: count === 0 ? "" : text, ids: idsOf(archived) };
  },
};
