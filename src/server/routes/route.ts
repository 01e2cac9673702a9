import type { Action, InputSchema } from "../../actions/input/action.ts";
import { describeInput } from "../../actions/input/describeInput.ts";
import { foreignNames } from "../../actions/input/foreignNames.ts";
import type { Address } from "../../actions/verbs/verb.ts";

/** One route: an action at an address. */
export interface Route extends Address {
  readonly action: Action<InputSchema, unknown>;
  /** The words in braces of the path. */
  readonly inPath: readonly string[];
  /** Other names of the action's inputs. */
  readonly names: Readonly<Record<string, string>>;
  /** It answers one agent otherwise than another. */
  readonly isPersonal: boolean;
}

/** An action at one of its addresses. */
export function route(address: Address, action: Route["action"]): Route {
  const known = new Set(describeInput(action.input).map((field) => field.name));
  return {
    ...address,
    action,
    inPath: [...address.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string),
    names: foreignNames(known),
    isPersonal: known.has("as"),
  };
}
