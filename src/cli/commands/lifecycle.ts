import { type Action, type InputSchema, invoke } from "../../actions/action.ts";
import { block as blockAction } from "../../actions/block.ts";
import { cancel as cancelAction } from "../../actions/cancel.ts";
import { close as closeAction } from "../../actions/close.ts";
import { fail as failAction } from "../../actions/fail.ts";
import { reopen as reopenAction } from "../../actions/reopen.ts";
import { start as startAction } from "../../actions/start.ts";
import { type Moved, status as statusAction } from "../../actions/status.ts";
import { unblock as unblockAction } from "../../actions/unblock.ts";
import type { Answer, Args, Command, Context } from "../command.ts";
import { flagsOf } from "../flagsOf.ts";
import { warnWritten } from "../line.ts";
import { plain } from "../print.ts";

const ALIAS = { message: ["m", "comment", "reason"] };

/** `ayo ticket start <id…>`. */
export const start = lifecycle(startAction, [
  ["ayo ticket start ayo-x7k2", "moves it to in_progress; a person becomes its assignee, an agent claims it"],
]);

/** `ayo ticket close <id…>`. */
export const close = lifecycle(closeAction, [
  ["ayo ticket close ayo-x7k2", "says which tickets became ready"],
  ['ayo ticket close ayo-x7k2 ayo-9fq1 -m "12 tests pass"', "several at once, with a note"],
]);

/** `ayo ticket reopen <id…>`. */
export const reopen = lifecycle(reopenAction, [
  ['ayo ticket reopen ayo-x7k2 -m "fails on Safari"', "back to the first column"],
]);

/** `ayo ticket block <id…>`. */
export const block = lifecycle(blockAction, [
  ['ayo ticket block ayo-x7k2 -m "waits for the vendor"', "parks it with a reason"],
]);

/** `ayo ticket unblock <id…>`. */
export const unblock = lifecycle(unblockAction, [["ayo ticket unblock ayo-x7k2", "takes it up again"]]);

/** `ayo ticket cancel <id…>`. */
export const cancel = lifecycle(cancelAction, [
  ['ayo ticket cancel ayo-x7k2 -m "not needed any more"', "it will not be done"],
]);

/** `ayo ticket fail <id…>`. */
export const fail = lifecycle(failAction, [['ayo ticket fail ayo-x7k2 -m "the API cannot do it"', "it was tried"]]);

/** `ayo ticket status <id> <column>`. */
export const status: Command = {
  name: "ticket status",
  summary: statusAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "column", required: true, complete: "column" },
  ],
  flags: flagsOf(statusAction.input, { omit: ["ids", "column"], alias: ALIAS }),
  examples: [["ayo ticket status ayo-x7k2 in_review", "any column of the board"]],
  run: async (context, args) => {
    const [id = "", column = ""] = args.words;
    const input = { ...args.flags, ids: [id], column };
    return answerMoved(context, await invoke(statusAction, context.store(), input as never), args);
  },
};

/** The command of a verb that moves tickets. */
export function lifecycle<S extends InputSchema>(
  action: Action<S, Moved>,
  examples: Command["examples"],
  { required = true }: { readonly required?: boolean } = {},
): Command {
  return {
    name: `ticket ${action.name}`,
    summary: action.summary,
    positionals: [{ name: "id…", required, many: true, complete: "id" }],
    flags: flagsOf(action.input, { omit: ["ids"], alias: ALIAS }),
    examples,
    run: async (context, args) => {
      const input = { ...args.flags, ids: args.words };
      return answerMoved(context, await invoke(action, context.store(), input as never), args);
    },
  };
}

/** What a verb that moved tickets prints. */
export function answerMoved(context: Context, moved: Moved, args: Args): Answer {
  warnWritten(context, moved);
  if (moved.tickets.length === 0 && !args.flags.quiet) context.warn("there is nothing to do");
  const lines = moved.tickets.map(({ id, from, status }) =>
    from === status && args.flags.dryRun !== true ? `${id} is already ${status}` : `Updated ${id} -> ${status}`,
  );
  const ready = moved.nowReady.map(({ id, title }) => `ready: ${id} - ${plain(title)}`);
  return { json: { ...moved }, text: [...lines, ...ready].join("\n"), ids: moved.tickets.map(({ id }) => id) };
}
