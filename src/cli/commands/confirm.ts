import { confirm as confirmAction } from "../../actions/confirm.ts";
import { invoke } from "../../actions/input/action.ts";
import { didOrWould } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket confirm <id…>`. */
export const confirm: Command = {
  name: "ticket confirm",
  summary: confirmAction.summary,
  positionals: [{ name: "id…", required: true, many: true, complete: "id" }],
  flags: flagsOf(confirmAction.input, { omit: ["ids"] }),
  examples: [
    ["ayo ticket list is:unconfirmed", "what waits for it; 'ayo undo <id>' says no"],
    ["ayo ticket confirm ayo-x7k2", "it counts as finished from now on"],
    ["ayo ticket confirm config", "the rules of config.yml hold as they are written"],
  ],
  run: async (context, args): Promise<Answer> => {
    const input = { ...args.flags, ids: [...args.words] };
    const confirmed = await invoke(confirmAction, context.store(), input as never);
    warnWritten(context, confirmed);
    const { tickets, config, nowReady } = confirmed;
    const lines = [
      ...tickets.map(
        ({ id, status }) => `${didOrWould(confirmed, "Confirmed", "Would confirm")} ${id} (${plain(status)})`,
      ),
      ...(config.length === 0
        ? []
        : [`${didOrWould(confirmed, "Confirmed", "Would confirm")} config.yml: ${config.join(", ")}`]),
      ...nowReady.map(({ id, title }) => `ready: ${id} - ${plain(title)}`),
    ];
    return { json: { ...confirmed }, text: lines.join("\n"), ids: tickets.map(({ id }) => id) };
  },
};
