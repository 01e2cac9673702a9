import { type HistoryEntry, history as historyAction } from "../../actions/history.ts";
import { invoke } from "../../actions/input/action.ts";
import { shownTime } from "../../ticket/moments.ts";
import { entryText } from "../print/changeText.ts";
import { plain } from "../print/print.ts";
import type { Command, Context, Paint } from "../table/command.ts";
import { flagsOf, named } from "../table/flagsOf.ts";

const LIMIT = { type: "number", describe: "at most this many changes (all of a ticket, 50 of a store)" } as const;

/** `ayo ticket history [id]`. */
export const history: Command = {
  name: "ticket history",
  summary: historyAction.summary,
  positionals: [{ name: "id", required: false, complete: "id" }],
  flags: named({ ...flagsOf(historyAction.input, { omit: ["id", "limit"] }), limit: LIMIT }),
  examples: [
    ["ayo ticket history ayo-x7k2", "who changed what when, newest first"],
    ["ayo ticket history --since 8h --actor @coder", "what an agent did tonight"],
    ["ayo ticket history ayo-x7k2 --patch", "with the differences of the file"],
  ],
  run: async (context, args) => {
    const id = args.words[0];
    const input = { ...args.flags, ...(id === undefined ? {} : { id }) };
    const told = await invoke(historyAction, context.store(), input as never);
    const { entries, total, truncated } = told;
    const what = id === undefined ? "commits" : "changes";
    const of =
      id === undefined
        ? `${entries.length === 1 ? "1 change" : `${entries.length} changes`} of ${total}`
        : `${entries.length} of ${total}`;
    if (truncated && !args.flags.json) context.warn(`${of} ${what}; --limit shows more`);
    return { json: { ...told }, text: historyText(entries, id === undefined, context), ids: idsOf(entries) };
  },
};

/** A line an entry; `named`: with the ticket's id. */
export function historyText(
  entries: readonly HistoryEntry[],
  named: boolean,
  { paint, tty }: Pick<Context, "paint" | "tty">,
): string {
  if (entries.length === 0) return tty.stdout ? "no changes" : "";
  const actors = entries.map((entry) => plain(actorOf(entry)));
  const width = Math.min(20, Math.max(...actors.map((actor) => actor.length)));
  return entries
    .map((entry, at) => {
      const ticket = named && entry.id !== null ? `  ${paint.cyan(plain(entry.id))}` : "";
      const who = paint.yellow((actors[at] as string).padEnd(width));
      const line = `${shownTime(entry.at)}  ${who}${ticket}  ${plain(entryText(entry))}${remark(entry)}`;
      return entry.patch === undefined ? line : `${line}\n\n${coloured(entry.patch, paint)}`;
    })
    .join("\n");
}

function actorOf({ actor, pending }: HistoryEntry): string {
  return pending === "uncommitted" ? "(on disk)" : actor;
}

function remark({ byHand, pending, event, kind }: HistoryEntry): string {
  if (pending === "deferred") return " (waits for git)";
  if (pending === "uncommitted") return " (by hand, not committed yet)";
  if (byHand) return " (by hand)";
  return event === "undone" && kind !== "deleted" ? " (undo)" : "";
}

function coloured(patch: string, paint: Paint): string {
  const lines = plain(patch).split("\n");
  return lines
    .map((line) => {
      if (line.startsWith("+")) return paint.green(line);
      if (line.startsWith("-")) return paint.red(line);
      return line.startsWith("@@") ? paint.cyan(line) : line;
    })
    .join("\n");
}

function idsOf(entries: readonly HistoryEntry[]): string[] {
  return [...new Set(entries.flatMap(({ id, ids }) => ids ?? (id === null ? [] : [id])))];
}
