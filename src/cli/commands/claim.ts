import { type Claimed, claim as claimAction } from "../../actions/claim.ts";
import { invoke } from "../../actions/input/action.ts";
import { didOrWould } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf, named } from "../table/flagsOf.ts";

/** `ayo ticket claim <id…>`, `ayo ticket claim --next [filter…]`. */
export const claim: Command = {
  name: "ticket claim",
  summary: claimAction.summary,
  positionals: [{ name: "id…", required: false, many: true, complete: "id" }],
  flags: named({
    ...flagsOf(claimAction.input, { omit: ["ids", "query"] }),
    exitCode: { type: "boolean", describe: "with next: exit 1 when there is nothing to claim" },
  }),
  examples: [
    ["ayo ticket claim --next", "the best ready ticket: yours first, then nobody's"],
    ["ayo ticket claim --next 'type:bug priority:<2 -tag:ui'", "the best of these, in the words of list and search"],
    ["ayo ticket claim --next --role worker --wait 10m -q", "waits until there is one, prints its id"],
    ["ayo ticket claim ayo-x7k2 --lease 1h", "this one, for long work"],
    ["ayo ticket claim ayo-x7k2 --for @coder", "hands it over"],
  ],
  run: async (context, args) => {
    const { exitCode, ...flags } = args.flags;
    const named = flags.next === true ? { query: args.words.join(" ") } : { ids: args.words };
    const input = { ...flags, ...(args.words.length === 0 ? {} : named) };
    const claimed = await invoke(claimAction, context.store(), input as never);
    warnWritten(context, claimed);
    return claimAnswer(context, claimed, args, exitCode === true);
  },
};

function claimAnswer(context: Context, claimed: Claimed, { words, flags }: Args, mustFind: boolean): Answer {
  const { tickets } = claimed;
  const [ticket = null] = tickets;
  if (ticket === null && !flags.json && !flags.quiet) context.warn("nothing to do: there is no ticket to claim");
  const isList = (words.length > 1 && flags.next !== true) || flags.count !== undefined;
  const json = { ...claimed, ...(isList && ticket !== null ? {} : { ticket }) };
  const lines = tickets.map(({ id, title, category, claim: made, leftover }) => {
    const until = made?.until == null ? "" : ` until ${made.until}`;
    const work = leftover === undefined ? "" : `\n${leftover.by} left it at ${leftover.at}${whereOf(leftover)}`;
    const review = category === "review" ? " for review" : "";
    const by = category === "review" ? "by" : "for";
    const whose = flags.for === undefined ? "" : ` ${by} ${plain(made?.by ?? "")}`;
    return `${didOrWould(claimed, "Claimed", "Would claim")} ${id}${review}${whose}${until}: ${plain(title)}${plain(work)}`;
  });
  const code = ticket === null && mustFind ? 1 : 0;
  return { json, text: lines.join("\n"), ids: tickets.map(({ id }) => id), code };
}

function whereOf({ branch, head }: { readonly branch: string | null; readonly head: string | null }): string {
  return `${branch === null ? "" : `, branch ${branch}`}${head === null ? "" : ` at ${head}`}`;
}
