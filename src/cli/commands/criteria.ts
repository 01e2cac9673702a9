import { idsOf } from "../../actions/answers/idsOf.ts";
import { type Checked, check as checkAction, uncheck as uncheckAction } from "../../actions/checkCriteria.ts";
import { type Action, type InputSchema, invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { counted } from "../../ticket/counted.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket check <id> N…`. */
export const check = ticking(checkAction, [
  ["ayo ticket check ayo-x7k2 1 3", "ticks the first and the third acceptance criterion"],
  ['ayo ticket check ayo-x7k2 --add "Mail arrives"', "one more that is to be met"],
]);

/** `ayo ticket uncheck <id> N…`. */
export const uncheck = ticking(uncheckAction, [["ayo ticket uncheck ayo-x7k2 --all", "clears them"]]);

function ticking<S extends InputSchema>(action: Action<S, Checked>, examples: Command["examples"]): Command {
  return {
    name: `ticket ${action.name}`,
    summary: action.summary,
    positionals: [
      { name: "id", required: true, complete: "id" },
      { name: "number…", required: false, many: true },
    ],
    flags: flagsOf(action.input, { omit: ["id", "numbers"] }),
    examples,
    run: async (context, args) => {
      const [id = "", ...words] = args.words;
      const numbers = words.length === 0 ? {} : { numbers: words.flatMap((word) => word.split(",")).map(numberOf) };
      const input = { ...args.flags, id, ...numbers };
      const checked = await invoke(action, context.store(), input as never);
      warnWritten(context, checked);
      const done = checked.criteria.filter((one) => one.done).length;
      const count = `${idsOf(checked).join(", ")}: ${done} of ${counted(checked.criteria.length, "criterion", "criteria")} done`;
      const text = deedLine(checked, { did: count, would: `Would ${action.name} ${count}`, same: count });
      return { json: { ...checked }, text, ids: idsOf(checked) };
    },
  };
}

function numberOf(word: string): number {
  if (/^\d{1,6}$/.test(word)) return Number(word);
  throw new AyoError("bad_usage", `'${word}' is not the number of a criterion`);
}
