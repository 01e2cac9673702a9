import { AyoError } from "../../error.ts";
import { isNone, type Values } from "../jsonValues.ts";
import { dueEnd } from "../moments.ts";
import { isColor, PROJECT_COLORS, PROJECT_STATES, type Project, type ProjectState, projectPath } from "../project.ts";
import { assertSettled } from "./conflictMarkers.ts";
import { type FrontMatterParser, readBody, readValues } from "./parseTicket.ts";
import { scanFrontMatter } from "./scanFrontMatter.ts";
import { splitDocument } from "./splitDocument.ts";
import { titleOf } from "./title.ts";

/** What is wrong with a value, as a sentence without its key. */
type Fault = string;

const KEYS = ["name", "color", "status", "lead", "due"] as const;
type Key = (typeof KEYS)[number];

/** What each key must be besides one text. */
const RULES: { readonly [K in Key]?: (value: string) => Fault | undefined } = {
  color: (value) => (isColor(value) ? undefined : `is neither ${PROJECT_COLORS.join(", ")} nor '#rrggbb'`),
  status: (value) =>
    (PROJECT_STATES as readonly string[]).includes(value) ? undefined : `is not one of ${PROJECT_STATES.join(", ")}`,
  due: (value) => (dueEnd(value) === undefined ? "is no date: write 2026-12-31" : undefined),
};

/**
 * Reads a project's file. Keys that are not known are left to whoever wrote them; without a front matter all is
 * description.
 * @throws NeedsYaml as parseTicket does; bad_ticket with path and line for a value that its key cannot have
 */
export function parseProject(source: string, slug: string, frontMatter?: FrontMatterParser): Project {
  const path = projectPath(slug);
  assertSettled(source, path);
  const hasFront = /^\uFEFF?---/.test(source);
  const values = hasFront ? readValues(source, path, frontMatter) : {};
  const read = (key: Key): string | undefined => readKey(source, values, key, path);
  const body = readBody(source);
  const { name, color, status, lead, due } = Object.fromEntries(KEYS.map((key) => [key, read(key)])) as {
    readonly [K in Key]: string | undefined;
  };
  return {
    slug,
    name: name ?? titleOf(body) ?? slug,
    color: color?.toLowerCase() ?? null,
    status: (status as ProjectState | undefined) ?? "active",
    lead: lead ?? null,
    due: due ?? null,
    was: readWas(source, values, path),
    description: body.trim(),
  };
}

/** @throws bad_ticket */
function readKey(source: string, values: Values, key: Key, path: string): string | undefined {
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  const fail = (fact: string) =>
    new AyoError("bad_ticket", `${key} ${fact}`, { data: { path, line: lineOf(source, key) } });
  if (isNone(value)) {
    // YAML takes what begins with # for a comment.
    if (key === "color" && /^color:[ \t]+#/m.test(frontText(source))) throw fail("needs quotes: color: '#1f77b4'");
    return undefined;
  }
  if (typeof value !== "string") throw fail("takes one text");
  const text = value.replaceAll(/\s+/g, " ").trim();
  const fault = RULES[key]?.(key === "color" ? text.toLowerCase() : text);
  if (fault !== undefined) throw fail(`'${text}' ${fault}`);
  return text;
}

/** One old slug, or a list of them. @throws bad_ticket */
function readWas(source: string, values: Values, path: string): readonly string[] {
  const value = Object.hasOwn(values, "was") ? values.was : undefined;
  const words: readonly unknown[] = isNone(value) ? [] : [value].flat();
  if (words.every((word): word is string => typeof word === "string")) return words;
  throw new AyoError("bad_ticket", "was takes a slug, or a list of them", {
    data: { path, line: lineOf(source, "was") },
  });
}

function frontText(source: string): string {
  const { front } = splitDocument(source);
  return front === null ? "" : source.slice(front.start, front.end);
}

/** The line of the file that a key stands in. */
function lineOf(source: string, key: string): number {
  const front = frontText(source);
  const entry = scanFrontMatter(front)?.find((one) => one.key === key);
  return entry === undefined ? 1 : 2 + front.slice(0, entry.start).split("\n").length - 1;
}
