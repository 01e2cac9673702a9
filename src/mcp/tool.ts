import { type Action, describeInput, type InputSchema } from "../actions/input/action.ts";
import { foreignNames } from "../actions/input/foreignNames.ts";

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
    aliases: foreignNames(known),
  };
}
