import type { Store } from "../../store/open/store.ts";
import type { Category } from "../../ticket/rules/board.ts";
import type { Action, InputSchema } from "../input/action.ts";
import type { ForeignName } from "../input/foreignInput.ts";

/** The methods of the REST interface. */
export const METHODS = ["get", "post", "patch", "put", "delete"] as const;
export type Method = (typeof METHODS)[number];

/** What a REST route says besides its method, path and action. */
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
  /** Inputs of another server that are put into our words: `input/foreignInput.ts`. */
  readonly takes?: readonly ForeignName[];
  /** The answer is how many tickets there are. */
  readonly counts?: true;
  /** The input that a body of JSON lines is, as an export gives them; such a body may be long. */
  readonly takesLines?: string;
  /** The input that a body of any type is, as base64; every other input but the path's stands in the query. */
  readonly takesBytes?: string;
  /** Numbers and booleans may stand for texts: its values are of any kind. */
  readonly loose?: true;
  /** Makes something: 201 and its address. */
  readonly makes?: true;
  /** A row that stands for another one, for programs written for another server. */
  readonly alias?: true;
}

/** A verb's place in the REST interface. */
export interface Address extends RouteOptions {
  readonly method: Method;
  /** `/tickets/{id}/start`, under `/api`. */
  readonly path: string;
}

/** How a verb is offered to models. */
export interface ToolRow {
  readonly name: string;
  /** Part of the set that is offered by default: few enough for a model to afford. */
  readonly core?: true;
  /** The inputs that the tool's schema tells of, in this order; every other input of the action is taken too. */
  readonly show: string;
}

/** When the board offers a verb for a ticket. */
export interface Offer {
  /** By the ticket's category, or because it waits for a person's yes: the place among the verbs offered, 1 first. */
  readonly in: Readonly<Partial<Record<Category | "unconfirmed", number>>>;
  /** The question whose answer becomes the message. */
  readonly asks?: string;
}

/** One verb: a row from which every face of it is made; a face that is not named here does not have the verb. */
export interface Verb {
  /** Loads the action, when it is called. */
  readonly load: () => Promise<AnyAction>;
  /** Where it stands on the command line: `ayo ticket close`, or `ayo undo`. */
  readonly cli?: "ticket" | "ayo";
  /** Other names, on the command line and in a batch. */
  readonly aliases?: readonly string[];
  /** Lines for the help of a command that the table alone makes, with what they do. */
  readonly examples?: readonly (readonly [line: string, what: string])[];
  /** Whether a line of a batch can name it: its changes must all go through `change()`. Names that only a batch knows. */
  readonly batch?: true | readonly string[];
  /** The function of the library, and what it is for. */
  readonly library?: readonly [name: string, about: string];
  readonly rest?: readonly Address[];
  readonly tool?: ToolRow;
  readonly offered?: Offer;
}

/** A verb of the whole store: no line of a batch can name it. */
export type StoreVerb = Omit<Verb, "batch">;

/** An action as the table has it, whatever its input. */
export type AnyAction = Omit<Action<InputSchema, unknown>, "run"> & {
  readonly run: (store: Store, input: never) => Promise<unknown>;
};

type At = (path: string, answer?: string, options?: RouteOptions) => Address;

const by =
  (method: Method): At =>
  (path, answer, options) => ({ ...(answer === undefined ? {} : { answer }), ...options, method, path });

/** A route of a verb that reads. */
export const get = by("get");
/** A route of a verb that does something. */
export const post = by("post");
/** A route of a verb that changes fields. */
export const patch = by("patch");
/** A route of a verb that replaces. */
export const put = by("put");
/** A route of a verb that takes away. */
export const remove = by("delete");
