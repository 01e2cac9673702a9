import { isNamed, type Line, readLines, sectionsOf, unclosedFence } from "../text/markdown.ts";
import { splitDocument } from "../text/splitDocument.ts";
import { findTitle } from "../text/title.ts";

/** A text that a tracker brings is not taken longer than this; in characters. */
export const MAX_TRACKED = 512 * 1024;

const NOTES = /^\\*##[ \t]+notes[ \t]*$/i;
const TITLE = /^\\*#[ \t]+\S/;

/** What a tracker has as an item's text: all of a ticket's but its title and its notes. */
export function trackedText(source: string): string {
  const { before, after, isTitled } = partsOf(source);
  return joined([before, after].map((part) => tidy(unescaped(part, isTitled))));
}

/**
 * Puts a text in place of what {@link trackedText} reads; title and notes stay as they are. It has to be one that
 * {@link fitText} made. Lines that would be a title or notes of ours get a backslash.
 */
export function withTrackedText(source: string, text: string): string {
  if (trackedText(source) === text) return source;
  const { head, notes, isTitled } = partsOf(source);
  const { eol } = splitDocument(source);
  const block = escaped(text, isTitled);
  const parts = [head.trimEnd(), block, notes.trim()].filter((part) => part !== "");
  // Above the first line of a body stands nothing but the front matter, whose end it is.
  const lead = head.trim() === "" ? head : "";
  return `${lead}${parts.map((part) => part.replaceAll(/\r?\n/g, eol)).join(eol + eol)}${eol}`;
}

/** A text as a ticket can hold it: what would break the file is made harmless, and what is too long is cut. */
export function fitText(text: string): string {
  const plain = text
    .replaceAll(/\p{Cs}/gu, "\uFFFD")
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\P{Cc}\n\t]|[\u2028\u2029]/gu, " ");
  const short =
    plain.length <= MAX_TRACKED ? plain : `${plain.slice(0, MAX_TRACKED)}\n\n(cut here: the tracker has the rest)`;
  const calm = short.replaceAll(/^(<{7}|>{7})(?=[ \n]|$)/gm, "\\$1");
  const fence = unclosedFence(calm);
  return tidy(fence === undefined ? calm : `${calm.trimEnd()}\n${fence}`);
}

interface Parts {
  /** Up to the title's line and with it. */
  readonly head: string;
  readonly before: string;
  /** All sections of notes. */
  readonly notes: string;
  readonly after: string;
  readonly isTitled: boolean;
}

function partsOf(source: string): Parts {
  const { body } = splitDocument(source);
  const lines = readLines(source, body);
  const title: Line | undefined = findTitle(lines);
  const top = title?.end ?? body;
  const sections = sectionsOf(lines).filter((one) => one.start >= top && isNamed(one, "Notes"));
  const [first] = sections;
  const rest: string[] = [];
  for (const [at, { end }] of sections.entries())
    rest.push(source.slice(end, sections[at + 1]?.start ?? source.length));
  return {
    head: source.slice(0, top),
    before: source.slice(top, first?.start ?? source.length),
    notes: sections.map(({ start, end }) => source.slice(start, end).trim()).join("\n\n"),
    after: rest
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .join("\n\n"),
    isTitled: title !== undefined,
  };
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n\n");

/** Without blank lines at its ends, and with plain line ends. */
function tidy(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
}

const isSpecial = (line: string, isTitled: boolean): boolean => NOTES.test(line) || (!isTitled && TITLE.test(line));

function escaped(text: string, isTitled: boolean): string {
  return mapped(text, (line) => (isSpecial(line, isTitled) ? `\\${line}` : line));
}

function unescaped(text: string, isTitled: boolean): string {
  return mapped(text, (line) => (line.startsWith("\\") && isSpecial(line, isTitled) ? line.slice(1) : line));
}

function mapped(text: string, change: (line: string) => string): string {
  return readLines(text, 0)
    .map((line) => (line.fenced ? line.text : change(line.text)))
    .join("\n");
}
