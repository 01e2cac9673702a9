import { block as blockAction } from "../../actions/block.ts";
import { cancel as cancelAction } from "../../actions/cancel.ts";
import { close as closeAction } from "../../actions/close.ts";
import { fail as failAction } from "../../actions/fail.ts";
import { invoke } from "../../actions/input/action.ts";
import { reopen as reopenAction } from "../../actions/reopen.ts";
import { start as startAction } from "../../actions/start.ts";
import { status as statusAction } from "../../actions/status.ts";
import { unblock as unblockAction } from "../../actions/unblock.ts";
import type { Command } from "../command.ts";
import { flagsOf } from "../flagsOf.ts";
import { ALIAS, answerMoved, lifecycle } from "./moves.ts";

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
