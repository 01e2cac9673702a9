import { type Action, type InputSchema, invoke } from "../../actions/input/action.ts";
import type { Moved } from "../../actions/lifecycle/moveTickets.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** What is said of a ticket that stays in its column. */
type InPlace = (id: string, status: string) => string;

const isThere: InPlace = (id, status) => `Unchanged ${id}: already ${status}`;

/** The command of a verb that moves tickets. */
export function lifecycle<S extends InputSchema>(
  action: Action<S, Moved>,
  examples: Command["examples"],
  inPlace = isThere,
): Command {
  return {
    name: `ticket ${action.name}`,
    summary: action.summary,
    positionals: [{ name: "id…", required: true, many: true, complete: "id" }],
    flags: flagsOf(action.input, { omit: ["ids"] }),
    examples,
    run: async (context, args) => {
      const input = { ...args.flags, ids: args.words };
      return answerMoved(context, await invoke(action, context.store(), input as never), args, inPlace);
    },
  };
}

/** What a verb that moved tickets prints. */
export function answerMoved(context: Context, moved: Moved, args: Args, inPlace = isThere): Answer {
  warnWritten(context, moved);
  if (moved.tickets.length === 0 && !args.flags.quiet) context.warn("nothing to do");
  const lines = moved.tickets.map(({ id, from, status }) =>
    from === status && args.flags.dryRun !== true ? inPlace(id, status) : `Updated ${id} -> ${status}`,
  );
  const ready = moved.nowReady.map(({ id, title }) => `ready: ${id} - ${plain(title)}`);
  return { json: { ...moved }, text: [...lines, ...ready].join("\n"), ids: moved.tickets.map(({ id }) => id) };
}
