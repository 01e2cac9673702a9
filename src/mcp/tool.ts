import { type Action, describeInput, type InputSchema } from "../actions/action.ts";

/** How an action is offered to models. */
export interface Face<R> {
  /** Part of the set that is offered by default (amendment: eight to ten tools a model can afford). */
  readonly core?: true;
  /** The inputs that the tool's schema tells of, in this order; every other input of the action is taken too. */
  readonly show: string;
  /** Instead of the action's own summary. */
  readonly summary?: string;
  /** What of the answer is worth a model's tokens. */
  readonly brief: (answer: R, wanted: Wanted) => Readonly<Record<string, unknown>>;
  /** Inputs that the tool sets where the caller does not. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** What of tickets a call asks for, besides or instead of the usual. */
export interface Wanted {
  /** Only these, with the id. */
  readonly fields: readonly string[] | undefined;
  /** These besides. */
  readonly include: readonly string[];
}

/** One tool: an action under the name that models know. */
export interface Tool extends Omit<Face<unknown>, "show"> {
  readonly name: string;
  readonly action: Action<InputSchema, unknown>;
  readonly show: readonly string[];
  /** Names of inputs that are taken for others. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** A row of the table of tools. */
export function tool<S extends InputSchema, R>(name: string, action: Action<S, R>, face: Face<R>): Tool {
  const { show, ...rest } = face;
  const known = new Set(describeInput(action.input).map((field) => field.name));
  return {
    ...(rest as unknown as Omit<Face<unknown>, "show">),
    name,
    action: action as unknown as Tool["action"],
    show: show.split(" ").filter((field) => known.has(field)),
    aliases: aliasesFor(known),
  };
}

/**
 * Names that prompts written for other ticket servers use (the seed documents' tools among them), with what they mean:
 * the first of these that an action takes.
 */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  ticket: ["ids", "id"],
  ticket_id: ["ids", "id"],
  ticket_ids: ["ids", "id"],
  ticket_type: ["type"],
  blocked_by: ["deps", "dep"],
  blocked_by_ticket_id: ["dep", "deps"],
  blocked_by_ticket_ids: ["deps", "dep"],
  depends_on: ["deps", "dep"],
  parent_ticket_id: ["parent"],
  status: ["column"],
  new_status: ["column", "status"],
  comment: ["text", "message"],
  comment_text: ["text", "message"],
  resolution_comment: ["message", "text"],
  message: ["text"],
  reason: ["message", "text"],
  note: ["text", "message"],
  agent: ["as"],
  agent_id: ["as"],
  tag: ["tags"],
  query: ["text"],
  search_type: ["type"],
};

function aliasesFor(known: ReadonlySet<string>): Record<string, string> {
  const found = Object.entries(ALIASES).flatMap(([alias, meant]) => {
    const field = meant.find((one) => known.has(one));
    return field === undefined || known.has(alias) ? [] : [[alias, field] as const];
  });
  return Object.fromEntries(found);
}
