/** One value that does not fit an action's input. */
export interface Misfit {
  /** The input's name; `set.due` for a key of a record. */
  readonly field: string;
  /** The value, where it is one of a list. */
  readonly value?: unknown;
  /** `must be at least 1`, or a sentence of its own. */
  readonly what: string;
}

/** What valibot says of one. */
interface Issue {
  readonly type: string;
  readonly message: string;
  readonly received: string;
  readonly input: unknown;
  readonly requirement?: unknown;
  readonly expected: string | null;
  readonly path?: readonly { readonly key?: unknown }[] | undefined;
}

/** What each kind of schema wants. */
const WANTS: Readonly<Record<string, string>> = {
  string: "must be a text",
  number: "must be a number",
  integer: "must be a whole number",
  boolean: "must be true or false",
  array: "must be a list",
  record: "must be an object of keys and values",
  object: "must be an object",
};

/** What does not fit, in words that every face can tell with its own name for the input. */
export function misfitOf(issue: Issue): Misfit {
  const keys = (issue.path ?? []).map(({ key }) => key);
  const field = keys.filter((key) => typeof key !== "number").join(".") || "input";
  const isOneOfMany = keys.some((key) => typeof key === "number");
  return { field, ...(isOneOfMany ? { value: issue.input } : {}), what: whatOf(issue) };
}

function whatOf({ type, message, received, input, requirement, expected }: Issue): string {
  if (received === "undefined" && input === undefined) return "is missing";
  // Whoever wrote a message of their own knows better.
  if (!message.startsWith("Invalid ")) return message;
  if (type === "min_value") return `must be at least ${String(requirement)}`;
  if (type === "picklist") return `must be one of ${String(expected).replaceAll(/[()"]/g, "").replaceAll(" | ", ", ")}`;
  if (type === "union") return "must be a text or a number";
  return WANTS[type] ?? message;
}

/** The sentence about one, by the name that its reader knows the input by. */
export function misfitText({ field, value, what }: Misfit, name = field): string {
  const which = value === undefined ? name : `${name} '${String(value)}'`;
  return /^(?:must|is|are|needs) /.test(what) ? `${which} ${what}` : `${which}: ${what}`;
}
