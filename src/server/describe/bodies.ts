import { OPERATIONS } from "../../actions/batch/operations.ts";
import { foreignSchema } from "../../actions/input/foreignInput.ts";
import type { JsonSchema } from "../../actions/input/jsonSchema.ts";
import { CLEARABLE, PATCH_TYPE } from "../routes/clearing.ts";
import { LINES_TYPE } from "../routes/readBody.ts";
import type { Route } from "../routes/route.ts";
import { inputsOf } from "./parameters.ts";
import * as s from "./shapes.ts";

const JSON_TYPE = "application/json";
/** The bytes of a file, whatever type they are said to be. */
const ANY_FILE = { "*/*": { schema: { type: "string", format: "binary" } } };

/** The body of a route that changes something. */
export function bodyOf(route: Route): Record<string, unknown> {
  const { method, alias, takes = [], takesLines, takesBytes } = route;
  if (takesBytes !== undefined) return { required: true, content: ANY_FILE };
  const inputs = inputsOf(route);
  const needed = inputs.flatMap(({ name, required }) => (required ? [name] : []));
  const own = inputs.map(({ name, schema }) => [
    name,
    typed(name, method === "patch" ? clearable(name, schema) : schema),
  ]);
  const schema: JsonSchema = {
    type: "object",
    properties: { ...Object.fromEntries(own), ...(alias === true ? foreignOf(route) : {}) },
    ...(needed.length === 0 || alias === true || takes.length > 0 ? {} : { required: needed }),
    additionalProperties: false,
  };
  const content = {
    [JSON_TYPE]: { schema },
    ...(method === "patch" ? { [PATCH_TYPE]: { schema } } : {}),
    ...(takesLines === undefined ? {} : { [LINES_TYPE]: { schema: s.text } }),
  };
  return { required: true, content };
}

/** The names that a route stands for, by which other servers call its inputs. */
function foreignOf(route: Route): Readonly<Record<string, JsonSchema>> {
  const inputs = new Map(inputsOf(route).map(({ name, schema }) => [name, schema]));
  const renamed = Object.entries(route.names).flatMap(([name, meant]) => {
    const schema = inputs.get(meant) ?? (meant === "ids" ? inputs.get("id") : undefined);
    return schema === undefined ? [] : [[name, typed(name, schema)] as const];
  });
  const more = (route.takes ?? []).map((name) => [name, foreignSchema(name)] as const);
  return { ...Object.fromEntries([...renamed, ...more]), workflow_id: s.text };
}

/** Null takes the value away. */
function clearable(name: string, schema: JsonSchema): JsonSchema {
  if (name === "set") return { ...schema, additionalProperties: { type: ["string", "null"] } };
  if (!CLEARABLE.includes(name)) return schema;
  const { enum: words, type } = schema;
  return { ...schema, type: [type, "null"].flat(), ...(Array.isArray(words) ? { enum: [...words, null] } : {}) };
}

/** What an action leaves open, said as far as it is known. */
function typed(name: string, schema: JsonSchema): JsonSchema {
  if (name === "output") return s.about(String(schema.description), s.ref("Value"));
  return name === "operations" ? { ...schema, items: OPERATION } : schema;
}

const OPERATION: JsonSchema = {
  type: "object",
  properties: { op: s.oneOf(...OPERATIONS), name: s.about("what later operations call it by: $name", s.text) },
  required: ["op"],
  additionalProperties: s.ref("Value"),
};
