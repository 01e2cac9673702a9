import { invoke } from "../../actions/input/action.ts";
import { status as statusAction } from "../../actions/status.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";
import { answerMoved } from "./moves.ts";

/** `ayo ticket status <id> <column>`. */
export const status: Command = {
  name: "ticket status",
  summary: statusAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "column", required: true, complete: "column" },
  ],
  flags: flagsOf(statusAction.input, { omit: ["ids", "column"] }),
  examples: [["ayo ticket status ayo-x7k2 in_review", "any column of the board"]],
  run: async (context, args) => {
    const [id = "", column = ""] = args.words;
    const input = { ...args.flags, ids: [id], column };
    const moved = await invoke(statusAction, context.store(), input as never);
    return answerMoved(context, moved, args, { verb: "move" });
  },
};
