import { isNamed, type Line, readLines, sectionsOf, unclosedFence } from "./markdown.ts";
import { type FrontMatterParser, readValues } from "./parseTicket.ts";
import { patchFields } from "./patchTicket.ts";
import { splitDocument } from "./splitDocument.ts";
import { findTitle } from "./title.ts";

/** The H2 sections that end a description. */
const SECTIONS = ["Design", "Acceptance Criteria", "Notes"];

/**
 * Puts `title` in place of the first `# ` heading, else of the `title:` key, else as a heading above the body.
 * @throws NeedsYaml and bad_ticket where there is no heading, unpatchable where the key cannot be changed
 */
export function setTitle(source: string, title: string, path: string, frontMatter?: FrontMatterParser): string {
  const { body, eol } = splitDocument(source);
  const text = title.replaceAll(/\s*[\r\n]+\s*/g, " ").trim();
  const line = findTitle(readLines(source, body));
  if (line !== undefined) {
    return `${source.slice(0, line.start)}# ${text}${source.slice(line.start + line.text.length)}`;
  }
  const { title: key } = readValues(source, path, frontMatter);
  if (typeof key === "string" && key !== "") return patchFields(source, { title: text }, path, frontMatter);
  const rest = source.slice(body);
  const above = body === 0 || source[body - 1] === "\n" || source[body - 1] === "\uFEFF" ? "" : eol;
  const below = /^[ \t]*(?:\r?\n|$)/.test(rest) ? eol : eol + eol;
  return `${source.slice(0, body)}${above}# ${text}${below}${rest}`;
}

/** The text between the title and the first section of design, criteria or notes, without blank lines around it. */
export function readDescription(source: string): string {
  const { start, end } = descriptionOf(source);
  return source.slice(start, end).trim();
}

/** Replaces what {@link readDescription} reads; a fence that would swallow the sections below gets closed. */
export function setDescription(source: string, text: string): string {
  const { start, end, titled } = descriptionOf(source);
  const { eol } = splitDocument(source);
  const lines = text
    .replaceAll(/\r\n?/g, "\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
  const above = source.slice(0, start);
  const below = source.slice(end);
  const build = (description: string) => {
    const lead = (above === "" || /[\n\uFEFF]$/.test(above) ? "" : eol) + (titled && description !== "" ? eol : "");
    const block = description === "" ? "" : description.replaceAll("\n", eol) + eol;
    return `${above}${lead}${block}${below === "" ? "" : eol}${below}`;
  };
  const result = build(lines);
  const fence = unclosedFence(lines);
  if (fence === undefined || headings(result, result.length - below.length) === headings(source, end)) return result;
  return build(`${lines}\n${fence}`);
}

/** The text of the first `## ` section of this name, without blank lines around it. */
export function readSection(source: string, heading: string): string | undefined {
  const sections = sectionsOf(readLines(source, splitDocument(source).body));
  const section = sections.find((one) => isNamed(one, heading));
  return section === undefined ? undefined : source.slice(section.content, section.end).trim();
}

/**
 * Replaces what {@link readSection} reads; a section that is not there comes before those that follow it in a ticket of
 * ours, and an empty text takes it away.
 */
export function setSection(source: string, heading: string, text: string): string {
  const { body, eol } = splitDocument(source);
  const sections = sectionsOf(readLines(source, body));
  const found = sections.find((one) => isNamed(one, heading));
  const closing = unclosedFence(text.trim());
  const plain = closing === undefined ? text.trim() : `${text.trim()}\n${closing}`;
  const lines = plain.replaceAll(/\r\n?/g, "\n").replaceAll("\n", eol);
  if (found !== undefined) {
    const below = source.slice(found.end);
    if (lines === "") return `${source.slice(0, found.start).trimEnd()}${eol}${below === "" ? "" : eol}${below}`;
    const above = source.slice(0, found.content);
    const lead = /\n$/.test(above) ? eol : eol + eol;
    return `${above}${lead}${lines}${eol}${below === "" ? "" : eol}${below}`;
  }
  if (lines === "") return source;
  const later = SECTIONS.slice(SECTIONS.indexOf(heading) + 1);
  const at = sections.find((one) => later.some((name) => isNamed(one, name)))?.start ?? source.length;
  const below = source.slice(at);
  const block = `## ${heading}${eol}${eol}${lines}${eol}${below === "" ? "" : eol}`;
  return `${source.slice(0, at).trimEnd()}${eol}${eol}${block}${below}`;
}

function descriptionOf(source: string): { readonly start: number; readonly end: number; readonly titled: boolean } {
  const { body } = splitDocument(source);
  const lines = readLines(source, body);
  const title: Line | undefined = findTitle(lines);
  const start = title?.end ?? body;
  const next = sectionsOf(lines).find((one) => one.start >= start && SECTIONS.some((name) => isNamed(one, name)));
  return { start, end: next?.start ?? source.length, titled: title !== undefined };
}

/** The headings from an offset on, to compare. */
function headings(source: string, from: number): string {
  const sections = sectionsOf(readLines(source, splitDocument(source).body));
  return JSON.stringify(sections.filter(({ start }) => start >= from).map(({ heading }) => heading));
}
