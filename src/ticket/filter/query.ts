import { AyoError } from "../../error.ts";
import { type Condition, conditionOf, FILTER_KEYS, type FilterKey, joined } from "./condition.ts";

const ALIASES: Readonly<Record<string, FilterKey>> = {
  state: "status",
  column: "status",
  tags: "tag",
  label: "tag",
  labels: "tag",
  owner: "assignee",
  prio: "priority",
  claimed: "claimed-by",
};

/** A query, read: filters, and the text that is left. */
export interface ParsedQuery {
  /** The free words and phrases in order, without quotes. */
  readonly text: string;
  readonly conditions: readonly Condition[];
  /** What stood in quotes: to be found as it is. */
  readonly phrases: readonly string[];
  /** Words and phrases after a minus: not to be found. */
  readonly excluded: readonly string[];
}

/** A filter, a quoted phrase, or a word, with a minus before it or without. */
const ITEM = /(-?)(?:([A-Za-z][A-Za-z-]*):(?=\S)((?:[^\s"]|"[^"]*")+)(?=\s|$)|"([^"]*)"|(\S+))/g;

/**
 * Reads `status:open -tag:ui priority:<2 "exact phrase" login`; `NOT` is a minus, and `OR` stands between alternatives,
 * each with what stands around it. With `strict` every `word:value` must be a filter;
 * without, an unknown one is text (`std::vector`, `TypeError:x`) unless it looks like a misspelt filter.
 * @throws bad_input naming the word and what is allowed
 */
export function parseQuery(text: string, options: { readonly strict?: boolean } = {}): readonly ParsedQuery[] {
  if (options.strict) assertNoJq(text);
  const items = [...text.matchAll(ITEM)];
  const alternatives: Parts[] = [newParts()];
  let isNot = false;
  let isBetween = true;
  for (const [at, item] of items.entries()) {
    const [word] = item;
    if (word === "OR" && !isBetween && at < items.length - 1) {
      alternatives.push(newParts());
      isBetween = true;
    } else if (word === "AND" && !isBetween && at < items.length - 1) isBetween = true;
    else if (word === "NOT" && at < items.length - 1) isNot = !isNot;
    else {
      addItem(alternatives.at(-1) as Parts, item, isNot, options.strict === true);
      isNot = isBetween = false;
    }
  }
  return alternatives.map(({ words, conditions, ...rest }) => ({
    ...rest,
    conditions: joined(conditions),
    text: words.join(" "),
  }));
}

/** The alternatives of a query, each as it can be written beside other filters; what would mean something else there is put in quotes. */
export function queryAlternatives(text: string): string[] {
  const alternatives: string[][] = [[]];
  const items = [...text.matchAll(ITEM)].map(([word]) => word);
  for (const [at, word] of items.entries()) {
    const now = alternatives.at(-1) as string[];
    const isBetween = now.length > 0 && now.at(-1) !== "NOT" && at < items.length - 1;
    if (word === "OR" && isBetween) alternatives.push([]);
    else if (word === "AND" && isBetween) continue;
    else if (word === "NOT" && at < items.length - 1) now.push(word);
    else now.push(["OR", "AND", "NOT"].includes(word) ? `"${word}"` : word);
  }
  return alternatives.map((words) => words.join(" "));
}

/** The words and filters of a query as they are written, one after the other; `NOT` goes with what it is about. */
export function queryItems(text: string): string[] {
  const items: string[] = [];
  let not = "";
  for (const [word] of text.matchAll(ITEM)) {
    if (word === "NOT") not += "NOT ";
    else {
      items.push(not + word);
      not = "";
    }
  }
  return not === "" ? items : [...items, not.trim()];
}

function newParts(): Parts {
  return { words: [], conditions: [], phrases: [], excluded: [] };
}

function addItem(parts: Parts, item: RegExpMatchArray, isNot: boolean, strict: boolean): void {
  const [word, minus, name, value, phrase, plain] = item;
  const key = name === undefined ? undefined : keyOf(name, word, strict);
  const not = (minus === "-") !== isNot;
  if (key === undefined) addText(parts, { word: isNot ? (plain ?? word) : word, not, phrase, plain });
  else parts.conditions.push(conditionOf(key, value ?? "", { not, word }));
}

/** `.status == "open"`, `.priority < 2`, `select(…)`, `.[]`: what other ticket tools take for filters. */
const JQ = /(?:^|(?<=[\s(|]))(?:\.[a-z_]\w*\s*(?:[=!]=|[<>]|\|)|\.\[|(?:select|map)\(\s*\.)/i;

/** What would be looked for as text, and found nowhere. */
function assertNoJq(text: string): void {
  const [word] = JQ.exec(text) ?? [];
  if (word !== undefined) throw new AyoError("bad_input", jqText(text), { data: { word, allowed: FILTER_KEYS } });
}

function jqText(text: string): string {
  return `'${text.trim()}' is an expression of jq: write filters (status:open), or pipe 'ayo ticket query' into jq`;
}

interface Parts {
  readonly words: string[];
  readonly conditions: Condition[];
  readonly phrases: string[];
  readonly excluded: string[];
}

interface TextItem {
  readonly word: string;
  readonly not: boolean;
  readonly phrase: string | undefined;
  readonly plain: string | undefined;
}

function addText({ words, phrases, excluded }: Parts, { word, not, phrase, plain }: TextItem): void {
  if (phrase !== undefined) {
    if (phrase.trim() === "") return;
    (not ? excluded : phrases).push(phrase);
    if (!not) words.push(phrase);
  } else if (not && plain !== undefined && /^\p{L}/u.test(plain)) excluded.push(plain);
  else words.push(word);
}

/** The filter that a name means; undefined where `name:value` is text. */
function keyOf(name: string, word: string, strict: boolean): FilterKey | undefined {
  const wanted = name.toLowerCase();
  const known = FILTER_KEYS.find((key) => key === wanted) ?? ALIASES[wanted];
  if (known !== undefined) return known;
  if (!strict && !isMisspelt(wanted)) return undefined;
  const hint = "in double quotes it is text";
  const message = `'${word}': there is no filter '${name}'; there are ${FILTER_KEYS.join(", ")} (${hint})`;
  throw new AyoError("bad_input", message, { data: { word, allowed: FILTER_KEYS } });
}

/** One letter too many, too few, wrong, or two swapped, in a word of at least five. */
function isMisspelt(name: string): boolean {
  if (name.length < 5) return false;
  return [...FILTER_KEYS, ...Object.keys(ALIASES)].some((key) => {
    if (Math.abs(key.length - name.length) > 1) return false;
    const start = [...key].findIndex((letter, at) => letter !== name[at]);
    const rest = (text: string, from: number): string => text.slice(Math.max(0, from));
    return (
      rest(key, start + 1) === rest(name, start + 1) ||
      rest(key, start) === rest(name, start + 1) ||
      rest(key, start + 1) === rest(name, start) ||
      (key[start] === name[start + 1] &&
        key[start + 1] === name[start] &&
        key.slice(start + 2) === name.slice(start + 2))
    );
  });
}

/**
 * Filters that a program gives as an object, in the language of the query: `{status: ["open"], priority: "<2"}`.
 * @throws bad_input for a value that is no word, number or list of them
 */
export function filterText(filters: string | Readonly<Record<string, unknown>> = ""): string {
  if (typeof filters === "string") return filters;
  return Object.entries(filters)
    .flatMap(([key, value]) => {
      const values: unknown[] = Array.isArray(value) ? value : [value ?? []].flat();
      const words = values.map((one) => wordOf(key, one)).filter((word) => word !== "");
      return words.length === 0 ? [] : `${key}:${words.join(",")}`;
    })
    .join(" ");
}

function wordOf(key: string, value: unknown): string {
  if (!["string", "number", "boolean"].includes(typeof value)) {
    throw new AyoError("bad_input", `filters: ${key} is a word, a number or a list of them`, { data: { field: key } });
  }
  const text = String(value).replaceAll('"', "");
  return /[\s,]/.test(text) ? `"${text}"` : text;
}

/** What to say of `word:value` in a text that was not found: it was no filter. */
export function takenAsText(text: string): string[] {
  if (JQ.test(text)) return [jqText(text)];
  const [word] = /(?<=^|\s)[a-z][a-z-]*:(?![:/\s])\S+/.exec(text) ?? [];
  return word === undefined
    ? []
    : [`'${word}' is no filter and was looked for as text; filters: ${FILTER_KEYS.join(", ")}`];
}
