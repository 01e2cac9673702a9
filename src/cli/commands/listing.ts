import type { TicketJson } from "../../actions/answers/describe.ts";
import type { ClosedList } from "../../actions/closed.ts";
import { type Action, type InputSchema, invoke } from "../../actions/input/action.ts";
import type { Listed } from "../../actions/list.ts";
import type { ReadyList } from "../../actions/ready.ts";
import { FLAG_FIELDS } from "../../ticket/plainFields.ts";
import { warnProblems } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** Words after the verb are filters: `list status:open -tag:ui`. */
const FILTER = { name: "filter", required: false, many: true };
const ALIAS = { status: ["s"], assignee: ["a"], type: ["t"], tag: ["T"], priority: ["p"] };

/** What differs from list to list. */
export interface ListFace {
  readonly empty: string;
  readonly line: (ticket: TicketJson, context: Context) => string;
  readonly examples: Command["examples"];
}

/** The command of a verb that lists tickets. */
export function listCommand<S extends InputSchema>(
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

/** The action's input: words are filters. */
export function inputOf({ words, flags }: Args): Record<string, unknown> {
  return words.length === 0 ? flags : { ...flags, query: words.join(" ") };
}

function isFiltered({ flags, words }: Args): boolean {
  if (words.length > 0) return true;
  return ["status", "assignee", "type", "tag", "priority", "parent", ...FLAG_FIELDS].some(
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
