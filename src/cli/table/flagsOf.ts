import type { InputSchema } from "../../actions/input/action.ts";
import { describeInput } from "../../actions/input/describeInput.ts";
import { PLAIN_FIELDS } from "../../ticket/plainFields.ts";
import type { Flag } from "./command.ts";

/** What the command line adds to an action's schema. */
export interface FlagExtras {
  /** Inputs that are words of the line, or not for it. */
  readonly omit?: readonly string[];
  /** What is said of inputs that are something else on the line. */
  readonly describe?: Readonly<Record<string, string>>;
}

/** Inputs that may be emptied with `--flag ''`. */
const EMPTIABLE = new Set<string>([
  "assignee",
  "parent",
  "tags",
  "deps",
  "set",
  "review",
  "outputSchema",
  "design",
  "acceptance",
  "color",
  "lead",
  ...PLAIN_FIELDS,
]);

/** Inputs that are texts: `-` stands for standard input. */
const TEXTS = new Set(["title", "description", "design", "acceptance", "message", "text", "question", "answer"]);

/** What is said of inputs that are JSON, where a command line names files for them. */
export const FILES: Readonly<Record<string, string>> = {
  output: "a file with what the work made, as JSON that fits the ticket's schema; - is stdin",
  outputSchema: "the JSON schema that its output has to fit: a name in schemas/, or a file that is copied there",
};

/**
 * Other names of flags by the name of their input, on every command: ours, those that filters have, and what gh and
 * others call it. Where a command has two inputs for one name, the upper row has it; `-p` is `--patch` where there are
 * patches to show, as in git.
 */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  description: ["d", "body", "b"],
  type: ["t"],
  priority: ["p", "prio"],
  patch: ["p"],
  assignee: ["a", "owner"],
  addTag: ["T", "tag", "label", "l", "add-label"],
  removeTag: ["remove-label"],
  tag: ["T", "tags", "label", "labels", "l"],
  tags: ["T", "tag", "label", "labels", "l"],
  status: ["s", "state"],
  message: ["m", "comment", "c", "reason"],
  text: ["m", "message", "comment", "body", "b"],
  question: ["m", "message", "comment", "body", "b"],
  answer: ["m", "message", "comment", "body", "b"],
  limit: ["n", "L"],
  yes: ["y"],
  event: ["e"],
  exitCode: ["e"],
  output: ["o"],
  options: ["option"],
  deps: ["dep", "depends-on", "blocked-by"],
  due: ["due-date"],
};

/** The flags of an action, from its input schema: one definition for types, validation and command line. */
export function flagsOf(schema: InputSchema, extras: FlagExtras = {}): Record<string, Flag> {
  const flags: Record<string, Flag> = {};
  for (const { name, type, describe, choices } of describeInput(schema)) {
    if (extras.omit?.includes(name)) continue;
    flags[name] = {
      type,
      describe: extras.describe?.[name] ?? describe,
      ...(choices === undefined ? {} : { choices }),
      ...(EMPTIABLE.has(name) ? { mayBeEmpty: true } : {}),
      ...(TEXTS.has(name) ? { readsStdin: true } : {}),
    };
  }
  return named(flags);
}

/** Gives flags their other names. */
export function named(flags: Readonly<Record<string, Flag>>): Record<string, Flag> {
  const taken = new Set(Object.keys(flags));
  const alias = new Map<string, readonly string[]>();
  for (const [name, others] of Object.entries(OTHER_NAMES)) {
    if (flags[name] === undefined) continue;
    const free = others.filter((other) => !taken.has(other));
    for (const other of free) taken.add(other);
    if (free.length > 0) alias.set(name, free);
  }
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, alias.has(name) ? { ...flag, alias: alias.get(name) } : flag]),
  ) as Record<string, Flag>;
}
