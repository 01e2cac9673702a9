import type { Action, InputSchema } from "../input/action.ts";
import { TICKET_VERBS } from "../verbs/ticketVerbs.ts";
import type { Verb } from "../verbs/verb.ts";

const ROWS = (Object.entries(TICKET_VERBS) as [string, Verb][]).filter(([, { batch }]) => batch !== undefined);

/** By every name: the verb's own, and those that one would try. */
const BY_NAME: ReadonlyMap<string, Verb> = new Map(
  ROWS.flatMap(([name, verb]) =>
    [name, ...(verb.aliases ?? []), ...(verb.batch === true ? [] : (verb.batch ?? []))].map((one) => [one, verb]),
  ),
);

/** An action that a batch can do, by its name or another, `dep_add` or `dep-add` too; undefined where there is none. */
export async function operationOf(name: string): Promise<Action<InputSchema, unknown> | undefined> {
  const verb = BY_NAME.get(name) ?? BY_NAME.get(name.replaceAll(/[-_]/g, " "));
  return (await verb?.load()) as Action<InputSchema, unknown> | undefined;
}

/** The names of all operations. */
export const OPERATIONS: readonly string[] = ROWS.map(([name]) => name);
