import { inputProperties, type JsonSchema } from "../actions/input/jsonSchema.ts";
import type { Tool } from "./tool.ts";

/** A tool as `tools/list` tells of it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema & { readonly type: "object" };
  readonly annotations?: { readonly readOnlyHint: true };
}

/** Inputs that tools have and actions do not. */
const FIELDS: JsonSchema = { type: "array", items: { type: "string" } };
const INCLUDE: JsonSchema = { ...FIELDS, description: "also body, notes, version, …" };

const OWN = "the one you hold unless named";

/** What `tools/list` says of a tool; made from the schema of its action. */
export function listTool({ name, action, summary, show, tellsTickets, isOwnWork }: Tool): ListedTool {
  const inputs = new Map(inputProperties(action.input).map((one) => [one.name, one]));
  const isLeftOut = (field: string): boolean => isOwnWork === true && (field === "id" || field === "ids");
  const required = show.filter((field) => inputs.get(field)?.required && !isLeftOut(field));
  const properties = Object.fromEntries(
    show.map((field) => [
      field,
      { ...oneType(inputs.get(field)?.schema ?? {}), ...(isLeftOut(field) ? { description: OWN } : {}) },
    ]),
  );
  const as = inputs.has("as") ? { as: { type: "string" } } : {};
  const own = {
    ...as,
    ...(tellsTickets ? { ...(name === "get_ticket" ? { include: INCLUDE } : {}), fields: FIELDS } : {}),
  };
  return {
    name,
    description: summary ?? action.summary,
    inputSchema: {
      type: "object",
      properties: { ...properties, ...own, dir: { type: "string" } },
      ...(required.length === 0 ? {} : { required }),
    },
    ...(action.writes ? {} : { annotations: { readOnlyHint: true } }),
  };
}

/** A schema with one type: some clients refuse a server for a list of types. A text may say what a number says. */
function oneType(schema: JsonSchema): JsonSchema {
  const { type, items, additionalProperties, ...rest } = schema;
  // Any JSON: mostly it is keys with values, and what else comes is kept as it is, too.
  if (type === undefined) return { type: "object" };
  if (!Array.isArray(type)) return schema;
  return type.includes("string") ? { ...rest, type: "string" } : { ...schema, type: type[0] };
}
