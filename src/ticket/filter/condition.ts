import { AyoError } from "../../error.ts";
import { FILTER_FIELDS, type FieldFilterKey } from "../plainFields.ts";
import { FIELDS, type FieldRow } from "../ticket.ts";

/** What a filter can look at besides plain fields; `project` is one, and has its place among these in messages. */
const OWN_KEYS = [
  "status",
  "is",
  "has",
  "tag",
  "assignee",
  "type",
  "priority",
  "project",
  "parent",
  "id",
  "claimed-by",
  "created",
  "started",
  "closed",
  "updated",
] as const;

/** One of {@link FILTER_KEYS}. */
export type FilterKey = (typeof OWN_KEYS)[number] | FieldFilterKey;

/** What a filter can look at. `label` and `labels` mean `tag`, `owner` means `assignee`; and so on. */
export const FILTER_KEYS: readonly FilterKey[] = [
  ...new Set<FilterKey>([...OWN_KEYS, ...FILTER_FIELDS.map((name) => FIELDS[name].key)]),
];

/** How a value is compared; `=` where nothing is written. */
export type Operator = "=" | "<" | "<=" | ">" | ">=";

/** `-tag:ui,web`: one filter. A ticket passes when any of the values fits, or with `not` when none does. */
export interface Condition {
  readonly key: FilterKey;
  readonly not: boolean;
  readonly operator: Operator;
  /** At least one; `a..b` is kept as it is. */
  readonly values: readonly string[];
  /** As it was typed, for errors. */
  readonly word: string;
}

const OPERATOR = /^(<=|>=|<|>|=)?(.*)$/s;

/**
 * A filter by its key and what stands after the colon; `word` is empty where it came from a flag.
 * @throws bad_input for a value that says nothing, or cannot be ordered
 */
export function conditionOf(
  key: FilterKey,
  raw: string,
  { not = false, word = "" }: { readonly not?: boolean; readonly word?: string } = {},
): Condition {
  const [, operator = "=", rest = ""] = OPERATOR.exec(raw) ?? [];
  const values = splitValues(rest);
  const fail = (message: string): never => {
    throw new AyoError("bad_input", word === "" ? message : `'${word}': ${message}`, { data: { field: key, word } });
  };
  if (values.length === 0) fail(`a value is missing after ${key}${word === "" ? "" : ":"}`);
  if (operator !== "=" && !isOrdered(key)) {
    fail(`${operator} is for priority and dates; write ${key}:${values.join(",")}`);
  }
  return { key, not, operator: operator as Operator, values, word };
}

function isOrdered(key: FilterKey): boolean {
  const isDate = FILTER_FIELDS.some((name) => FIELDS[name].key === key && FIELDS[name].kind === "time");
  return isDate || ["priority", "created", "started", "closed", "updated"].includes(key);
}

/** Values are separated by commas; quotes keep commas and spaces. */
function splitValues(text: string): string[] {
  const values = [...text.matchAll(/"([^"]*)"|[^,"]+/g)].map(([whole, quoted]) => quoted ?? whole);
  return values.map((value) => value.trim()).filter((value) => value !== "");
}

/** Keys of which a ticket has several at once. */
const SEVERAL: ReadonlySet<string> = new Set([
  ...["is", "has", "tag", "assignee"],
  ...FILTER_FIELDS.filter((name) => (FIELDS[name] as FieldRow).kind === "list").map((name) => FIELDS[name].key),
]);

/**
 * What is said of one ticket in one breath, by a query or by flags: the same key twice is both of what a ticket has
 * several of (tags), and either of what it has only one of (status, type …).
 */
export function joined(conditions: readonly Condition[]): readonly Condition[] {
  const told: Condition[] = [];
  const places = new Map<FilterKey, number>();
  for (const one of conditions) {
    const { key, not, operator, values, word } = one;
    const isAlternative = !not && operator === "=" && !SEVERAL.has(key);
    const at = isAlternative ? places.get(key) : undefined;
    const before = at === undefined ? undefined : told[at];
    if (at === undefined || before === undefined) {
      if (isAlternative) places.set(key, told.length);
      told.push(one);
    } else told[at] = { ...before, values: [...before.values, ...values], word: `${before.word} ${word}`.trim() };
  }
  return told;
}
