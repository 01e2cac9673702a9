import type { TicketJson } from "../../actions/answers/describe.ts";
import { blocked as blockedAction } from "../../actions/blocked.ts";
import { type ClosedList, closed as closedAction } from "../../actions/closed.ts";
import { type Action, type InputSchema, invoke } from "../../actions/input/action.ts";
import { type Listed, list as listAction } from "../../actions/list.ts";
import { type ReadyList, ready as readyAction } from "../../actions/ready.ts";
import type { Answer, Args, Command, Context } from "../command.ts";
import { flagsOf } from "../flagsOf.ts";
import { ticketLine, warnProblems } from "../line.ts";
import { plain } from "../print.ts";

/** Words after the verb are filters: `list status:open -tag:ui`. */
const FILTER = { name: "filter", required: false, many: true };
const ALIAS = { status: ["s"], assignee: ["a"], type: ["t"], tag: ["T"], priority: ["p"] };

/** `ayo ticket list`, also plain `ayo ticket`. */
export const list = listCommand("list", listAction, {
  empty: 'no tickets yet: ayo ticket create "…"',
  line: (ticket, context) => ticketLine(ticket, context.paint, { arrow: ticket.deps }),
  examples: [
    ["ayo ticket list", "everything not archived, unfinished first"],
    ["ayo ticket list -s open,in_progress -a @coder", "filters combine"],
    ["ayo ticket list 'is:open priority:<2 -tag:ui created:>30d'", "the same in one string, and more"],
    ["ayo ticket list --all --json --fields id,title,status", "for programs, with the archive"],
  ],
});

/** `ayo ticket ready`. */
export const ready = listCommand("ready", readyAction, {
  empty: "nothing is ready",
  line: (ticket, context) => ticketLine(ticket, context.paint, { priority: true }),
  examples: [
    ["ayo ticket ready", "what can be begun now, best first"],
    ["ayo ticket ready -a @reviewer --limit 1 -q", "the id of the next ticket"],
    ["ayo ticket ready --explain", "and why the others are not"],
  ],
});

/** `ayo ticket blocked`. */
export const blocked = listCommand("blocked", blockedAction, {
  empty: "nothing is blocked",
  line: (ticket, context) => ticketLine(ticket, context.paint, { priority: true, arrow: ticket.blockedBy }),
  examples: [["ayo ticket blocked", "tickets that wait, and for which"]],
});

/** `ayo ticket closed`. */
export const closed = listCommand("closed", closedAction, {
  empty: "nothing is closed",
  line: (ticket, context) => ticketLine(ticket, context.paint),
  examples: [["ayo ticket closed --limit 10", "the ten that were finished last"]],
});

/** `ayo ticket query`: JSON lines. */
export const query: Command = {
  ...list,
  name: "ticket query",
  summary: "Print tickets as JSON lines, for jq and programs",
  examples: [
    ["ayo ticket query | jq -r 'select(.priority < 2) .id'", "one JSON object a line"],
    ["ayo ticket query -s closed --all --fields id,closed", "only some fields"],
  ],
  run: async (context, args) => {
    const listed = await invoke(listAction, context.store(), inputOf(args) as never);
    warnProblems(context, listed.problems);
    return { json: undefined, lines: listed.tickets, text: "" };
  },
};

interface ListFace {
  readonly empty: string;
  readonly line: (ticket: TicketJson, context: Context) => string;
  readonly examples: Command["examples"];
}

function listCommand<S extends InputSchema>(
  name: string,
  action: Action<S, Listed | ReadyList | ClosedList>,
  face: ListFace,
): Command {
  return {
    name: `ticket ${name}`,
    summary: action.summary,
    positionals: [FILTER],
    flags: flagsOf(action.input, { alias: ALIAS, omit: ["query"] }),
    examples: face.examples,
    run: async (context, args): Promise<Answer> => {
      const listed: ReadyList & ClosedList = await invoke(action, context.store(), inputOf(args) as never);
      warnProblems(context, listed.problems);
      const { tickets, total, truncated } = listed;
      if (truncated && !args.flags.json) context.warn(`${tickets.length} of ${total} tickets; --limit shows more`);
      const lines = [...tickets.map((ticket) => face.line(ticket, context)), ...explained(listed)];
      if (lines.length === 0 && !args.flags.quiet) context.warn(isFiltered(args) ? "no ticket matches" : face.empty);
      const { archived = 0 } = listed;
      if (lines.length === 0 && archived > 0 && !args.flags.quiet)
        context.warn(`note: ${archived} in the archive: --all`);
      return { json: { ...listed }, text: lines.join("\n"), ids: tickets.map((ticket) => ticket.id) };
    },
  };
}

function inputOf({ words, flags }: Args): Record<string, unknown> {
  return words.length === 0 ? flags : { ...flags, query: words.join(" ") };
}

function isFiltered({ flags, words }: Args): boolean {
  if (words.length > 0) return true;
  return ["status", "assignee", "type", "tag", "priority", "parent", "project"].some(
    (name) => flags[name] !== undefined,
  );
}

function explained({ notReady }: ReadyList): string[] {
  if (notReady === undefined || notReady.length === 0) return [];
  return [
    "",
    "not ready:",
    ...notReady.map(({ id, title, reasons }) => `${id} - ${plain(title)}: ${plain(reasons.join("; "))}`),
  ];
}
