import { idsOf } from "../../actions/answers/idsOf.ts";
import { depAdd as addAction, type DependencyChanged } from "../../actions/depAdd.ts";
import { depRemove as removeAction } from "../../actions/depRemove.ts";
import { type Action, type InputSchema, invoke } from "../../actions/input/action.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket dep add <id> <dep>`, also `dep <id> <dep>`. */
export const depAdd = dependency(
  addAction,
  ["now waits for", "would wait for", "already waits for"],
  [["ayo ticket dep add ayo-x7k2 ayo-9fq1", "ayo-x7k2 waits until ayo-9fq1 is closed"]],
);

/** `ayo ticket dep remove <id> <dep>`, also `undep`. */
export const depRemove = dependency(
  removeAction,
  ["no longer waits for", "would no longer wait for", "does not wait for"],
  [["ayo ticket undep ayo-x7k2 ayo-9fq1", "ayo-x7k2 waits for ayo-9fq1 no longer"]],
);

function dependency<S extends InputSchema>(
  action: Action<S, DependencyChanged>,
  [did, would, same]: readonly [did: string, would: string, same: string],
  examples: Command["examples"],
): Command {
  return {
    name: `ticket ${action.name}`,
    summary: action.summary,
    positionals: [
      { name: "id", required: true, complete: "id" },
      { name: "dep", required: true, complete: "id" },
    ],
    flags: flagsOf(action.input, { omit: ["id", "dep"] }),
    examples,
    run: async (context, args) => {
      const [id = "", dep = ""] = args.words;
      const answer = await invoke(action, context.store(), { ...args.flags, id, dep } as never);
      warnWritten(context, answer);
      const [ticket = id] = idsOf(answer);
      const text = deedLine(answer, {
        did: `${ticket} ${did} ${answer.dep}`,
        would: `${ticket} ${would} ${answer.dep}`,
        same: `${ticket}: ${same} ${answer.dep}`,
      });
      return { json: { ...answer }, text, ids: [ticket] };
    },
  };
}
