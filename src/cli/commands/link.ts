import { idsOf } from "../../actions/answers/idsOf.ts";
import { duplicate as duplicateAction } from "../../actions/duplicate.ts";
import { type Action, type InputSchema, invoke } from "../../actions/input/action.ts";
import { type Linked, link as linkAction } from "../../actions/link.ts";
import { unlink as unlinkAction } from "../../actions/unlink.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket link <id> <id…>`. */
export const link = linking(
  linkAction,
  ["Linked", "already linked"],
  [["ayo ticket link ayo-x7k2 ayo-9fq1", "in both files, in one commit"]],
);

/** `ayo ticket unlink <id> <id…>`. */
export const unlink = linking(
  unlinkAction,
  ["Unlinked", "not linked"],
  [["ayo ticket unlink ayo-x7k2 ayo-9fq1", "in both files"]],
);

/** `ayo ticket duplicate <id> --of <id>`. */
export const duplicate: Command = {
  name: "ticket duplicate",
  summary: duplicateAction.summary,
  positionals: [{ name: "id", required: true, complete: "id" }],
  flags: flagsOf(duplicateAction.input, { omit: ["id"] }),
  examples: [["ayo ticket duplicate ayo-x7k2 --of ayo-9fq1", "cancels ayo-x7k2"]],
  run: async (context, args) => {
    const input = { ...args.flags, id: args.words[0] ?? "" };
    const done = await invoke(duplicateAction, context.store(), input as never);
    warnWritten(context, done);
    const ids = idsOf(done).join(", ");
    const text = deedLine(done, {
      did: `${ids} is a duplicate of ${done.of}`,
      would: `${ids} would be a duplicate of ${done.of}`,
      same: `${ids}: already a duplicate of ${done.of}`,
    });
    return { json: { ...done }, text, ids: idsOf(done) };
  },
};

function linking<S extends InputSchema>(
  action: Action<S, Linked>,
  [did, same]: readonly [did: string, same: string],
  examples: Command["examples"],
): Command {
  return {
    name: `ticket ${action.name}`,
    summary: action.summary,
    positionals: [{ name: "id…", required: true, many: true, complete: "id" }],
    flags: flagsOf(action.input, { omit: ["ids"] }),
    examples,
    run: async (context, args) => {
      const answer = await invoke(action, context.store(), { ...args.flags, ids: args.words } as never);
      warnWritten(context, answer);
      const ids = idsOf(answer);
      const text = deedLine(answer, {
        did: `${did} ${ids.join(" <-> ")}`,
        would: `Would ${action.name} ${ids.join(" <-> ")}`,
        same: `${ids.join(", ")}: ${same}`,
      });
      return { json: { ...answer }, text, ids };
    },
  };
}
