import { AyoError } from "../../error.ts";
import { fieldName, keyOf, readField, UNFIT } from "../fields.ts";
import { jsonOf, toJson } from "../jsonValues.ts";
import { FIELDS, type FieldKind, type FieldName, type Json } from "../ticket.ts";
import { formatKey } from "./formatScalar.ts";
import { type FrontMatterParser, NeedsYaml, readValues } from "./parseTicket.ts";
import { formatValue, patchValue, replaceValue, type ValueOptions } from "./patchValue.ts";
import { type Entry, scanFrontMatter } from "./scanFrontMatter.ts";
import { frontOf, splitDocument } from "./splitDocument.ts";

/** A value as JSON has it, for a key that ayo does not know: a text stays one, and objects are written in one line. */
export interface JsonValue {
  readonly json: Json;
}

type Given = string | number | readonly string[] | JsonValue;

/** New values by field name, or by any other key as the file spells it; null removes the key. */
export type FieldChanges = Readonly<Record<string, Given | null | undefined>>;

type Values = Readonly<Record<string, unknown>>;

/**
 * Changes front matter by the lines of the changed keys only; every other byte stays. A new key becomes the last line.
 * The result is read back, so that it says what was wanted and nothing else changed.
 * @throws NeedsYaml as parseTicket does; bad_ticket; bad_input for a value that the field cannot hold; unpatchable naming the key that must be edited by hand
 */
export function patchFields(
  source: string,
  changes: FieldChanges,
  path: string,
  frontMatter?: FrontMatterParser,
): string {
  const before = readValues(source, path, frontMatter);
  const wanted = Object.entries(changes).flatMap(([name, value]) =>
    value === undefined ? [] : [changeOf(name, value)],
  );
  let text = source;
  for (const change of wanted) {
    if (sameValue(readChanged(before, change), change.reads) && change.value !== null) continue;
    text = applyChange(text, change, path);
  }
  if (text !== source) assertPatched(source, text, before, wanted, { path, frontMatter });
  return text;
}

interface Change {
  /** As the caller names it. */
  readonly name: string;
  readonly field: FieldName | undefined;
  readonly value: string | readonly string[] | null;
  /** A number, written without quotes. */
  readonly number: boolean;
  /** The value is `reads` as JSON has it, whatever the style of the one before. */
  readonly isJson?: true;
  /** What a reader must find afterwards. */
  readonly reads: unknown;
}

function changeOf(name: string, given: Given | null): Change {
  if (typeof given === "object" && given !== null && "json" in given) return jsonChange(name, given.json);
  const field = fieldName(name);
  const text = typeof given === "number" ? String(given) : given;
  if (field === undefined) {
    // Whoever sets `n=3` means a number.
    const number = ["number", "boolean"].includes(typeof (typeof text === "string" ? toJson(text) : text));
    return { name, field, value: text, number, reads: text ?? undefined };
  }
  const reads = readField(field, text);
  if (reads === UNFIT) throw unfit(name, FIELDS[field].kind);
  const { kind } = FIELDS[field];
  const value = kind === "list" && text !== null ? ((reads ?? []) as readonly string[]) : text;
  return { name, field, value, number: kind === "int" && typeof reads === "number", reads };
}

function jsonChange(name: string, json: Json): Change {
  const value = json === null || typeof json === "string" ? json : JSON.stringify(json);
  return { name, field: undefined, value, number: typeof json !== "string", isJson: true, reads: json ?? undefined };
}

function readChanged(values: Values, { name, field, isJson }: Change): unknown {
  if (isJson && Object.hasOwn(values, name)) return jsonOf(values, name);
  if (field === undefined) return Object.hasOwn(values, name) ? values[name] : undefined;
  const key = keyOf(field, Object.keys(values));
  return key === undefined ? undefined : readField(field, values[key]);
}

function isFor({ name, field }: Change, key: string): boolean {
  return field === undefined ? key === name : fieldName(key) === field;
}

function applyChange(source: string, change: Change, path: string): string {
  const { start, end } = frontOf(source, path);
  const yaml = source.slice(start, end);
  const entries = scanFrontMatter(yaml);
  if (entries === undefined)
    throw unpatchable(change.name, path, "the front matter is not written as 'key: value' lines");
  return source.slice(0, start) + changeYaml(yaml, entries, change, splitDocument(source).eol) + source.slice(end);
}

function changeYaml(yaml: string, entries: readonly Entry[], change: Change, eol: string): string {
  const { name, field, value } = change;
  if (value === null)
    return removeEntries(
      yaml,
      entries.filter((entry) => isFor(change, entry.key)),
    );
  const options: ValueOptions = {
    time: field !== undefined && FIELDS[field].kind === "time",
    alone: field === "assignee",
    words: field !== undefined && FIELDS[field].kind === "list",
    number: change.number,
  };
  const keys = entries.map((entry) => entry.key);
  const key = field === undefined ? name : keyOf(field, keys);
  const entry = entries.find((one) => one.key === key);
  if (entry !== undefined && change.isJson) return replaceValue(yaml, entry, formatValue(value, options));
  if (entry !== undefined) return patchValue(yaml, entry, value, options);
  return `${yaml}${formatKey(field === undefined ? name : FIELDS[field].key)}: ${formatValue(value, options)}${eol}`;
}

function removeEntries(yaml: string, entries: readonly Entry[]): string {
  return entries.reduceRight((text, entry) => text.slice(0, entry.start) + text.slice(entry.end), yaml);
}

interface Reader {
  readonly path: string;
  readonly frontMatter: FrontMatterParser | undefined;
}

function assertPatched(
  source: string,
  text: string,
  before: Values,
  changes: readonly Change[],
  { path, frontMatter }: Reader,
) {
  const names = changes.map((change) => change.name).join(", ");
  const after = readBack(text, names, { path, frontMatter });
  const isSameBody = source.slice(splitDocument(source).body) === text.slice(splitDocument(text).body);
  if (!isSameBody) throw unpatchable(names, path, "the text below the front matter would move");
  for (const change of changes) {
    if (!sameValue(readChanged(after, change), change.reads))
      throw unpatchable(change.name, path, "its value would not read back");
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (changes.some((change) => isFor(change, key)) || sameValue(before[key], after[key])) continue;
    throw unpatchable(names, path, `'${key}' depends on it (an anchor, or lines that belong to both)`);
  }
}

function readBack(text: string, names: string, { path, frontMatter }: Reader): Values {
  try {
    return readValues(text, path, frontMatter);
  } catch (error) {
    if (error instanceof NeedsYaml || !(error instanceof AyoError)) throw error;
    throw unpatchable(names, path, `the result would be ${error.message}`);
  }
}

function sameValue(left: unknown, right: unknown): boolean {
  return (
    left === right || (left !== undefined && right !== undefined && JSON.stringify(left) === JSON.stringify(right))
  );
}

function unfit(name: string, kind: FieldKind): AyoError {
  const shapes = { int: "a whole number", list: "a list of texts", text: "one text", time: "a time" };
  const own = { id: "a valid ticket id", rank: "a place such as a0V, which 'ayo ticket rank' makes" }[name];
  const shape = own ?? shapes[kind];
  return new AyoError("bad_input", `'${name}' takes ${shape}`, { data: { field: name } });
}

function unpatchable(key: string, path: string, why: string): AyoError {
  return new AyoError("unpatchable", `cannot change '${key}' in ${path}: ${why}; edit the file by hand`, {
    data: { path, key },
  });
}
