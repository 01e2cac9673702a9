import { type Action, describeInput, type InputSchema } from "../actions/input/action.ts";
import { foreignNames } from "../actions/input/foreignNames.ts";

/** The methods of the interface. */
export type Method = "get" | "post" | "patch" | "put" | "delete";

/** What a row of the table of routes says besides its method, path and action. */
export interface RouteOptions {
  /** The name of the answer's shape in the description of the interface. */
  readonly answer?: string;
  /** Instead of the action's own summary. */
  readonly summary?: string;
  /** Inputs that the route sets. */
  readonly sets?: Readonly<Record<string, unknown>>;
  /** A list of tickets that comes in pages: `limit` and `cursor`. */
  readonly pages?: true;
  /** The answer depends on the store's view alone, so that it can be given again while that is the same. */
  readonly ofView?: true;
  /** Numbers and booleans may stand for texts: its values are of any kind. */
  readonly loose?: true;
  /** Makes something: 201 and its address. */
  readonly makes?: true;
  /** A row that stands for another one, for programs written for another server. */
  readonly alias?: true;
}

/** One route: an action at an address. */
export interface Route extends RouteOptions {
  readonly method: Method;
  /** `/tickets/{id}/start`, under `/api`. */
  readonly path: string;
  readonly action: Action<InputSchema, unknown>;
  /** The words in braces of the path. */
  readonly inPath: readonly string[];
  /** Other names of the action's inputs. */
  readonly names: Readonly<Record<string, string>>;
}

/** A row of the table. */
export function route<S extends InputSchema, R>(
  method: Method,
  path: string,
  action: Action<S, R>,
  options: RouteOptions = {},
): Route {
  const known = new Set(describeInput(action.input).map((field) => field.name));
  return {
    ...options,
    method,
    path,
    action: action as unknown as Route["action"],
    inPath: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string),
    names: foreignNames(known),
  };
}
