import { mergeFile as merge } from "../../actions/merge/mergeFile.ts";
import { plain } from "../print/print.ts";
import type { Command } from "../table/command.ts";

/** `ayo merge-file <base> <ours> <theirs> <path>`. */
export const mergeFile: Command = {
  name: "merge-file",
  summary: "Merge a ticket by field, as git's merge driver: ours is written, exit 1 leaves it to git",
  positionals: [
    { name: "base", required: true },
    { name: "ours", required: true },
    { name: "theirs", required: true },
    { name: "path", required: true },
  ],
  flags: {},
  examples: [["ayo merge-file %O %A %B %P", "as merge.ayo.driver in git's configuration, where ayo init puts it"]],
  run: async (context, { words: [base = "", ours = "", theirs = "", path = ""] }) => {
    const losses = await merge({ base, ours, theirs, path }, context.host);
    if (losses === undefined) return { json: { path, merged: false }, text: "", code: 1 };
    for (const { text } of losses) context.warn(`note: ${plain(path)}: ${plain(text.split("\n")[0] ?? "")}`);
    return { json: { path, merged: true, losses }, text: "" };
  },
};
