import { describeInput, type InputSchema } from "../../actions/input/action.ts";
import { PLAIN_FIELDS } from "../../ticket/plainFields.ts";
import type { Flag } from "./command.ts";

/** What the command line adds to an action's schema. */
export interface FlagExtras {
  /** By input name: other spellings of the flag. */
  readonly alias?: Readonly<Record<string, readonly string[]>>;
  /** Inputs that are words of the line, or not for it. */
  readonly omit?: readonly string[];
}

/** Inputs that may be emptied with `--flag ''`. */
const EMPTIABLE = new Set<string>(["assignee", "parent", "tags", "deps", "set", ...PLAIN_FIELDS]);

/** The flags of an action, from its input schema: one definition for types, validation and command line. */
export function flagsOf(schema: InputSchema, extras: FlagExtras = {}): Record<string, Flag> {
  const flags: Record<string, Flag> = {};
  for (const { name, type, describe, choices } of describeInput(schema)) {
    if (extras.omit?.includes(name)) continue;
    const alias = extras.alias?.[name];
    flags[name] = {
      type,
      describe,
      ...(alias === undefined ? {} : { alias }),
      ...(choices === undefined ? {} : { choices }),
      ...(EMPTIABLE.has(name) ? { mayBeEmpty: true } : {}),
    };
  }
  return flags;
}
