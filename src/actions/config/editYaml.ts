import { isDeepStrictEqual } from "node:util";
import { formatKey, formatScalar } from "../../ticket/text/formatScalar.ts";
import { parseYaml } from "../../ticket/text/frontMatter.ts";
import { setScalar } from "./setScalar.ts";

type Mapping = Readonly<Record<string, unknown>>;

/** The lines of a key and of all below it: from `first` up to `end`. */
interface Span {
  readonly first: number;
  readonly end: number;
  readonly indent: number;
}

/** A value of one line is not longer than this, or it gets a line for each of its parts. */
const MAX_FLOW = 100;

/**
 * The text of config.yml with what is at `path` as `wanted` has it, or without it where `wanted` has nothing there, and
 * with every other line kept. Of what could be changed the smallest part is; undefined where it is written in a way
 * that cannot be changed by lines.
 */
export function editYaml(text: string, path: readonly string[], wanted: Mapping): string | undefined {
  const isRight = (edited: string | undefined): edited is string => edited !== undefined && says(edited, wanted);
  const value = valueAt(wanted, path);
  if (typeof value === "string" && path.length <= 2 && path.every((name) => /^[\w]+$/.test(name))) {
    const edited = setScalar(text, path.join("."), value);
    if (isRight(edited)) return edited;
  }
  for (let depth = path.length; depth > 0; depth--) {
    const edited = replaceAt(text, path.slice(0, depth), writtenAt(wanted, path.slice(0, depth)));
    if (isRight(edited)) return edited;
  }
  return undefined;
}

/** The value at a path; undefined where there is none, or null. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return writtenAt(value, path) ?? undefined;
}

/** The same, with the null that is written there. */
export function writtenAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Mapping)[name];
  }
  return found;
}

/** The mapping with a value at a path, or without it and without what has become empty above it. */
export function withValue(from: Mapping, [name = "", ...rest]: readonly string[], value: unknown): Mapping {
  const { [name]: old, ...others } = from;
  const isMap = typeof old === "object" && old !== null && !Array.isArray(old);
  const inner = rest.length === 0 ? value : withValue(isMap ? (old as Mapping) : {}, rest, value);
  const isGone = inner === undefined || (value === undefined && isDeepStrictEqual(inner, {}));
  return isGone ? others : { ...from, [name]: inner };
}

function says(text: string, wanted: Mapping): boolean {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? {}));
  try {
    return isDeepStrictEqual(plain(parseYaml(text, { path: "config.yml", firstLine: 1 })), plain(wanted));
  } catch {
    // An edit that YAML does not take is none; what is tried next may be.
    return false;
  }
}

function replaceAt(text: string, path: readonly string[], value: unknown): string | undefined {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  if (lines.at(-1) === "") lines.pop();
  let room: Span = { first: -1, end: lines.length, indent: -1 };
  for (const [at, name] of path.entries()) {
    const found = findKey(lines, room, name);
    if (found !== undefined && at < path.length - 1 && !isOpen(lines[found.first] as string)) return undefined;
    if (found !== undefined) {
      room = found;
      continue;
    }
    if (at < path.length - 1 || value === undefined) return undefined;
    lines.splice(room.end, 0, ...formatEntry(name, value, childIndent(lines, room)));
    return lines.map((line) => line + eol).join("");
  }
  const comment = /[ \t]+#[^'"]*$/.exec(lines[room.first] as string)?.[0] ?? "";
  const [head = "", ...below] = value === undefined ? [] : formatEntry(path.at(-1) as string, value, room.indent);
  lines.splice(room.first, room.end - room.first, ...(value === undefined ? [] : [head + comment, ...below]));
  return lines.map((line) => line + eol).join("");
}

/** Where the lines of a key begin and end, among those of the mapping that it stands in. */
function findKey(lines: readonly string[], room: Span, name: string): Span | undefined {
  const indent = childIndent(lines, room);
  const spelled = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const key = new RegExp(`^(["']?)${spelled}\\1[ \\t]*:(?=\\s|$)`);
  for (let at = room.first + 1; at < room.end; at++) {
    const line = lines[at] as string;
    if (indentOf(line) === indent && key.test(line.slice(indent)))
      return { first: at, end: endOf(lines, at, room), indent };
  }
  return undefined;
}

/** A list may stand as far left as its key; comments and blank lines at the end are of what comes next. */
function endOf(lines: readonly string[], first: number, room: Span): number {
  const indent = indentOf(lines[first] as string);
  let end = first + 1;
  for (let at = first + 1; at < room.end; at++) {
    const line = lines[at] as string;
    if (isBlank(line)) continue;
    const isItem = indentOf(line) === indent && /^-(?:\s|$)/.test(line.slice(indent)) && isOpen(lines[first] as string);
    if (indentOf(line) <= indent && !isItem) break;
    end = at + 1;
  }
  return end;
}

function childIndent(lines: readonly string[], { first, end, indent }: Span): number {
  const child = lines.slice(first + 1, end).find((line) => !isBlank(line));
  return child === undefined ? indent + (indent < 0 ? 1 : 2) : indentOf(child);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function isBlank(line: string): boolean {
  return /^\s*(?:#|$)/.test(line);
}

/** A key whose value is in the lines below it. */
function isOpen(line: string): boolean {
  return /:[ \t]*(?:#.*)?$/.test(line);
}

function formatEntry(key: string, value: unknown, indent: number): string[] {
  const head = `${" ".repeat(indent)}${formatKey(key)}:`;
  const flow = formatFlow(value);
  const isLong = head.length + flow.length > MAX_FLOW;
  if (Array.isArray(value) && (isLong || value.some((item) => typeof item === "object")))
    return [head, ...value.map((item) => `${" ".repeat(indent + 2)}- ${formatFlow(item)}`)];
  if (typeof value === "object" && value !== null && isLong)
    return [head, ...Object.entries(value).flatMap(([name, child]) => formatEntry(name, child, indent + 2))];
  return [`${head} ${flow}`];
}

function formatFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatFlow).join(", ")}]`;
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? formatScalar(value, { flow: true }) : String(value);
  const entries = Object.entries(value).map(([key, child]) => `${formatKey(key)}: ${formatFlow(child)}`);
  return `{${entries.join(", ")}}`;
}
