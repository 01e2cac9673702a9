import path from "node:path";
import { edit as editAction } from "../../actions/edit.ts";
import { invoke } from "../../actions/input/action.ts";
import { show as showAction } from "../../actions/show/show.ts";
import { AyoError } from "../../error.ts";
import { matchId } from "../../ticket/ids.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import type { Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";
import { composeText, hasEditor } from "../terminal/editor.ts";

/** `ayo ticket edit <id>`. */
export const edit: Command = {
  name: "ticket edit",
  summary: editAction.summary,
  positionals: [{ name: "id", required: true, complete: "id" }],
  flags: flagsOf(editAction.input, { omit: ["id", "text", "version"] }),
  examples: [["EDITOR='code --wait' ayo ticket edit ayo-x7k2", "in the editor of your choice"]],
  run: async (context, args) => {
    const store = context.store();
    const shown = await invoke(showAction, store, { id: args.words[0] ?? "" });
    if ("problem" in shown) {
      throw new AyoError(
        "bad_ticket",
        `${shown.problem.path}:${shown.problem.line}: ${shown.problem.message}; mend it in an editor`,
      );
    }
    const { id, version } = shown.ticket;
    // What is enough of an id to look at a ticket may be too little to change it.
    matchId(args.words[0] ?? "", [id], { substring: false });
    const file = path.join(store.dir, shown.ticket.path);
    if (!hasEditor(context)) {
      const message =
        "there is no terminal for an editor: edit the file itself, ayo commits what it finds, or set EDITOR";
      throw new AyoError("no_editor", message, { try: ["cat", file], data: { path: file } });
    }
    const text = await composeText(context, `${id}.md`, shown.text);
    const edited = await save(
      context,
      () => invoke(editAction, store, { ...args.flags, id, text, version } as never),
      text,
    );
    warnWritten(context, edited);
    return {
      json: { ...edited },
      text: deedLine(edited, { did: `Edited ${id}`, would: `Would edit ${id}`, same: id }),
      ids: [id],
    };
  },
};

/** What the user typed is never thrown away: a text that cannot be saved is printed. */
async function save<T>(context: Context, work: () => Promise<T>, text: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    context.out(text);
    throw error;
  }
}
