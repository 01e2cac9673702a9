/** How a top-level value is written; `block` is anything on the lines below its key that is no list. */
export type ValueStyle = "empty" | "plain" | "single" | "double" | "flow" | "scalarBlock" | "list" | "block";

/** One top-level key of a front matter and where its parts are, as character offsets into the YAML. */
export interface Entry {
  readonly key: string;
  /** Where the key's line begins. */
  readonly start: number;
  /** After the colon, and after an anchor or tag where there is one. */
  readonly colon: number;
  readonly style: ValueStyle;
  /** The value without comments; for `scalarBlock` only its header (`|-`), for `list` and `block` nothing. */
  readonly value: { readonly start: number; readonly end: number };
  /** After the line end of the key's line. */
  readonly lineEnd: number;
  /** After the line end of the last line of the value. */
  readonly end: number;
  /** Whether an anchor, tag or alias is involved. */
  readonly marked: boolean;
}

const KEY =
  /^(?:'((?:[^'\r\n]|'')*)'|"((?:[^"\\\r\n]|\\.)*)"|([^\s'"[\]{},#&*!|>%@`?:-][^\r\n#]{0,200}?|[?:-](?=[^\s])[^\r\n#]{0,200}?))[ \t]{0,50}:(?=[ \t\r\n]|$)/;
const PROPERTIES = /(?:[ \t]+(?:&[^\s,[\]{}]+|![^\s]*)(?=[ \t\r\n]|$))*/y;
const BLANK_OR_COMMENT = /^[ \t]*(?:#[^\n]*)?\r?\n?$/;

/**
 * Finds the top-level keys by their lines, without interpreting values; undefined where the text is no plain block
 * mapping (flow mapping, `? ` keys, several documents, tabs).
 */
export function scanFrontMatter(yaml: string): Entry[] | undefined {
  const entries: Entry[] = [];
  for (let at = 0; at < yaml.length; ) {
    const end = endOfLine(yaml, at);
    if (BLANK_OR_COMMENT.test(yaml.slice(at, end))) {
      at = end;
      continue;
    }
    const entry = scanEntry(yaml, at, end);
    if (entry === undefined) return undefined;
    entries.push(entry);
    at = entry.end;
  }
  return entries;
}

/** The offset after the line end of the line that holds `at`. */
export function endOfLine(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  return newline < 0 ? text.length : newline + 1;
}

function scanEntry(yaml: string, start: number, lineEnd: number): Entry | undefined {
  const line = yaml.slice(start, lineEnd);
  const match = KEY.exec(line);
  if (match === null || line.startsWith("...") || line.startsWith("---")) return undefined;
  const key = match[1]?.replaceAll("''", "'") ?? unescapeKey(match[2]) ?? match[3] ?? "";
  PROPERTIES.lastIndex = start + match[0].length;
  const properties = PROPERTIES.exec(yaml)?.[0] ?? "";
  const colon = start + match[0].length + properties.length;
  const gap = /^[ \t]*/.exec(yaml.slice(colon, lineEnd))?.[0].length ?? 0;
  const from = colon + gap;
  const base = { key, start, colon, lineEnd, marked: properties !== "" || yaml[from] === "*" };
  return { ...base, ...scanValue(yaml, from, lineEnd, gap > 0) };
}

function unescapeKey(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

type ScannedValue = Pick<Entry, "style" | "value" | "end">;

function scanValue(yaml: string, from: number, lineEnd: number, isSpaced: boolean): ScannedValue {
  const first = yaml[from] ?? "\n";
  const closed = (style: ValueStyle, end: number): ScannedValue => ({
    style,
    value: { start: from, end },
    end: endOfLine(yaml, end),
  });
  if (first === "'") return closed("single", endOfSingle(yaml, from));
  if (first === '"') return closed("double", endOfDouble(yaml, from));
  if (first === "[" || first === "{") return closed("flow", endOfFlow(yaml, from));
  if (first === "|" || first === ">") return scanScalarBlock(yaml, from, lineEnd);
  if (first === "\n" || first === "\r" || (first === "#" && isSpaced)) return scanBelow(yaml, from, lineEnd);
  return scanPlain(yaml, from, lineEnd);
}

function endOfSingle(yaml: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const quote = yaml.indexOf("'", at);
    if (quote < 0) return yaml.length;
    if (yaml[quote + 1] !== "'") return quote + 1;
    at = quote + 2;
  }
}

function endOfDouble(yaml: string, from: number): number {
  for (let at = from + 1; at < yaml.length; at++) {
    if (yaml[at] === "\\") at++;
    else if (yaml[at] === '"') return at + 1;
  }
  return yaml.length;
}

/** After the bracket that closes the one at `from`; quotes open only where an item or value begins. */
function endOfFlow(yaml: string, from: number): number {
  let depth = 0;
  let isItemStart = true;
  for (let at = from; at < yaml.length; at++) {
    const char = yaml[at] as string;
    if ("[{".includes(char)) depth++;
    if ("]}".includes(char)) depth--;
    if (depth === 0) return at + 1;
    at = endOfToken(yaml, at, isItemStart) - 1;
    isItemStart = /[[{,:]/.test(char) || (isItemStart && /\s/.test(yaml[at] as string));
  }
  return yaml.length;
}

/** After the quoted scalar, comment or single character at `at` in a flow collection. */
function endOfToken(yaml: string, at: number, isItemStart: boolean): number {
  const char = yaml[at];
  if (isItemStart && char === "'") return endOfSingle(yaml, at);
  if (isItemStart && char === '"') return endOfDouble(yaml, at);
  return char === "#" && /[\s,[\]{}]/.test(yaml[at - 1] ?? "") ? endOfLine(yaml, at) : at + 1;
}

function scanScalarBlock(yaml: string, from: number, lineEnd: number): ScannedValue {
  const header = /^[|>][-+\d]*/.exec(yaml.slice(from, lineEnd))?.[0] ?? "";
  const end = endOfIndented(yaml, lineEnd, { keepBlanks: header.includes("+"), comments: "content" });
  return { style: "scalarBlock", value: { start: from, end: from + header.length }, end };
}

function scanBelow(yaml: string, from: number, lineEnd: number): ScannedValue {
  const value = { start: from, end: from };
  let at = lineEnd;
  while (at < yaml.length && BLANK_OR_COMMENT.test(yaml.slice(at, endOfLine(yaml, at)))) at = endOfLine(yaml, at);
  const isItem = /^[ \t]*-(?=[ \t\r\n]|$)/.test(yaml.slice(at, endOfLine(yaml, at)));
  if (!isItem && !/^[ \t]/.test(yaml.slice(at, at + 1))) return { style: "empty", value, end: lineEnd };
  const isAtEdge = isItem && yaml[at] === "-";
  const end = endOfIndented(yaml, at, { comments: "skip", items: isAtEdge });
  return { style: isItem ? "list" : "block", value, end };
}

function scanPlain(yaml: string, from: number, lineEnd: number): ScannedValue {
  const line = yaml.slice(from, lineEnd);
  const comment = line.search(/[ \t]#/);
  const text = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  const value = { start: from, end: from + text.length };
  if (comment >= 0) return { style: "plain", value, end: lineEnd };
  const end = endOfIndented(yaml, lineEnd, { comments: "stop" });
  if (end > lineEnd) value.end = from + yaml.slice(from, end).trimEnd().length;
  return { style: "plain", value, end };
}

interface Indented {
  readonly keepBlanks?: boolean;
  /** Whether indented lines that begin with `#` are text, may stand between the lines, or end them. */
  readonly comments: "content" | "skip" | "stop";
  /** Lines that begin with `- ` at the edge belong too. */
  readonly items?: boolean;
}

/** After the last of the indented lines from `at`; blank lines (and comments) count only between such lines. */
function endOfIndented(yaml: string, at: number, { keepBlanks = false, comments, items = false }: Indented): number {
  let last = at;
  for (let line = at; line < yaml.length; ) {
    const end = endOfLine(yaml, line);
    const text = yaml.slice(line, end);
    const isBlank = /^[ \t]*\r?\n?$/.test(text);
    const isMember = isBlank ? keepBlanks : /^[ \t]/.test(text) || (items && /^-(?=[ \t\r\n]|$)/.test(text));
    const isComment = comments !== "content" && /^[ \t]*#/.test(text);
    if (isMember && !isComment) last = end;
    else if (!isBlank && !(isComment && comments === "skip")) return last;
    line = end;
  }
  return last;
}
