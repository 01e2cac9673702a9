import { type DuplicateSide, duplicates as duplicatesAction } from "../../actions/duplicates.ts";
import { invoke } from "../../actions/input/action.ts";
import { warnProblems } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket duplicates`. */
export const duplicates: Command = {
  name: "ticket duplicates",
  summary: duplicatesAction.summary,
  positionals: [],
  flags: flagsOf(duplicatesAction.input),
  examples: [
    ["ayo ticket duplicates", "pairs of unfinished tickets, likeliest first"],
    ["ayo ticket duplicate ayo-9fq1 --of ayo-x7k2", "what to do with one of them"],
  ],
  run: async (context, args): Promise<Answer> => {
    const answer = await invoke(duplicatesAction, context.store(), args.flags as never);
    warnProblems(context, answer.problems);
    const { pairs, total, truncated } = answer;
    if (truncated && !args.flags.json) context.warn(`${pairs.length} of ${total} pairs; --limit shows more`);
    if (pairs.length === 0 && !args.flags.quiet && !args.flags.json) context.warn("no likely duplicates");
    const line = ({ id, title, status }: DuplicateSide): string =>
      `${context.paint.cyan(id)} [${plain(status)}] - ${plain(title)}`;
    return {
      json: { ...answer },
      text: pairs
        .map(({ first, second, score }) => `${score.toFixed(2)} ${line(first)}\n     ${line(second)}`)
        .join("\n"),
      ids: pairs.map(({ second }) => second.id),
    };
  },
};
