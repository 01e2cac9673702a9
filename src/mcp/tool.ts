import type { Action, InputSchema } from "../actions/input/action.ts";
import { describeInput } from "../actions/input/describeInput.ts";
import type { ForeignName } from "../actions/input/foreignInput.ts";
import { foreignNames } from "../actions/input/foreignNames.ts";
import type { ToolRow, Verb } from "../actions/verbs/verb.ts";

/** How a tool's action is called, and what of its answer is told. */
export interface Face<R> {
  /** Instead of the action's own summary. */
  readonly summary?: string;
  /** What of the answer is worth a model's tokens. */
  readonly brief: (answer: R, wanted: Wanted) => Readonly<Record<string, unknown>>;
  /** Inputs that the tool sets where the caller does not. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** It is about the caller's own work: without a ticket's name the only one that the caller holds is meant. */
  readonly isOwnWork?: true;
  /** What the input means that the caller left unsaid. */
  readonly complete?: (input: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** What of tickets a call asks for, besides or instead of the usual. */
export interface Wanted {
  /** Only these, with the id. */
  readonly fields: readonly string[] | undefined;
  /** These besides. */
  readonly include: readonly string[];
}

/** One tool: an action under the name that models know. */
export interface Tool extends Face<unknown>, Omit<ToolRow, "show"> {
  readonly action: Action<InputSchema, unknown>;
  readonly show: readonly string[];
  /** Its answer tells of tickets, of which `fields` and `include` say how much. */
  readonly tellsTickets: boolean;
  /** Inputs of other servers that are put into our words. */
  readonly takes: readonly ForeignName[];
  /** Names of inputs that are taken for others. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** A verb that is offered to models. */
export interface Offered extends Pick<Verb, "rest"> {
  readonly tool: ToolRow;
}

/** An action as a tool. */
export function tool({ tool: offered, rest = [] }: Offered, action: Tool["action"], face: Face<unknown>): Tool {
  const { show, ...row } = offered;
  const known = new Set(describeInput(action.input).map((field) => field.name));
  return {
    ...face,
    ...row,
    action,
    takes: [...new Set(rest.flatMap(({ takes = [] }) => takes))],
    tellsTickets: row.name.endsWith("_tickets") || row.name === "get_ticket",
    show: show.split(" ").filter((field) => known.has(field)),
    aliases: foreignNames(known),
  };
}
