import * as v from "valibot";
import type { InputSchema } from "./action.ts";

/** One field of an action's input, as a command line or a form needs it. */
export interface InputField {
  readonly name: string;
  readonly type: "string" | "boolean" | "number" | "list";
  readonly describe: string;
  readonly choices?: readonly string[];
  /** A list of keys with values, such as `set`. */
  readonly isRecord?: true;
  /** Its values are any JSON. */
  readonly isJson?: true;
  /** A list of numbers. */
  readonly isNumeric?: true;
  /** A text, or an object that says the same. */
  readonly mayBeObject?: true;
  /** A list of objects, such as the operations of a batch. */
  readonly isObjects?: true;
  readonly required: boolean;
}

interface AnySchema {
  readonly type: string;
  readonly wrapped?: AnySchema;
  readonly item?: AnySchema;
  readonly value?: AnySchema;
  readonly options?: readonly (string | AnySchema)[];
}

/** The fields of an action's input, read off its schema. */
export function describeInput(schema: InputSchema): InputField[] {
  const { entries } = schema as unknown as { readonly entries: Readonly<Record<string, AnySchema>> };
  return Object.entries(entries).map(([name, entry]) => {
    const inner = entry.type === "optional" && entry.wrapped !== undefined ? entry.wrapped : entry;
    const describe = v.getDescription(inner as unknown as v.GenericSchema) ?? "";
    const choices = inner.type === "picklist" ? (inner.options as readonly string[]) : undefined;
    return {
      name,
      type: fieldType(inner),
      describe,
      required: entry.type !== "optional",
      ...(choices === undefined ? {} : { choices }),
      ...kindOf(inner),
    };
  });
}

/** What is said of a record, and of the items of a list. */
function kindOf({ type, item, value, options = [] }: AnySchema): Partial<InputField> {
  return {
    ...(type === "record" ? { isRecord: true } : {}),
    ...(type === "unknown" || value?.type === "unknown" ? { isJson: true } : {}),
    ...(item?.type === "number" ? { isNumeric: true } : {}),
    ...(item?.type === "record" ? { isObjects: true } : {}),
    ...(type === "union" && options.some((one) => typeof one !== "string" && one.type === "record")
      ? { mayBeObject: true }
      : {}),
  };
}

function fieldType({ type, options = [] }: AnySchema): InputField["type"] {
  if (type === "boolean" || type === "number") return type;
  if (type === "union" && options.some((one) => typeof one !== "string" && one.type === "array")) return "list";
  return type === "array" || type === "record" ? "list" : "string";
}
