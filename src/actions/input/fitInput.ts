import { AyoError } from "../../error.ts";
import type { InputSchema } from "./action.ts";
import { describeInput, type InputField } from "./describeInput.ts";

/** How input is fitted. */
export interface FitOptions {
  readonly strict?: boolean;
  readonly nothingFor?: (field: string) => unknown;
}

/**
 * Input as programs and models write it, in the form that an action's schema wants: `aliases` are other names of its
 * fields, `id` and `ids` stand for each other, one value does for a list of one, and null for nothing, but where any JSON
 * is taken. With `strict`
 * a number or boolean is no text. Where null takes a value away, `nothingFor` tells what the action calls that.
 * @throws bad_input for a field that the action does not have, or has under two names
 */
export function fitInput(
  schema: InputSchema,
  given: Readonly<Record<string, unknown>>,
  aliases: Readonly<Record<string, string>> = {},
  { strict = false, nothingFor }: FitOptions = {},
): Record<string, unknown> {
  const fields = new Map(describeInput(schema).map((field) => [field.name, field]));
  const input: Record<string, unknown> = {};
  for (const [typed, sent] of Object.entries(given)) {
    const field = fields.get(nameOf(typed, fields, aliases));
    if (sent === undefined || (sent === null && nothingFor === undefined && !isAny(field))) continue;
    if (field === undefined) throw unknownField(typed, [...fields.keys()]);
    const value = meantBy(sent, field, nothingFor);
    if (value === undefined) continue;
    if (field.name in input) {
      throw new AyoError("bad_input", `${field.name} is given twice, also as ${typed}`, {
        data: { field: field.name },
      });
    }
    input[field.name] = fitValue(field, value, strict ? (one) => one : word, nothingFor !== undefined);
  }
  return input;
}

/** What a value means; null is a value only where any JSON is. */
function meantBy(sent: unknown, field: InputField, nothingFor: FitOptions["nothingFor"]): unknown {
  return sent === null && !isAny(field) ? nothingFor?.(field.name) : sent;
}

/** Whether a field is any JSON, of which null is one. */
function isAny(field: InputField | undefined): boolean {
  return field?.isJson === true && field.isRecord !== true;
}

function nameOf(
  typed: string,
  fields: ReadonlyMap<string, InputField>,
  aliases: Readonly<Record<string, string>>,
): string {
  if (fields.has(typed)) return typed;
  const snake = typed.replaceAll("-", "_");
  if (Object.hasOwn(aliases, snake)) return aliases[snake] as string;
  if (typed === "id" || typed === "ids") return typed === "id" ? "ids" : "id";
  // Front matter spells its keys like this; other tools like that.
  return typed.replaceAll(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function fitValue(field: InputField, given: unknown, asText: (value: unknown) => unknown, mayClear: boolean): unknown {
  const { name, type, isRecord, isJson } = field;
  const isPacked = type === "list" || type === "boolean" || name === "id" || field.mayBeObject === true;
  const value = isPacked ? unpacked(field, given) : given;
  if (isJson) return value;
  if (isRecord && typeof value === "object") {
    const one = (given: unknown): unknown => (given === null && mayClear ? "" : word(given));
    return Object.fromEntries(Object.entries(value as object).map(([key, given]) => [key, one(given)]));
  }
  if (type === "list") return (Array.isArray(value) ? value : [value]).map(itemOf(field, asText));
  if (type === "number") return number(value);
  return type === "string" && name !== "priority" ? asText(oneText(name, value)) : value;
}

/** A list where the action takes one text: `id` given as `ids`, or criteria, which are one a line. */
function oneText(name: string, value: unknown): unknown {
  if (name === "id" && Array.isArray(value) && value.length === 1) return word(value[0]);
  if (name !== "acceptance") return value;
  const list = Array.isArray(value) ? value : criteriaIn(value);
  const isOneEach = list?.every((one) => typeof one === "string" && !/[\r\n]/.test(one)) === true;
  return isOneEach ? list?.join("\n") : value;
}

/** Criteria that are a text of JSON; `[ ] It works` is none, and means what it says. */
function criteriaIn(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== "string" || !/^\s*\["/.test(value)) return undefined;
  return jsonTextOf("acceptance", value, "list") as readonly unknown[];
}

function itemOf({ name, isNumeric, isObjects }: InputField, asText: (value: unknown) => unknown) {
  if (isObjects) return (value: unknown): unknown => jsonTextOf(name, value, "object");
  return isNumeric ? number : asText;
}

/** What models write as a text of JSON: `"[\"ui\"]"` for a list, `"{…}"` for keys with values, `"true"`. */
function unpacked({ name, type, isRecord, mayBeObject }: InputField, value: unknown): unknown {
  if (type !== "boolean") return jsonTextOf(name, value, isRecord || mayBeObject ? "object" : "list");
  return typeof value === "string" ? ({ true: true, false: false }[value.trim()] ?? value) : value;
}

/**
 * A list or an object that somebody wrote as a text of JSON; any other value as it is.
 * @throws bad_input for a text that begins as one and is none: its pieces are no values
 */
export function jsonTextOf(name: string, value: unknown, what: "list" | "object"): unknown {
  const text = typeof value === "string" ? value.trim() : "";
  if (!text.startsWith(what === "object" ? "{" : "[")) return value;
  try {
    const read: unknown = JSON.parse(text);
    if (Array.isArray(read) === (what === "list")) return read;
  } catch {
    // Told below.
  }
  throw new AyoError("bad_input", `${name}: '${text.slice(0, 60)}' begins as a JSON ${what} and is none`, {
    data: { field: name },
  });
}

/** Numbers and booleans as the words they would be on a command line; anything else is for the schema to judge. */
function word(value: unknown): unknown {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

/** A number that somebody wrote as a text; anything else is for the schema to judge. */
function number(value: unknown): unknown {
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
}

function unknownField(typed: string, known: readonly string[]): AyoError {
  const allowed = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
  return new AyoError("bad_input", `there is no field '${typed}'; ${allowed}`, {
    data: { field: typed, known },
  });
}
