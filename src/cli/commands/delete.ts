import { idsOf } from "../../actions/answers/idsOf.ts";
import { deleteTickets as deleteAction } from "../../actions/delete.ts";
import { invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { didOrWould } from "../print/deed.ts";
import { readyLines, warnWritten } from "../print/line.ts";
import type { Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket delete <id…>`: asks on a terminal, needs `--yes` elsewhere. */
export const deleteTickets: Command = {
  name: "ticket delete",
  summary: deleteAction.summary,
  positionals: [{ name: "id…", required: true, many: true, complete: "id" }],
  flags: flagsOf(deleteAction.input, { omit: ["ids"] }),
  examples: [["ayo ticket delete ayo-x7k2", "asks first; the text stays in git"]],
  run: async (context, args) => {
    const deleted = await confirmed(context, args);
    warnWritten(context, deleted);
    return {
      json: { ...deleted },
      text: [
        didOrWould(deleted, "Deleted ", "Would delete ") + idsOf(deleted).join(", "),
        ...readyLines(deleted.nowReady),
      ].join("\n"),
      ids: idsOf(deleted),
    };
  },
};

async function confirmed(context: Context, { words, flags }: Args) {
  const input = { ...flags, ids: words };
  try {
    return await invoke(deleteAction, context.store(), input as never);
  } catch (error) {
    const canAsk = context.tty.stdin && context.tty.stderr;
    if (!(error instanceof AyoError) || error.code !== "needs_confirmation" || !canAsk) throw error;
    const what = [error.data?.what].flat().join(", ");
    if (!(await context.ask(`Delete ${what}? [y/N] `)))
      throw new AyoError("needs_confirmation", "nothing was deleted", { cause: error });
    return invoke(deleteAction, context.store(), { ...input, yes: true } as never);
  }
}
