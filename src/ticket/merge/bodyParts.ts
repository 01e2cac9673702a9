import { isNamed, type Line, readLines, type Section, sectionsOf } from "../text/markdown.ts";
import { splitDocument } from "../text/splitDocument.ts";
import { findTitle } from "../text/title.ts";

/** The sections that are merged by what is in them; all else is text. */
export const PART_NAMES = { criteria: "Acceptance Criteria", notes: "Notes" } as const;
export type PartName = keyof typeof PART_NAMES;

/** The line of a heading, and the blank lines before it. */
export interface Heading {
  readonly raw: string;
  readonly gap: readonly string[];
}

/** A section of criteria or notes. */
export interface Part extends Heading {
  readonly name: PartName;
  /** The lines below the heading, without blank ones at the end. */
  readonly lines: readonly BodyLine[];
  /** The heading in `Body.text` that it stands before. */
  readonly before: string | undefined;
}

/** A line as it is written, without its line break. */
export interface BodyLine {
  readonly raw: string;
  readonly fenced: boolean;
}

/** A text below a front matter, taken apart so that its parts can be merged on their own. */
export interface Body {
  /** Lines, and for headings the keys that `headings` has: a heading brings the blank lines before it along. */
  readonly text: readonly string[];
  readonly headings: ReadonlyMap<string, Heading>;
  readonly title: string | undefined;
  readonly parts: ReadonlyMap<string, Part>;
  /** What comes after the last line that is not blank. */
  readonly tail: string;
}

/** The key of the title's line. */
export const TITLE = "\u0002";
const HEADING = "\u0001";

/** Takes the text below a front matter apart. */
export function splitBody(source: string): Body {
  const { body } = splitDocument(source);
  const lines = readLines(source, body);
  const sections = sectionsOf(lines);
  const title = findTitle(lines);
  const linesIn = (all: readonly Line[]) =>
    all.map(({ start, end, fenced }) => ({ raw: rawOf(source, start, end), fenced }));
  const above = linesIn(lines.filter(({ start }) => start < (sections[0]?.start ?? source.length)));
  const text: string[] = above.slice(0, lengthOf(above)).map(({ raw }) => raw);
  const headings = new Map<string, Heading>();
  const parts = new Map<string, Part>();
  let gap = above.slice(text.length);
  for (const section of sections) {
    const below = linesIn(section.lines);
    const kept = below.slice(0, lengthOf(below));
    const raw = rawOf(source, section.start, section.content);
    const head = { raw, gap: gap.map((line) => line.raw) };
    const name = partName(section);
    if (name === undefined) {
      const key = section.start === title?.start ? TITLE : keyFor(headings, raw);
      headings.set(key, head);
      text.push(key, ...kept.map((line) => line.raw));
      putBefore(parts, key);
    } else parts.set(partKey(parts, name), { name, ...head, lines: kept, before: undefined });
    gap = below.slice(kept.length);
  }
  const tail = source.slice(endOfText(source, body));
  return { text, headings, title: headings.get(TITLE)?.raw, parts, tail };
}

function rawOf(source: string, start: number, end: number): string {
  return source.slice(start, source[end - 1] === "\n" ? end - 1 : end);
}

/** Where the last line ends that is not blank. */
function endOfText(source: string, from: number): number {
  let end = source.length;
  while (end > from && " \t\r\n".includes(source[end - 1] as string)) end--;
  if (end === from) return from;
  const newline = source.indexOf("\n", end);
  return newline < 0 ? source.length : newline;
}

/** What stands above the first heading that follows stays above it. */
function putBefore(parts: Map<string, Part>, heading: string): void {
  for (const [key, part] of parts) if (part.before === undefined) parts.set(key, { ...part, before: heading });
}

/** How many lines there are up to the last one that is not blank. */
function lengthOf(lines: readonly BodyLine[]): number {
  return lines.findLastIndex(({ raw }) => !isBlank(raw)) + 1;
}

/** Puts a body together again; the parts in their order. */
export function joinBody({ text, headings, parts, tail }: Omit<Body, "title">): string {
  const at = new Map<string | undefined, Part[]>();
  for (const part of parts.values()) {
    const before = part.before !== undefined && text.includes(part.before) ? part.before : undefined;
    at.set(before, [...(at.get(before) ?? []), part]);
  }
  const linesOf = (part: Part): string[] => [...part.gap, part.raw, ...part.lines.map(({ raw }) => raw)];
  const lines = text.flatMap((key) => {
    const heading = headings.get(key);
    return heading === undefined ? [key] : [...(at.get(key) ?? []).flatMap(linesOf), ...heading.gap, heading.raw];
  });
  return [...lines, ...(at.get(undefined) ?? []).flatMap(linesOf)].join("\n") + tail;
}

/** Whether a line has nothing on it. */
export function isBlank(line: string): boolean {
  return /^[ \t\r]*$/.test(line);
}

function partName(section: Section): PartName | undefined {
  return (Object.keys(PART_NAMES) as PartName[]).find((name) => isNamed(section, PART_NAMES[name]));
}

function partKey(parts: ReadonlyMap<string, Part>, name: PartName): string {
  let n = 1;
  while (parts.has(`${name} ${n}`)) n++;
  return `${name} ${n}`;
}

function keyFor(headings: ReadonlyMap<string, Heading>, raw: string): string {
  let key = HEADING + raw;
  while (headings.has(key)) key += HEADING;
  return key;
}
