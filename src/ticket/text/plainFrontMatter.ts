import { looksTyped, toJson, type Values, withQuoted } from "../jsonValues.ts";
import type { Json } from "../ticket.ts";

/** Characters as the patterns below need them, within `[…]`. */
interface Letters {
  /** Letters and digits that a scalar may begin with. */
  readonly first: string;
  /** Those that may follow. */
  readonly rest: string;
  readonly symbols: string;
  readonly flag: "" | "u";
}

const ASCII: Letters = { first: "A-Za-z0-9", rest: "A-Za-z0-9", symbols: "$+<=>^`|~", flag: "" };
const UNICODE: Letters = {
  first: String.raw`\p{L}\p{N}`,
  rest: String.raw`\p{L}\p{M}\p{N}`,
  symbols: String.raw`\p{S}`,
  flag: "u",
};

function patternsOf({ first, rest, symbols, flag }: Letters) {
  // Printable characters without quotes and backslash: what a quoted scalar holds as it stands.
  const quotable = String.raw`[${rest}${symbols} !#%&()*,./:;?@\[\]_{}\-–—…“”‘’«»¿¡§¶·]`;
  const single = String.raw`(?:${quotable}|"|\\|'')*`;
  const double = `(?:${quotable}|')*`;
  return {
    plain: new RegExp(`^[${first}_./](?:[${rest} _./+@=~!?()*&%'-]*[${rest}_./+@=~!?()*&%'-])?$`, flag),
    plainLine: new RegExp(
      `^[${first}_./](?:(?:[${rest} _./+@=~!?()*&%',-]|:(?=[${first}/]))*[${rest}_./+@=~!?()*&%',-])?$`,
      flag,
    ),
    single: new RegExp(`^'(${single})'$`, flag),
    double: new RegExp(`^"(${double})"$`, flag),
    flowItem: new RegExp(String.raw` *('${single}'|"${double}"|[^ '",\[\]{}][^,\[\]{}]*) *(,|$)`, `${flag}y`),
  };
}

const ascii = patternsOf(ASCII);
let unicode: typeof ascii | undefined;

/** The patterns for a text; V8 takes milliseconds to make those of Unicode, and few tickets need them. */
function patternsFor(text: string): typeof ascii {
  if (isPrintableAscii(text)) return ascii;
  unicode ??= patternsOf(UNICODE);
  return unicode;
}

/** Whether a text has nothing but the characters from space to tilde. */
export function isPrintableAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/** Whether every YAML reader takes a scalar as the text it is, in a block and in a flow list. */
export function isPlain(text: string): boolean {
  return patternsFor(text).plain.test(text);
}

/** As {@link isPlain}, but for the value of a `key: value` line, where commas and a colon before a word are harmless. */
export function isPlainLine(text: string): boolean {
  return patternsFor(text).plainLine.test(text);
}

const KEY = /^([A-Za-z][\w-]{0,60}):(?: +(\S.*))?$/;
const MENTION = /^@[\w][\w./-]*$/;

/**
 * Reads front matter of plain `key: value` lines, so that most tickets need no YAML parser; undefined for everything
 * that is not trivially the same to a YAML parser, which then decides.
 */
export function readPlainFrontMatter(yamlText: string): Values | undefined {
  const values: Record<string, string | string[]> = Object.create(null);
  const quoted = new Map<string, Json>();
  for (const row of yamlText.split("\n")) {
    const line = stripSpaces(row.endsWith("\r") ? row.slice(0, -1) : row);
    if (line === "") continue;
    const [, key, text = ""] = KEY.exec(line) ?? [];
    if (key === undefined || key in values) return undefined;
    const value = text.startsWith("[") ? readFlow(text) : readScalar(text, isPlainLine);
    if (value === undefined) return undefined;
    values[key] = value;
    noteQuoted(quoted, key, text, value);
  }
  return withQuoted(values, quoted);
}

/** Remembers a value that is text because of its quotes. */
function noteQuoted(quoted: Map<string, Json>, key: string, text: string, value: string | readonly string[]): void {
  if (!/^\[.*['"]|^['"]/.test(text)) return;
  if (typeof value === "string") {
    if (looksTyped(value)) quoted.set(key, value);
  } else if (value.some(looksTyped)) {
    // The items once more, for their quotes.
    const inner = stripSpaces(text.slice(1, -1));
    const { flowItem } = patternsFor(inner);
    flowItem.lastIndex = 0;
    const items = value.map((item) => {
      const [, raw = ""] = flowItem.exec(inner) ?? [];
      return /^['"]/.test(raw) ? item : toJson(item);
    });
    quoted.set(key, items);
  }
}

function readScalar(text: string, isPlainHere: (text: string) => boolean): string | undefined {
  if (text === "" || isPlainHere(text) || MENTION.test(text)) return text;
  const { single, double } = patternsFor(text);
  if (text.startsWith("'")) return single.exec(text)?.[1]?.replaceAll("''", "'");
  return double.exec(text)?.[1];
}

function readFlow(text: string): string[] | undefined {
  if (!text.endsWith("]")) return undefined;
  const inner = stripSpaces(text.slice(1, -1));
  const items: string[] = [];
  const { flowItem } = patternsFor(inner);
  for (let at = 0; at < inner.length || items.length > 0; at = flowItem.lastIndex) {
    flowItem.lastIndex = at;
    const [, raw = "", comma] = flowItem.exec(inner) ?? [];
    const item = raw === "" ? undefined : readScalar(stripSpaces(raw), isPlain);
    if (item === undefined) return undefined;
    items.push(item);
    if (comma === "") return items;
  }
  return items;
}

/** Spaces off the end; no regular expression, which would take quadratic time on long runs. */
function stripSpaces(text: string): string {
  let end = text.length;
  while (text[end - 1] === " ") end--;
  return text.slice(0, end);
}
