import type { InputSchema } from "../actions/action.ts";
import type { Tool } from "./tool.ts";

/** A JSON Schema, as far as tools need it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool as `tools/list` tells of it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema & { readonly type: "object" };
  readonly annotations?: { readonly readOnlyHint: true };
}

/** What valibot's schemas are made of, as far as inputs of actions use them. */
interface Schema {
  readonly type: string;
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly value?: Schema;
  readonly options?: readonly (string | Schema)[];
  readonly pipe?: readonly (Schema & { readonly description?: string; readonly requirement?: unknown })[];
}

/** Inputs that tools have and actions do not. */
const FIELDS: JsonSchema = { type: "array", items: { type: "string" } };
const INCLUDE: JsonSchema = { ...FIELDS, description: "more of each ticket: body, notes, version, …" };

/** What `tools/list` says of a tool; made from the schema of its action. */
export function listTool({ name, action, summary, show }: Tool): ListedTool {
  const entries = entriesOf(action.input);
  const required = show.filter((field) => entries[field]?.type !== "optional");
  const properties = Object.fromEntries(show.map((field) => [field, jsonSchema(entries[field] as Schema)]));
  const own = action.writes ? ("as" in entries ? { as: { type: "string" } } : {}) : readsTickets(name);
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

function readsTickets(name: string): Readonly<Record<string, JsonSchema>> {
  if (name.endsWith("_tickets")) return { fields: FIELDS };
  return name === "get_ticket" ? { include: INCLUDE, fields: FIELDS } : {};
}

function entriesOf(schema: InputSchema): Readonly<Record<string, Schema>> {
  return (schema as unknown as { readonly entries: Readonly<Record<string, Schema>> }).entries;
}

/** The JSON Schema of one input. */
function jsonSchema(schema: Schema): JsonSchema {
  const inner = schema.type === "optional" ? (schema.wrapped as Schema) : schema;
  const description = inner.pipe?.find((step) => step.type === "description")?.description;
  return { ...typeOf(inner), ...(description === undefined ? {} : { description }) };
}

function typeOf({ type, item, value, options = [], pipe = [] }: Schema): JsonSchema {
  if (type === "array") return { type, items: jsonSchema(item as Schema) };
  if (type === "record") {
    return (value as Schema).type === "unknown"
      ? { type: "object" }
      : { type: "object", additionalProperties: jsonSchema(value as Schema) };
  }
  if (type === "picklist") return { enum: options };
  if (type === "union") return { type: (options as readonly Schema[]).map((one) => one.type) };
  return pipe.some((step) => step.type === "integer") ? { type: "integer" } : { type };
}
