import * as v from "valibot";
import { optionalText } from "../input/action.ts";

/** What `create` and `update` take of schemas: one by its name, or whole. A path is for the command line to read. */
export const schemaEntries = (help: string) => ({
  outputSchema: v.optional(v.pipe(v.union([v.string(), v.record(v.string(), v.unknown())]), v.description(help))),
  schemaName: optionalText("what a schema that is given whole is called in the store"),
});

/** What of an input is about schemas. */
export interface SchemaInput {
  readonly outputSchema?: string | Readonly<Record<string, unknown>> | undefined;
  readonly schemaName?: string | undefined;
}

/** Whether an input says anything of a schema. */
export function namesSchema({ outputSchema, schemaName }: SchemaInput): boolean {
  return (outputSchema ?? schemaName) !== undefined;
}
