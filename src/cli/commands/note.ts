import { idsOf } from "../../actions/answers/idsOf.ts";
import { invoke } from "../../actions/input/action.ts";
import { note as noteAction } from "../../actions/note.ts";
import { AyoError } from "../../error.ts";
import { didOrWould } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import type { Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo ticket note <id> [text]`. */
export const note: Command = {
  name: "ticket note",
  summary: noteAction.summary,
  positionals: [
    { name: "id", required: true, complete: "id" },
    { name: "text", required: false, text: "text" },
  ],
  flags: flagsOf(noteAction.input, { omit: ["id"] }),
  examples: [
    ['ayo ticket note ayo-x7k2 "Token generation works"', "appends, never replaces"],
    ["ayo ticket note ayo-x7k2 - <<'EOF'", "several lines from stdin"],
  ],
  run: async (context, args) => {
    const [id = "", typed = args.flags.text] = args.words;
    if (typed === undefined && context.tty.stdin) {
      throw new AyoError("bad_usage", "note: text is missing", { try: ["ayo", "ticket", "note", id, "…"] });
    }
    const text = typed ?? (await context.stdin());
    const noted = await invoke(noteAction, context.store(), { ...args.flags, id, text } as never);
    warnWritten(context, noted);
    const ids = idsOf(noted);
    return {
      json: { ...noted },
      text: didOrWould(noted, "Note added to ", "Would add a note to ") + ids.join(", "),
      ids,
    };
  },
};
