import type { ClosedMore } from "../../actions/closed.ts";
import { checkInput, type InputSchema } from "../../actions/input/action.ts";
import { describeFound, type Found, type ListAction } from "../../actions/list.ts";
import type { ReadyMore } from "../../actions/ready.ts";
import { FLAG_FIELDS } from "../../ticket/plainFields.ts";
import { warnProblems } from "../print/line.ts";
import { manyLines } from "../print/manyLines.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** Words after the verb are filters: `list status:open -tag:ui`. */
const FILTER = { name: "filter", required: false, many: true };

/** What differs from list to list. */
export interface ListFace {
  readonly empty: string;
  /** Whether what is said of unfinished tickets alone is left out: all of these are finished. */
  readonly isPast?: true;
  readonly examples: Command["examples"];
}

/** The command of a verb that lists tickets. */
export function listCommand<S extends InputSchema>(
  name: string,
  action: ListAction<S, ReadyMore | ClosedMore>,
  face: ListFace,
): Command {
  return {
    name: `ticket ${name}`,
    summary: action.summary,
    positionals: [FILTER],
    flags: flagsOf(action.input, { omit: ["query"] }),
    examples: face.examples,
    run: async (context, args): Promise<Answer> => {
      const found: Found<ReadyMore & ClosedMore> = await action.find(
        context.store(),
        checkInput(action.input, inputOf(args)),
      );
      const { view, tickets, total, more = {} } = found;
      warnProblems(context, view.problems);
      if (args.flags.json) return { json: { ...describeFound(found) }, text: "" };
      if (tickets.length < total) context.warn(`${tickets.length} of ${total} tickets; --limit shows more`);
      if (args.flags.quiet) return { json: undefined, text: "", ids: tickets.map(({ id }) => id) };
      const listed = tickets.length === 0 ? [] : [manyLines(view, tickets, face.isPast === true, context.paint)];
      const lines = [...listed, ...explained(more)];
      for (const line of remarks(lines.length === 0, more.archived ?? 0, isFiltered(args), face)) context.warn(line);
      return { json: undefined, text: lines.join("\n") };
    },
  };
}

/** What stderr says of a list: why it is empty, and what else there is. */
function remarks(isEmpty: boolean, archived: number, filtered: boolean, { empty }: ListFace): string[] {
  const nothing = archived > 0 ? "nothing but the archive" : empty;
  return [
    ...(isEmpty ? [filtered ? "no ticket matches" : nothing] : []),
    ...(archived > 0 ? [`note: ${archived} in the archive: --all`] : []),
  ];
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

function explained({ notReady }: ReadyMore): string[] {
  if (notReady === undefined || notReady.length === 0) return [];
  return [
    "",
    "not ready:",
    ...notReady.map(({ id, title, reasons }) => `${id} - ${plain(title)}: ${plain(reasons.join("; "))}`),
  ];
}
