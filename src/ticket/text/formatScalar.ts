import { isPlain, isPlainLine, isPrintableAscii } from "./plainFrontMatter.ts";

/** Text that YAML 1.1 or 1.2 readers take for null, a boolean, a number, a date or a time. */
const TYPED = [
  /^(?:~|null|true|false|yes|no|on|off|y|n)$/i,
  /^[-+]?(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:e[-+]?\d+)?$/i,
  /^[-+]?(?:\d[\d_]*\.[\d_]*|\.[\d_]+)(?:e[-+]?\d+)?$/i,
  /^[-+]?0(?:x[\da-f_]+|o?[0-7_]+|b[01_]+)$/i,
  /^[-+]?\.(?:inf|nan)$/i,
  /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/,
  /^\d{4}-\d\d?-\d\d?(?:$|[Tt\s])/,
];
/** Times as tk writes them, without quotes. */
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)?$/;

/** How a scalar is to be written; `time` leaves ISO times unquoted, `flow` is for an item of `[a, b]`. */
export interface ScalarOptions {
  readonly time?: boolean;
  readonly flow?: boolean;
}

/** A YAML scalar that readers of YAML 1.1 and 1.2 take for exactly this text; plain where possible. */
export function formatScalar(value: string, { time = false, flow = false }: ScalarOptions = {}): string {
  if (time && TIME.test(value)) return value;
  const isSafe = (flow ? isPlain(value) : isPlainLine(value)) && !TYPED.some((typed) => typed.test(value));
  return isSafe && !value.startsWith("...") ? value : formatQuoted(value, "'");
}

/** The scalar in these quotes, or in double ones where single ones cannot hold it. */
export function formatQuoted(value: string, quote: "'" | '"'): string {
  const single = (): string => `'${value.replaceAll("'", "''")}'`;
  if (isPrintableAscii(value)) return quote === "'" ? single() : JSON.stringify(value);
  // What cannot stand in a single-quoted scalar of one line.
  const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFEFF\uFFFE\uFFFF]/gu;
  if (quote === "'" && value.search(unprintable) < 0) return single();
  const codeOf = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replaceAll(unprintable, codeOf);
}

/** A flow list on one line: `[a, 'b: c']`. */
export function formatList(items: readonly string[]): string {
  return `[${items.map((item) => formatScalar(item, { flow: true })).join(", ")}]`;
}

/** Whether a list can be written as the scalar of its one item, and read back as that list. */
export function isLone(items: readonly string[]): items is readonly [string] {
  return items.length === 1 && !/,|^(?:~|null)?$/.test(items[0] ?? "");
}

/** A key as it stands before its colon. */
export function formatKey(key: string): string {
  const isSafe = /^[A-Za-z_][\w.-]*$/.test(key) && key.length < 60 && !TYPED.some((typed) => typed.test(key));
  return isSafe ? key : formatQuoted(key, "'");
}
