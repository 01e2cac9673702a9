import { idsOf } from "../../actions/answers/idsOf.ts";
import { assign as assignAction } from "../../actions/assign.ts";
import { invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket assign <id> <who>`. */
export const assign: Command = {
  name: "ticket assign",
  summary: assignAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "who", required: false },
  ],
  flags: flagsOf(assignAction.input, { omit: ["ids"] }),
  examples: [
    ["ayo ticket assign ayo-x7k2 @coder", "to an agent"],
    ["ayo ticket assign ayo-x7k2 ''", "to nobody"],
  ],
  run: async (context, args) => {
    const [id = "", assignee = args.flags.assignee] = args.words;
    if (assignee === undefined) {
      throw new AyoError("bad_usage", "assign: who is missing", { try: ["ayo", "ticket", "assign", "--help"] });
    }
    const assigned = await invoke(assignAction, context.store(), { ...args.flags, ids: [id], assignee } as never);
    warnWritten(context, assigned);
    const ids = idsOf(assigned).join(", ");
    const whose = assigned.assignee || "nobody";
    const text = deedLine(assigned, {
      did: `Assigned ${ids} -> ${whose}`,
      would: `Would assign ${ids} -> ${whose}`,
      same: `${ids}: already ${whose === "nobody" ? "nobody's" : whose}`,
    });
    return { json: { ...assigned }, text, ids: idsOf(assigned) };
  },
};
