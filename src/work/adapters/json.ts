import { MAX_DETAIL } from "./texts.ts";

/** A JSON object of a program's. */
export type Fields = Readonly<Record<string, unknown>>;

/** The object that a line is; undefined for every other line. */
export function objectIn(line: string): Fields | undefined {
  const text = line.trim();
  if (!text.startsWith("{") || !text.endsWith("}")) return undefined;
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    // Told of by whoever asks: the line then is a text, or raw.
    return undefined;
  }
}

/** A value as an object; undefined for every other value. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** What lies at a path of keys. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    const fields = fieldsOf(found);
    if (fields === undefined || !Object.hasOwn(fields, key)) return undefined;
    found = fields[key];
  }
  return found;
}

/** The text at a path, where there is one that is not empty. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** The number at a path; none below nothing. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" && Number.isFinite(found) && found >= 0 ? found : undefined;
}

/** The list at a path; else an empty one. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The sum of the numbers at some keys; undefined where there is none. */
export function sumOf(value: unknown, keys: readonly string[]): number | undefined {
  const found = keys.flatMap((key) => numberAt(value, key) ?? []);
  return found.length === 0 ? undefined : found.reduce((sum, one) => sum + one, 0);
}

/** A value as people read it: a text as it is, the texts of a list of parts, else JSON. */
export function shown(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const texts = value.map((part) => textAt(part, "text") ?? textAt(part, "content", "text"));
    if (texts.length > 0 && texts.every((text) => text !== undefined)) return texts.join("\n");
  }
  const json = JSON.stringify(value);
  return json === "{}" || json === "[]" ? undefined : json?.slice(0, MAX_DETAIL * 2);
}
