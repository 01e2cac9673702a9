import matter from "gray-matter";
import { CORE_SCHEMA, dump, FAILSAFE_SCHEMA, load, type Schema, YAMLException } from "js-yaml";
import { AyoError, type ErrorCode } from "../../error.ts";
import { toJson, type Values, withQuoted } from "../jsonValues.ts";
import type { Json } from "../ticket.ts";
import { UNSETTLED } from "./conflictMarkers.ts";
import { mendYaml } from "./mendYaml.ts";

/** Which file a YAML text is from and which line of it, from 1, the text's first line is. */
export interface YamlSource {
  readonly path: string;
  readonly firstLine: number;
}

/** Larger front matter, or longer runs of blank lines in it, are no ticket but an attack on the parser. */
const MAX_LENGTH = 256 * 1024;
const MAX_BLANK_LINES = 500;
/** How many values aliases may multiply into. */
const MAX_NODES = 20_000;
const MAX_DEPTH = 100;
/** Ends the text for gray-matter, which would otherwise end it at any line that begins with dashes; YAML forbids it. */
const NEVER = "\u0001";

/**
 * The values of a front matter, every scalar as the text it is written as: ids like `1e3` and `no` stay themselves.
 * @throws bad_ticket with path, line and column of what YAML or ayo refuses
 */
export function parseFrontMatter(yamlText: string, source: YamlSource): Values {
  const text = withLineFeeds(yamlText);
  const fail = failWith("bad_ticket", source);
  assertHarmless(text, fail);
  const [read, yaml] = readMended(text, fail);
  const value = limitNodes(read, fail);
  if (value === null || value === "") return Object.create(null);
  if (typeof value === "object" && !Array.isArray(value)) return withTypes(value as Record<string, unknown>, yaml);
  throw fail("front matter is no mapping: write one 'key: value' a line", 0);
}

/**
 * The value of a YAML text such as config.yml, with YAML 1.2's numbers, booleans and nulls.
 * @throws bad_config with path, line and column
 */
export function parseYaml(text: string, source: YamlSource): unknown {
  const fail = failWith("bad_config", source);
  const yaml = withLineFeeds(text.replace(/^\uFEFF/, ""));
  assertHarmless(yaml, fail);
  try {
    return limitNodes(loadYaml(yaml, CORE_SCHEMA), fail);
  } catch (error) {
    throw explain(error, yaml, fail);
  }
}

/** A YAML text with these values, as {@link parseYaml} reads them: one key a line. */
export function formatYaml(values: Readonly<Record<string, unknown>>): string {
  return Object.keys(values).length === 0 ? "" : dump(values, { schema: CORE_SCHEMA });
}

/** Without the CR of each line's end; one before that is a line break of its own to YAML, and stays. */
function withLineFeeds(text: string): string {
  return text.replaceAll(/(?<!\r)\r\n/g, "\n");
}

type Fail = (message: string, line: number | undefined, column?: number) => AyoError;

/** Makes errors with the line, counted from 0 in the YAML, as the line in the file. */
function failWith(code: ErrorCode, { path, firstLine }: YamlSource): Fail {
  return (message, line, column) => {
    const place = { path, line: firstLine + (line ?? 0), ...(column === undefined ? {} : { column: column + 1 }) };
    return new AyoError(code, message, { data: place });
  };
}

function assertHarmless(text: string, fail: Fail): void {
  if (text.length > MAX_LENGTH)
    throw fail(`more than ${MAX_LENGTH / 1024} KiB of YAML: move long text below the front matter`, 0);
  let blanks = 0;
  for (const [n, line] of text.split("\n").entries()) {
    if (line.includes(NEVER)) throw fail("control characters are not allowed in YAML: remove them", n);
    if (/^(?:<{7}|>{7}|\|{7})(?: |$)|^={7}$/.test(line)) {
      throw fail(UNSETTLED, n);
    }
    blanks = line.trim() === "" ? blanks + 1 : 0;
    if (blanks > MAX_BLANK_LINES) throw fail(`more than ${MAX_BLANK_LINES} blank lines in a row: remove them`, n);
  }
}

/** Adds what a JSON reader is to get where quotes make a text of what would be a number without them. */
function withTypes(values: Record<string, unknown>, yaml: string): Values {
  if (!/['"]|: +[|>!]/.test(yaml)) return values;
  // Keys such as `1e3` and `1000`, or `~` and nothing, are two texts and one key of YAML: the last one counts.
  const typed = loadYaml(yaml, CORE_SCHEMA, true);
  const quoted = new Map<string, Json>();
  for (const [key, value] of Object.entries(values)) quoted.set(key, asTyped(value, partOf(typed, key)));
  return withQuoted(values, quoted);
}

/** A value as JSON; a text that YAML takes for text stays one. */
function asTyped(value: unknown, typed: unknown): Json {
  if (typeof value === "string") return typeof typed === "string" ? value : toJson(value);
  if (Array.isArray(value)) return value.map((item, at) => asTyped(item, partOf(typed, at)));
  const object: Record<string, Json> = Object.create(null);
  for (const [key, child] of Object.entries(value as object)) object[key] = asTyped(child, partOf(typed, key));
  return object;
}

/** What YAML has under a key; undefined where it names the key otherwise (`1e3` is its 1000), which tells nothing. */
function partOf(typed: unknown, key: string | number): unknown {
  return typeof typed === "object" && typed !== null ? (typed as Readonly<Record<string, unknown>>)[key] : undefined;
}

/** Parses, and where YAML refuses that, once more with what people usually mean. Returns the text that was read, too. */
function readMended(text: string, fail: Fail): [value: unknown, yaml: string] {
  try {
    return [throughGrayMatter(text), text];
  } catch (error) {
    const mended = mendYaml(text);
    if (mended === text) throw explain(error, text, fail);
    try {
      return [throughGrayMatter(mended), mended];
    } catch (second) {
      throw explain(second, mended, fail);
    }
  }
}

/** Always with options: without them gray-matter answers from a cache that turns errors into empty objects. */
function throughGrayMatter(text: string): unknown {
  const refuse = (): never => {
    throw new Error("front matter is only read as YAML");
  };
  return matter(`---\n${text}`, {
    language: "yaml",
    delimiters: ["---", NEVER],
    engines: {
      yaml: (yaml: string) => loadYaml(yaml.replace(/^\n/, ""), FAILSAFE_SCHEMA) as object,
      javascript: refuse,
      js: refuse,
      coffee: refuse,
      coffeescript: refuse,
      cson: refuse,
      json: refuse,
      toml: refuse,
    },
  }).data;
}

function loadYaml(text: string, schema: Schema, maySayTwice = false): unknown {
  const isEmpty = text.split("\n").every((line) => /^\s*(?:#|$)/.test(line));
  return isEmpty ? null : load(text, { schema, maxAliases: 1000, json: maySayTwice });
}

function explain(error: unknown, text: string, fail: Fail): AyoError {
  if (error instanceof AyoError) return error;
  if (!(error instanceof YAMLException)) return fail(`not readable as YAML: ${(error as Error).message}`, 0);
  const { reason, mark } = error;
  return fail(`${advice(reason, text, mark?.line)}`, mark?.line, mark?.column);
}

function advice(reason: string, text: string, line = 0): string {
  if (/duplicated mapping key/.test(reason)) {
    const key = text.split("\n")[line]?.split(":", 1)[0]?.trim();
    return `the key '${key}' is there twice: keep one of the lines`;
  }
  if (/\btag\b/.test(reason)) return `YAML tags are not allowed (${reason}): remove the tag or quote the value`;
  if (/single document/.test(reason)) return "more than one YAML document: remove the --- or ... line inside";
  if (/complex key/.test(reason)) return "keys must be plain words: rewrite the line as 'key: value'";
  return `not valid YAML (${reason}): quote the value if it holds ': ', ' #', quotes or brackets`;
}

/** Copies a parsed value into objects without prototype; aliases are counted as often as they are used. */
function limitNodes(value: unknown, fail: Fail): unknown {
  let nodes = 0;
  const copy = (node: unknown, depth: number): unknown => {
    if (depth > MAX_DEPTH)
      throw fail(`an alias stands inside its own value, or values are nested deeper than ${MAX_DEPTH}`, 0);
    if (++nodes > MAX_NODES)
      throw fail(`aliases make more than ${MAX_NODES} values of this: write it out without them`, 0);
    if (Array.isArray(node)) return node.map((item) => copy(item, depth + 1));
    if (typeof node !== "object" || node === null) return node;
    const object: Record<string, unknown> = Object.create(null);
    for (const [key, child] of Object.entries(node)) object[key] = copy(child, depth + 1);
    return object;
  };
  return copy(value, 0);
}
