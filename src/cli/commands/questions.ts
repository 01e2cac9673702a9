import { answer as answerAction } from "../../actions/answer.ts";
import { ask as askAction } from "../../actions/ask.ts";
import { type Action, type InputSchema, invoke } from "../../actions/input/action.ts";
import type { Moved } from "../../actions/lifecycle/moveTickets.ts";
import { AyoError } from "../../error.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";
import { answerMoved } from "./moves.ts";

/** `ayo ticket ask <id> "question"`. */
export const ask = saying(askAction, "question", [
  ['ayo ticket ask ayo-x7k2 "May I delete the old table?"', "parks it until a person answers"],
]);

/** `ayo ticket answer <id> "…"`. */
export const answer = saying(answerAction, "answer", [
  ['ayo ticket answer ayo-x7k2 "Yes, after the backup."', "the ticket is open to be taken again"],
]);

function saying<S extends InputSchema>(
  action: Action<S, Moved>,
  name: "question" | "answer",
  examples: Command["examples"],
): Command {
  return {
    name: `ticket ${action.name}`,
    summary: action.summary,
    positionals: [
      { name: "id", required: true, complete: "id" },
      { name, required: false, text: name },
    ],
    flags: flagsOf(action.input, { omit: ["id"] }),
    examples,
    run: async (context, args) => {
      const [id = "", typed = args.flags[name]] = args.words;
      if (typed === undefined && context.tty.stdin)
        throw new AyoError("bad_usage", `${action.name}: ${name} is missing`);
      const text = typed ?? (await context.stdin());
      const moved = await invoke(action, context.store(), { ...args.flags, id, [name]: text } as never);
      return answerMoved(context, moved, args, { verb: action.name });
    },
  };
}
