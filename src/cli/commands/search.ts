import { type FoundTicket, runSearch, searchTickets } from "../../actions/search/search.ts";
import { ticketLine, warnProblems } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** A first build of fewer tickets is over before anybody looks. */
const WORTH_A_BAR = 500;
const BAR = 30;

/** `ayo ticket search <query>`. */
export const search: Command = {
  name: "ticket search",
  summary: searchTickets.summary,
  positionals: [{ name: "query", required: true, many: true }],
  flags: {
    ...flagsOf(searchTickets.input, { omit: ["query", "filters", "comments"] }),
    noNotes: { type: "boolean", describe: "leave notes out" },
  },
  examples: [
    ['ayo ticket search "login jwt"', "words, what is meant by them, and typing errors"],
    ["ayo ticket search 'timeout is:open -tag:ui created:>30d'", "with filters; ayo help filters has all"],
    ["ayo ticket search '\"exact phrase\"' --mode keyword --json", "for programs"],
    ["ayo ticket search 'charged twice' --limit 3 --explain", "and why these"],
  ],
  run: async (context, args): Promise<Answer> => {
    const input = { ...args.flags, query: args.words.join(" "), comments: args.flags.noNotes !== true };
    const { checkInput } = await import("../../actions/input/action.ts");
    const answer = await runSearch(context.store(), checkInput(searchTickets.input, input), progressOf(context, args));
    warnProblems(context, answer.problems);
    for (const notice of answer.notices) context.warn(`note: ${plain(notice)}`);
    const { tickets, total, truncated } = answer;
    if (truncated && !args.flags.json)
      context.warn(`the best ${tickets.length} of ${total} tickets; --limit shows more`);
    if (tickets.length === 0 && !args.flags.quiet && !args.flags.json) context.warn("no ticket matches");
    return {
      json: { ...answer },
      text: tickets.map((ticket) => lines(ticket, context).join("\n")).join("\n"),
      ids: tickets.map(({ id }) => id),
    };
  },
};

function lines(ticket: FoundTicket, { paint }: Context): string[] {
  const { id, title, status, category, snippet, marks, why, score } = ticket;
  const shown = [`${ticketLine({ id, title, status, category }, paint)} ${paint.dim(`(${score.toFixed(2)})`)}`];
  if (snippet !== "") shown.push(`    ${marked(snippet, marks, paint)}`);
  if (why !== undefined) shown.push(`    ${paint.dim(plain(whyLine(why)))}`);
  return shown;
}

function marked(text: string, marks: FoundTicket["marks"], paint: Context["paint"]): string {
  let line = "";
  let at = 0;
  for (const [start, end] of marks) {
    line += plain(text.slice(at, start)) + paint.bold(plain(text.slice(start, end)));
    at = end;
  }
  return line + plain(text.slice(at));
}

function whyLine({ exact, keyword, semantic }: NonNullable<FoundTicket["why"]>): string {
  const parts = [
    exact ? "it is its id or title" : undefined,
    keyword === undefined ? undefined : `words: rank ${keyword.rank} (${keyword.terms.slice(0, 6).join(", ")})`,
    semantic === undefined ? undefined : `meaning: rank ${semantic.rank} (cosine ${semantic.cosine.toFixed(2)})`,
  ];
  return parts.filter((part) => part !== undefined).join("; ") || "it passes the filters";
}

/** A bar on the terminal while many tickets are read for the first time. */
function progressOf(context: Context, { flags }: Args): ((done: number, total: number) => void) | undefined {
  if (!context.tty.stderr || flags.quiet || flags.json) return undefined;
  return (done, total) => {
    if (total < WORTH_A_BAR) return;
    const filled = Math.round((done / total) * BAR);
    const bar = `indexing [${"#".repeat(filled)}${" ".repeat(BAR - filled)}] ${done} of ${total}`;
    context.err(done >= total ? `\r${" ".repeat(bar.length)}\r` : `\r${bar}`);
  };
}
