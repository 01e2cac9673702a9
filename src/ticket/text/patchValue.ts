import { formatList, formatQuoted, formatScalar, isLone } from "./formatScalar.ts";
import { type Entry, endOfLine } from "./scanFrontMatter.ts";

/** How a value is written where the file gives no style. */
export interface ValueOptions {
  /** Leaves ISO times unquoted. */
  readonly time: boolean;
  /** Writes a list of one as a scalar, as tk writes an assignee. */
  readonly alone: boolean;
  /** A scalar is read as a list of one, so that a list of one may stay a scalar. */
  readonly words: boolean;
  /** The text is a number, and stays one for other readers. */
  readonly number: boolean;
}

/** A new value as text for a line of its own. */
export function formatValue(value: string | readonly string[], { time, alone, number }: ValueOptions): string {
  if (typeof value === "string") return number ? value : formatScalar(value, { time });
  return alone && isLone(value) ? formatScalar(value[0]) : formatList(value);
}

/**
 * The YAML with another value for `entry`, in the style the old one has; comments, and the lines and items of a list
 * that stay in it, keep their bytes.
 */
export function patchValue(
  yaml: string,
  entry: Entry,
  value: string | readonly string[],
  options: ValueOptions,
): string {
  const isQuoted = entry.style === "single" || entry.style === "double";
  const quote = entry.style === "double" ? '"' : "'";
  if (typeof value === "string")
    return replaceValue(yaml, entry, isQuoted ? formatQuoted(value, quote) : formatValue(value, options));
  if (entry.style === "list") return patchLines(yaml, entry, value);
  if (entry.style === "flow" && yaml[entry.value.start] === "[") {
    return replaceValue(yaml, entry, patchFlow(yaml.slice(entry.value.start, entry.value.end), value));
  }
  if (options.words && isLone(value) && (isQuoted || entry.style === "plain")) {
    return replaceValue(yaml, entry, isQuoted ? formatQuoted(value[0], quote) : formatScalar(value[0]));
  }
  return replaceValue(yaml, entry, formatValue(value, options));
}

/** The YAML with another text in place of an entry's value, whatever its style. */
export function replaceValue(yaml: string, { style, colon, value, lineEnd, end }: Entry, text: string): string {
  if (style === "plain" || style === "single" || style === "double" || style === "flow") {
    return yaml.slice(0, value.start) + text + yaml.slice(value.end);
  }
  if (style === "scalarBlock") {
    return yaml.slice(0, value.start) + text + yaml.slice(value.end, lineEnd) + yaml.slice(end);
  }
  const rest = yaml.slice(yaml[value.start] === "#" ? colon : value.start, lineEnd);
  return `${yaml.slice(0, colon)} ${text}${rest}${yaml.slice(end)}`;
}

interface Item {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

const ITEM = /^([ \t]*)-([ \t]+)([^\r\n]*)/;

/** Changes a list of `- item` lines by whole lines. */
function patchLines(yaml: string, entry: Entry, wanted: readonly string[]): string {
  const { items, lead, eol } = itemsOf(yaml, entry);
  const first = items[0];
  const last = items.at(-1);
  if (first === undefined || last === undefined) return replaceValue(yaml, entry, formatList(wanted));
  if (wanted.length === 0) {
    const rest = yaml.slice(yaml[entry.value.start] === "#" ? entry.colon : entry.value.start, entry.lineEnd);
    const others = without(yaml, items, entry.lineEnd, entry.end);
    return `${yaml.slice(0, entry.colon)} []${rest}${others}${yaml.slice(entry.end)}`;
  }
  const line = (value: string) => `${lead}${formatScalar(value)}${eol}`;
  const kept = wanted.flatMap((value) => items.find((item) => item.value === value) ?? []);
  const isInOrder = kept.every((item, n) => item === items.filter((one) => kept.includes(one))[n]);
  if (isInOrder && kept.every((item, n) => item.value === wanted[n])) {
    const gone = items.filter((item) => !kept.includes(item));
    const added = wanted.slice(kept.length).map(line).join("");
    const edge = kept.at(-1)?.end ?? last.end;
    return (
      yaml.slice(0, first.start) +
      without(yaml, gone, first.start, edge) +
      added +
      without(yaml, gone, edge, yaml.length)
    );
  }
  const lines = wanted.map((value) => {
    const item = items.find((one) => one.value === value);
    return item === undefined ? line(value) : yaml.slice(item.start, item.end);
  });
  return yaml.slice(0, first.start) + lines.join("") + without(yaml, items, first.start, yaml.length);
}

/** The text from `from` to `to` without the lines of `items`. */
function without(yaml: string, items: readonly Item[], from: number, to: number): string {
  let text = "";
  let at = from;
  for (const { start, end } of items) {
    if (start < from || start >= to) continue;
    text += yaml.slice(at, start);
    at = end;
  }
  return text + yaml.slice(at, to);
}

/** The items of a block list with their own lines, and what stands before an item (`  - `). */
function itemsOf(yaml: string, { lineEnd, end }: Entry): { items: Item[]; lead: string; eol: string } {
  const items: { start: number; end: number; value: string }[] = [];
  const lines = linesOf(yaml, lineEnd, end);
  const first = lines.map(({ text }) => ITEM.exec(text)).find((match) => match !== null);
  const [, indent = "", gap = " "] = first ?? [];
  for (const { text, start, stop } of lines) {
    const [, space, , value] = ITEM.exec(text) ?? [];
    const last = items.at(-1);
    if (value !== undefined && space === indent) items.push({ start, end: stop, value: decode(value) });
    else if (last !== undefined && !/^[ \t]*(?:#|\r?\n?$)/.test(text)) last.end = stop;
  }
  return { items, lead: `${indent}-${gap}`, eol: yaml.slice(lineEnd - 2, lineEnd) === "\r\n" ? "\r\n" : "\n" };
}

function linesOf(yaml: string, from: number, to: number): { text: string; start: number; stop: number }[] {
  const lines: { text: string; start: number; stop: number }[] = [];
  for (let start = from; start < to; start = endOfLine(yaml, start)) {
    const stop = endOfLine(yaml, start);
    lines.push({ text: yaml.slice(start, stop), start, stop });
  }
  return lines;
}

/** Rewrites a flow list, with the items that stay as they are written, and the padding inside the brackets. */
function patchFlow(flow: string, wanted: readonly string[]): string {
  const raw = /[\r\n{]/.test(flow)
    ? []
    : (flow.slice(1, -1).match(/(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|[^,'"]|\b['"])+/g) ?? []);
  const written = new Map(raw.map((item) => [decode(item), item.trim()] as const));
  const items = wanted.map((value) => written.get(value) ?? formatScalar(value, { flow: true }));
  if (items.length === 0) return "[]";
  const pad = /^\[ .* \]$/.test(flow) ? " " : "";
  const comma = /,/.test(flow) && !/,\s/.test(flow) ? "," : ", ";
  return `[${pad}${items.join(comma)}${pad}]`;
}

/** The text that a scalar on one line stands for, as far as that can be said without a parser. */
function decode(raw: string): string {
  const text = raw.trim();
  if (text.startsWith("'")) return (/^'((?:[^']|'')*)'/.exec(text)?.[1] ?? text).replaceAll("''", "'");
  if (text.startsWith('"')) {
    try {
      return String(JSON.parse(/^"(?:[^"\\]|\\.)*"/.exec(text)?.[0] ?? text));
    } catch {
      return text;
    }
  }
  const comment = text.search(/[ \t]#/);
  return (comment < 0 ? text : text.slice(0, comment)).trimEnd();
}
