import type { InputSchema } from "./action.ts";

/** A JSON Schema, as far as inputs of actions need it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What valibot's schemas are made of, as far as inputs of actions use them. */
interface Schema {
  readonly type: string;
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly value?: Schema;
  readonly options?: readonly (string | Schema)[];
  readonly pipe?: readonly (Schema & { readonly description?: string; readonly requirement?: unknown })[];
}

/** One input of an action as a JSON Schema. */
export interface InputProperty {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** The inputs of an action, in the order of its schema. */
export function inputProperties(schema: InputSchema): InputProperty[] {
  const { entries } = schema as unknown as { readonly entries: Readonly<Record<string, Schema>> };
  return Object.entries(entries).map(([name, entry]) => ({
    name,
    required: entry.type !== "optional",
    schema: jsonSchema(entry),
  }));
}

function jsonSchema(schema: Schema): JsonSchema {
  const inner = schema.type === "optional" ? (schema.wrapped as Schema) : schema;
  const description = inner.pipe?.find((step) => step.type === "description")?.description;
  return { ...typeOf(inner), ...(description === undefined ? {} : { description }) };
}

function typeOf({ type, item, value, options = [], pipe = [] }: Schema): JsonSchema {
  if (type === "unknown") return {};
  if (type === "array") return { type, items: jsonSchema(item as Schema) };
  if (type === "record") {
    return (value as Schema).type === "unknown"
      ? { type: "object" }
      : { type: "object", additionalProperties: jsonSchema(value as Schema) };
  }
  if (type === "picklist") return { type: "string", enum: options };
  if (type === "union") {
    const all = (options as readonly Schema[]).map(typeOf);
    return Object.assign({}, ...all, { type: all.map((one) => one.type) }) as JsonSchema;
  }
  return pipe.some((step) => step.type === "integer") ? { type: "integer" } : { type };
}
