import { AyoError } from "../../error.ts";
import type { Json } from "../../ticket/ticket.ts";
import { formatTime, parseTime } from "../../ticket/time.ts";
import { extraKey, lookUp, type NeedsYou, type Place } from "./foreign.ts";

/** One line of a JSON lines file. */
export interface JsonRecord {
  readonly place: Place;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A longer line is no ticket: in bytes. */
const MAX_LINE = 32 * 1024 * 1024;
const NEWLINE = 10;

/** The JSON objects of a file, one a line; other lines need the user. Empty lines are nothing. */
export function readRecords(
  bytes: Buffer,
  path: string,
): { readonly records: readonly JsonRecord[]; readonly needYou: readonly NeedsYou[] } {
  const records: JsonRecord[] = [];
  const needYou: NeedsYou[] = [];
  let start = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  for (let line = 1; start < bytes.length; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const read = readLine(bytes.subarray(start, end));
    if (typeof read === "string") needYou.push({ path, line, id: null, message: read });
    else if (read !== undefined) records.push({ place: { path, line }, value: read });
    start = end + 1;
  }
  return { records, needYou };
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

function readLine(bytes: Buffer): JsonRecord["value"] | string | undefined {
  if (bytes.length > MAX_LINE) return `a line of more than ${MAX_LINE / 1024 / 1024} MiB`;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.trim() === "") return undefined;
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonRecord["value"];
    return "no JSON object: write one {…} a line";
  } catch (error) {
    return error instanceof SyntaxError ? `not valid JSON: ${error.message}` : "not UTF-8 text";
  }
}

/** A record whose values are taken one by one; what nobody took is left for extra keys. */
export interface OpenRecord {
  /** A string, number or boolean as text; undefined where there is none. */
  text(key: string): string | undefined;
  /** A moment as UTC seconds, or as it is written where nobody can tell which. */
  time(key: string): string | undefined;
  /** A list of texts; a single text is a list of one. */
  texts(key: string): readonly string[];
  /** The value as it is, if `fits` takes it. */
  value<T>(key: string, fits: (value: unknown) => value is T): T | undefined;
  /** All that was not taken yet, by its own keys. */
  all(): ReadonlyMap<string, unknown>;
  /** Leaves out what git or ayo tells anew: no loss, and told. */
  derive(...keys: readonly string[]): void;
  /** Names what of a value that was taken has no place here; `known` are the keys that were read. */
  leave(key: string, parts: readonly unknown[], known: readonly string[]): void;
  /** What was derived and left out, for the ticket. */
  told(): { readonly derived: readonly string[]; readonly leftOut: readonly string[] };
  /** Everything not taken and not empty, under keys that are free; `source` begins those that would not be. */
  rest(source: string): Map<string, Json>;
}

/** Opens a record; `isNothing` tells the values that stand for none, besides null and the empty ones. */
export function openRecord(
  value: Readonly<Record<string, unknown>>,
  isNothing: (value: unknown) => boolean = () => false,
): OpenRecord {
  const left = new Map(Object.entries(value).filter(([, one]) => !isEmpty(one) && !isNothing(one)));
  const [derived, leftOut] = [new Set<string>(), new Set<string>()];
  const take = <T>(key: string, fits: (one: unknown) => one is T): T | undefined => {
    const one = left.get(key);
    if (!fits(one)) return undefined;
    left.delete(key);
    return one;
  };
  const text = (key: string): string | undefined => {
    const one = take(key, isScalar);
    return one === undefined ? undefined : String(one).replaceAll("\r\n", "\n");
  };
  return {
    text,
    time: (key) => timeOf(text(key)),
    texts: (key) => [take(key, isTexts) ?? []].flat().map(String),
    value: take,
    all: () => left,
    derive: (...keys) => {
      for (const key of keys) if (left.delete(key)) derived.add(key);
    },
    leave: (key, parts, known) => {
      const names = parts.flatMap((part) => (isObject(part) ? namesOf(part) : []));
      for (const name of names) if (!known.includes(name)) leftOut.add(`${key}.${name}`);
    },
    told: () => ({ derived: [...derived], leftOut: [...leftOut] }),
    rest: (source) => {
      const rest = new Map<string, Json>();
      for (const [key, one] of left) rest.set(extraKey(key, source, rest), one as Json);
      return rest;
    },
  };
}

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function namesOf(part: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(part).filter((key) => !isEmpty(part[key]) && part[key] !== false);
}

/** A record's id. @throws bad_input where it has none */
export function idOf(record: OpenRecord): string {
  const id = record.text("id");
  if (id === undefined) throw new AyoError("bad_input", "has no id");
  return id;
}

/** What a word of a record means by a table, in whatever case; a word that is not in it stays in the record. */
export function meaningOf<T>(record: OpenRecord, key: string, table: Readonly<Record<string, T>>): T | undefined {
  const fits = (one: unknown): one is string =>
    typeof one === "string" && lookUp(table, one.toLowerCase()) !== undefined;
  const word = record.value(key, fits);
  return word === undefined ? undefined : lookUp(table, word.toLowerCase());
}

/** A time as tickets write it; Go's zero time is none. */
export function timeOf(text: string | undefined): string | undefined {
  if (text === undefined || text.startsWith("0001-01-01")) return undefined;
  const moment = /^\d{4}-\d\d-\d\d$/.test(text) ? undefined : parseTime(text);
  return moment === undefined ? text : formatTime(moment);
}

/** An object without the keys whose value is undefined. */
export function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isTexts(value: unknown): value is string | readonly (string | number | boolean)[] {
  return typeof value === "string" || (Array.isArray(value) && value.every(isScalar));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value as object).length === 0;
}
