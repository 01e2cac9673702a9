import { idsOf } from "../../actions/answers/idsOf.ts";
import { invoke } from "../../actions/input/action.ts";
import { rank as rankAction } from "../../actions/rank.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket rank <id…>`. */
export const rank: Command = {
  name: "ticket rank",
  summary: rankAction.summary,
  positionals: [{ name: "id…", required: true, many: true, complete: "id" }],
  flags: flagsOf(rankAction.input, { omit: ["ids"] }),
  examples: [
    ["ayo ticket rank ayo-x7k2 --before ayo-9fq1", "it is offered before that one, and has its priority"],
    ["ayo ticket rank ayo-x7k2 ayo-5c0e --first", "these two first of their column and priority"],
    ["ayo ticket rank ayo-x7k2 --clear", "by age again"],
  ],
  run: async (context, { words, flags }) => {
    const ranked = await invoke(rankAction, context.store(), { ...flags, ids: words } as never);
    warnWritten(context, ranked);
    const ids = idsOf(ranked);
    const list = ids.join(", ");
    const text = deedLine(ranked, {
      did: `Ranked ${list}: ${ranked.place}`,
      would: `Would rank ${list}: ${ranked.place}`,
      same: `${list}: already ${ranked.place}`,
    });
    return { json: { ...ranked }, text, ids };
  },
};
