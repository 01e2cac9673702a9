import { delegate as delegateAction } from "../../actions/delegate.ts";
import { invoke } from "../../actions/input/action.ts";
import { tree as treeAction } from "../../actions/tree.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command } from "../table/command.ts";
import { FILES, flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket delegate <id> <title> --to <who>`. */
export const delegate: Command = {
  name: "ticket delegate",
  summary: delegateAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "title", required: true, text: "title" },
  ],
  flags: flagsOf(delegateAction.input, { omit: ["id", "title"], describe: FILES }),
  examples: [
    ['ayo ticket delegate ayo-x7k2 "Write the tests" --to @tester', "prints the part's id"],
    ['ayo ticket delegate ayo-x7k2 "Find the cases" --to @coder --output-schema plan', "with an answer that must fit"],
  ],
  run: async (context, { words: [id = "", title = ""], flags }): Promise<Answer> => {
    const isRead = flags.outputSchema !== undefined;
    const given = isRead ? await (await import("./jsonFile.ts")).withSchema(context, flags) : flags;
    const { ticket, created, similar, ...written } = await invoke(delegateAction, context.store(), {
      ...given,
      id,
      title,
    } as never);
    warnWritten(context, written);
    const ids = written.dryRun && created ? [] : [ticket.id];
    const text = ids.length === 0 ? `Would delegate: ${plain(ticket.title)}` : ids.join("\n");
    return { json: { ticket, created, similar, ...written }, text, ids };
  },
};

/** `ayo ticket tree [id]`. */
export const tree: Command = {
  name: "ticket tree",
  summary: treeAction.summary,
  positionals: [{ name: "id", required: false, complete: "id" }],
  flags: flagsOf(treeAction.input, { omit: ["id"] }),
  examples: [["ayo ticket tree ayo-x7k2", "its parts, whose they are, and how their runs went"]],
  run: async (context, { words: [id], flags }): Promise<Answer> => {
    const input = { ...flags, ...(id === undefined ? {} : { id }) };
    const { lines, ...found } = await invoke(treeAction, context.store(), input as never);
    const text = lines.map((line) => plain(line)).join("\n");
    return { json: { ...found, lines }, text, ids: found.tickets.map((ticket) => ticket.id) };
  },
};
