import * as v from "valibot";
import type { InputSchema } from "../actions/action.ts";
import type { Flag } from "./command.ts";

/** What the command line adds to an action's schema. */
export interface FlagExtras {
  /** By input name: other spellings of the flag. */
  readonly alias?: Readonly<Record<string, readonly string[]>>;
  /** Inputs that are words of the line, or not for it. */
  readonly omit?: readonly string[];
}

/** Inputs that may be emptied with `--flag ''`. */
const EMPTIABLE = new Set(["assignee", "parent", "project", "externalRef", "due", "tags", "deps", "set"]);

interface AnySchema {
  readonly type: string;
  readonly wrapped?: AnySchema;
  readonly options?: readonly string[];
}

/** The flags of an action, from its input schema: one definition for types, validation and command line. */
export function flagsOf(schema: InputSchema, extras: FlagExtras = {}): Record<string, Flag> {
  const entries = (schema as unknown as { readonly entries: Readonly<Record<string, AnySchema>> }).entries;
  const flags: Record<string, Flag> = {};
  for (const [name, entry] of Object.entries(entries)) {
    if (extras.omit?.includes(name)) continue;
    const inner = entry.type === "optional" && entry.wrapped !== undefined ? entry.wrapped : entry;
    const alias = extras.alias?.[name];
    flags[name] = {
      type: typeOf(inner),
      describe: v.getDescription(inner as unknown as v.GenericSchema) ?? "",
      ...(alias === undefined ? {} : { alias }),
      ...(inner.type === "picklist" && inner.options !== undefined ? { choices: inner.options } : {}),
      ...(EMPTIABLE.has(name) ? { mayBeEmpty: true } : {}),
    };
  }
  return flags;
}

function typeOf(schema: AnySchema): Flag["type"] {
  if (schema.type === "boolean" || schema.type === "number") return schema.type;
  return schema.type === "array" || schema.type === "record" ? "list" : "string";
}
