import { type Action, type InputSchema, invoke } from "../../actions/input/action.ts";
import type { Moved } from "../../actions/lifecycle/moveTickets.ts";
import { didOrWould, isChange } from "../print/deed.ts";
import { readyLines, warnWritten } from "../print/line.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { FILES, flagsOf } from "../table/flagsOf.ts";

/** The command of a verb that moves tickets. */
export function lifecycle<S extends InputSchema>(
  action: Action<S, Moved>,
  examples: Command["examples"],
  telling: Omit<Telling, "verb"> = {},
): Command {
  const flags = flagsOf(action.input, { omit: ["ids"], describe: FILES });
  const takesOutput = flags.output !== undefined;
  return {
    name: `ticket ${action.name}`,
    summary: action.summary,
    positionals: [{ name: "id…", required: true, many: true, complete: "id" }],
    flags,
    examples,
    run: async (context, args) => {
      const given = takesOutput
        ? await (await import("./jsonFile.ts")).withOutput(context, args, action.name)
        : args.flags;
      const input = { ...given, ids: args.words };
      const moved = await invoke(action, context.store(), input as never);
      return answerMoved(context, moved, args, { verb: action.name, ...telling });
    },
  };
}

/** How a verb that moves tickets is told of. */
interface Telling {
  readonly verb: string;
  /** What it does to a ticket that stays in its column, where that is a change all the same. */
  readonly did?: string;
}

/** What a verb that moved tickets prints. */
export function answerMoved(context: Context, moved: Moved, args: Args, { verb, did }: Telling): Answer {
  warnWritten(context, moved);
  if (moved.tickets.length === 0 && !args.flags.quiet) context.warn("nothing to do");
  // Of several, those that only get a note are not told from those that have it all already.
  const mayStay = did !== undefined || (moved.tickets.length === 1 && isChange(moved));
  const lines = moved.tickets.map(({ id, from, status }) => {
    if (from !== status) return `${didOrWould(moved, "Updated", `Would ${verb}`)} ${id} -> ${status}`;
    if (!mayStay) return `Unchanged ${id}: already ${status}`;
    return `${didOrWould(moved, did ?? "Updated", `Would ${verb}`)} ${id}, which stays ${status}`;
  });
  const ready = readyLines(moved.nowReady);
  return { json: { ...moved }, text: [...lines, ...ready].join("\n"), ids: moved.tickets.map(({ id }) => id) };
}
