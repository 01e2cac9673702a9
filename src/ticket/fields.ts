import { isValidId } from "./ids.ts";
import { isNone, jsonOf, type Values } from "./jsonValues.ts";
import { isRank } from "./rank.ts";
import { FIELDS, type FieldName, type FieldRow, type Fields, type Json } from "./ticket.ts";

/** Words that are read as a priority, and the number they mean. */
export const PRIORITY_WORDS: Readonly<Record<string, number>> = { critical: 0, high: 1, medium: 2, low: 3, lowest: 4 };

const NAMES: ReadonlyMap<string, FieldName> = new Map(
  (Object.keys(FIELDS) as FieldName[]).flatMap((name) => {
    const { key, also }: FieldRow = FIELDS[name];
    const keys = also === undefined ? [key] : [key, also];
    return [...keys, ...keys.map((one) => one.replaceAll("-", "_")), name].map((spelling) => [spelling, name] as const);
  }),
);

/** Every key and its kind as one text: what was read by other ones is to be read anew. */
export const FIELD_KEYS = Object.values(FIELDS)
  .map(({ key, kind }) => `${key}:${kind}`)
  .join(" ");

/** The field that a front matter key means, in kebab-case, snake_case or camelCase, or by its older name. */
export function fieldName(key: string): FieldName | undefined {
  return NAMES.get(key);
}

/** The key that holds a field when several spellings are there: the kebab one, else the first. */
export function keyOf(field: FieldName, keys: readonly string[]): string | undefined {
  const { key } = FIELDS[field];
  return keys.includes(key) ? key : keys.find((one) => NAMES.get(one) === field);
}

/** Marks a value that is not what its field holds. */
export const UNFIT = Symbol("unfit");

/** Reads a front matter value as a field; undefined where it is empty or null, UNFIT where its shape is wrong. */
export function readField(
  field: FieldName,
  value: unknown,
): string | number | readonly string[] | undefined | typeof UNFIT {
  if (isNone(value)) return undefined;
  const { kind } = FIELDS[field];
  if (kind === "list") return readList(value);
  if (typeof value !== "string") return UNFIT;
  if (kind === "int") return readInt(value);
  const isFit = field === "id" ? isValidId : field === "rank" ? isRank : undefined;
  return isFit === undefined || isFit(value) ? value : UNFIT;
}

/** Sorts front matter values into the fields that ayo knows and the rest. */
export function readFields(values: Values): { fields: Fields; extra: Record<string, Json> } {
  const keys = Object.keys(values);
  const fields: Record<string, string | number | readonly string[]> = {};
  const extra: Record<string, Json> = Object.create(null);
  for (const key of keys) {
    const name = fieldName(key);
    const value = name === undefined || keyOf(name, keys) !== key ? UNFIT : readField(name, values[key]);
    if (value === UNFIT) extra[key] = jsonOf(values, key);
    else if (value !== undefined && name !== undefined) fields[name] = value;
  }
  return { fields: fields as Fields, extra };
}

function readList(value: unknown): readonly string[] | undefined | typeof UNFIT {
  if (typeof value !== "string" && !(Array.isArray(value) && value.every((item) => typeof item === "string")))
    return UNFIT;
  const items = (typeof value === "string" ? value.split(",") : (value as string[])).map((item) => item.trim());
  const list = items.filter((item) => item !== "");
  return list.length === 0 ? undefined : list;
}

function readInt(text: string): number | typeof UNFIT {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^p(?=\d+$)/, "");
  if (Object.hasOwn(PRIORITY_WORDS, word)) return PRIORITY_WORDS[word] as number;
  const number = /^[+-]?\d{1,15}$/.test(word) ? Number(word) : Number.NaN;
  return Number.isSafeInteger(number) ? number : UNFIT;
}
