import { invoke } from "../../actions/input/action.ts";
import { renew as renewAction } from "../../actions/renew.ts";
import { didOrWould } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket renew [id…]`. */
export const renew: Command = {
  name: "ticket renew",
  summary: renewAction.summary,
  positionals: [{ name: "id…", required: false, many: true, complete: "id" }],
  flags: flagsOf(renewAction.input, { omit: ["ids"] }),
  examples: [
    ["ayo ticket renew", "all that you hold, before long work without a command"],
    ["ayo ticket renew ayo-x7k2 --lease 2h", "this one, for two hours"],
  ],
  run: async (context, args) => {
    const input = { ...args.flags, ...(args.words.length === 0 ? {} : { ids: args.words }) };
    const renewed = await invoke(renewAction, context.store(), input as never);
    warnWritten(context, renewed);
    const { tickets } = renewed;
    if (tickets.length === 0 && !args.flags.quiet) context.warn("nothing to do: you hold nothing");
    const lines = tickets.map(
      ({ id, claim: held }) => `${didOrWould(renewed, "Renewed", "Would renew")} ${id} until ${held?.until}`,
    );
    return { json: { ...renewed }, text: lines.join("\n"), ids: tickets.map(({ id }) => id) };
  },
};
