import type { Json } from "./ticket.ts";

/**
 * Beside front matter's values, which are all text: by key what a JSON reader is to get where quotes say that `'5'` is a
 * text. Symbols are no keys of a front matter.
 */
const QUOTED: unique symbol = Symbol("quoted");

/** Values of a front matter, with what quotes say of them. */
export interface Values {
  readonly [key: string]: unknown;
  readonly [QUOTED]?: ReadonlyMap<string, Json>;
}

/** Adds what quotes say, if they say anything. */
export function withQuoted(values: Record<string, unknown>, quoted: ReadonlyMap<string, Json>): Values {
  return quoted.size === 0 ? values : Object.defineProperty(values, QUOTED, { value: quoted });
}

/** A value as a JSON reader expects it; text becomes a number or boolean only where nothing is lost by that. */
export function toJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) {
    const object: Record<string, Json> = Object.create(null);
    for (const [key, child] of Object.entries(value)) object[key] = toJson(child);
    return object;
  }
  const text = String(value ?? "");
  if (isNone(text)) return null;
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d/.test(text) && String(Number(text)) === text ? Number(text) : text;
}

/** The same for a value of a front matter: what is quoted there is text. */
export function jsonOf(values: Values, key: string): Json {
  const quoted = values[QUOTED]?.get(key);
  return quoted === undefined ? toJson(values[key]) : quoted;
}

/** Whether a text would be a number, a boolean or nothing if it stood without quotes. */
export function looksTyped(text: string): boolean {
  return typeof toJson(text) !== "string";
}

/** Whether a value stands for none. */
export function isNone(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === "~" || value === "null";
}
