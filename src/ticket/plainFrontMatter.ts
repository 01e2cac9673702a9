/** A scalar that every YAML reader takes as the text it is, in a block and in a flow list. */
export const PLAIN = /^[\p{L}\p{N}_./](?:[\p{L}\p{M}\p{N} _./+@=~!?()*&%'-]*[\p{L}\p{M}\p{N}_./+@=~!?()*&%'-])?$/u;
/** As PLAIN, but for the value of a `key: value` line, where commas and a colon before a word are harmless. */
export const PLAIN_LINE =
  /^[\p{L}\p{N}_./](?:(?:[\p{L}\p{M}\p{N} _./+@=~!?()*&%',-]|:(?=[\p{L}\p{N}/]))*[\p{L}\p{M}\p{N}_./+@=~!?()*&%',-])?$/u;

/** Printable characters without quotes and backslash: what a quoted scalar holds as it stands. */
const QUOTABLE = String.raw`[\p{L}\p{M}\p{N}\p{S} !#%&()*,./:;?@\[\]_{}\-–—…“”‘’«»¿¡§¶·]`;
const KEY = /^([A-Za-z][\w-]{0,60}):(?: +(\S.*))?$/;
const MENTION = /^@[\w][\w./-]*$/;
const SINGLE = new RegExp(`^'((?:${QUOTABLE}|"|\\\\|'')*)'$`, "u");
const DOUBLE = new RegExp(`^"((?:${QUOTABLE}|')*)"$`, "u");
const FLOW_ITEM = new RegExp(
  ` *('(?:${QUOTABLE}|"|\\\\|'')*'|"(?:${QUOTABLE}|')*"|[^ '",\\[\\]{}][^,\\[\\]{}]*) *(,|$)`,
  "uy",
);

/**
 * Reads front matter of plain `key: value` lines, so that most tickets need no YAML parser; undefined for everything
 * that is not trivially the same to a YAML parser, which then decides.
 */
export function readPlainFrontMatter(yamlText: string): Record<string, string | string[]> | undefined {
  const values: Record<string, string | string[]> = Object.create(null);
  for (const row of yamlText.split("\n")) {
    const line = stripSpaces(row.endsWith("\r") ? row.slice(0, -1) : row);
    if (line === "") continue;
    const [, key, text = ""] = KEY.exec(line) ?? [];
    if (key === undefined || key in values) return undefined;
    const value = text.startsWith("[") ? readFlow(text) : readScalar(text, PLAIN_LINE);
    if (value === undefined) return undefined;
    values[key] = value;
  }
  return values;
}

function readScalar(text: string, plain: RegExp): string | undefined {
  if (text === "" || plain.test(text) || MENTION.test(text)) return text;
  if (text.startsWith("'")) return SINGLE.exec(text)?.[1]?.replaceAll("''", "'");
  return DOUBLE.exec(text)?.[1];
}

function readFlow(text: string): string[] | undefined {
  if (!text.endsWith("]")) return undefined;
  const inner = stripSpaces(text.slice(1, -1));
  const items: string[] = [];
  for (let at = 0; at < inner.length || items.length > 0; at = FLOW_ITEM.lastIndex) {
    FLOW_ITEM.lastIndex = at;
    const [, raw = "", comma] = FLOW_ITEM.exec(inner) ?? [];
    const item = raw === "" ? undefined : readScalar(stripSpaces(raw), PLAIN);
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
