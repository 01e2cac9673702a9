import { AyoError } from "../../error.ts";
import type { Note } from "../ticket.ts";
import { compareTime } from "../time.ts";
import { isNamed, readLines, type Section, sectionsOf } from "./markdown.ts";
import { splitDocument } from "./splitDocument.ts";

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?`;
const AUTHOR = String.raw`(?:[ \t]+(\S.*))?`;
/** Our header and tk's, `**time** @who` and `**time**`, and that of the first ayo, `### time`. */
const HEADERS = [new RegExp(String.raw`^\*\*(${TIME})\*\*${AUTHOR}$`), new RegExp(`^###[ \\t]+(${TIME})${AUTHOR}$`)];
/** Lines that would end a note or the section, or open a fence, if they stood in a note as they are. */
const SPECIAL = [...HEADERS, /^#{1,2}(?:[ \t]|$)/, /^ {0,3}(?:`{3}|~{3})/];

/** The notes of every `## Notes` section, in order. */
export function parseNotes(source: string): Note[] {
  const lines = readLines(source, splitDocument(source).body);
  return sectionsOf(lines)
    .filter((section) => isNamed(section, "Notes"))
    .flatMap(notesIn);
}

/**
 * Adds a note at the end of the `## Notes` section, which is made at the end of the file where there is none. Lines
 * that look like headers or headings get a backslash, which {@link parseNotes} takes away again.
 */
export function appendNote(source: string, note: Note): string {
  return insertAfter(source, parseNotes(source), asRead(note));
}

/**
 * Adds a note that is made now, and answers with it: its time is that of the note before it where a clock was set back, or
 * another machine's is ahead, so that notes stand in the order of their times.
 */
export function appendNow(source: string, note: Note): { readonly text: string; readonly note: Note } {
  const notes = parseNotes(source);
  const last = notes.at(-1)?.at;
  const made = asRead({ ...note, at: last !== undefined && compareTime(last, note.at) > 0 ? last : note.at });
  return { text: insertAfter(source, notes, made), note: made };
}

/** A note as it will be read again. */
function asRead({ at, by, text }: Note): Note {
  const author = by?.replaceAll(/\s+/g, " ").trim() || null;
  return { at, by: author, text: trimBlankLines(text.replaceAll(/\r\n?/g, "\n")) };
}

function insertAfter(source: string, notes: readonly Note[], note: Note): string {
  const wanted = JSON.stringify([...notes, note]);
  const header = `**${note.at}**${note.by === null ? "" : ` ${note.by}`}`;
  // Fenced code stays as it is where that reads back; next to somebody's unclosed fence everything is escaped.
  for (const escaped of [escapeOutsideFences, escapeAll]) {
    const result = insertNote(source, note.text === "" ? header : `${header}\n\n${escaped(note.text)}`);
    if (JSON.stringify(parseNotes(result)) === wanted) return result;
  }
  throw new AyoError("unpatchable", "the note would not read back as written: check the code fences above ## Notes");
}

/**
 * Takes the last note like this one away, with the blank lines before it where it ends its section, and the section
 * where nothing else is left in it; undefined where there is no such note.
 */
export function removeNote(source: string, note: Note): string | undefined {
  const wanted = JSON.stringify(note);
  const sections = sectionsOf(readLines(source, splitDocument(source).body)).filter((one) => isNamed(one, "Notes"));
  for (const section of sections.toReversed()) {
    const heads = section.lines.filter((line) => !line.fenced && matchHeader(line.text) !== undefined);
    const at = notesIn(section).findLastIndex((one) => JSON.stringify(one) === wanted);
    const head = heads[at];
    if (head === undefined) continue;
    const next = heads[at + 1];
    if (next !== undefined) return source.slice(0, head.start) + source.slice(next.start);
    const isOnly = source.slice(section.content, head.start).trim() === "";
    return cutOut(source, isOnly ? section.start : head.start, section.end);
  }
  return undefined;
}

/** A body without its sections of notes: what stands in code, or behind them, stays. */
export function withoutNotes(body: string): string {
  const sections = sectionsOf(readLines(body, 0)).filter((one) => isNamed(one, "Notes"));
  return sections.reduceRight((text, { start, end }) => text.slice(0, start) + text.slice(end), body);
}

/** Gives the note at a place among all of a ticket's another text. @throws unpatchable where it would not read back */
export function rewriteNote(source: string, at: number, text: string): string {
  const notes = parseNotes(source);
  const old = notes[at];
  if (old === undefined) return source;
  const note = asRead({ ...old, text });
  const wanted = JSON.stringify(notes.map((one, n) => (n === at ? note : one)));
  const { body, eol } = splitDocument(source);
  const sections = sectionsOf(readLines(source, body)).filter((one) => isNamed(one, "Notes"));
  const heads = sections.flatMap(({ lines, end }) => {
    const found = lines.filter((line) => !line.fenced && matchHeader(line.text) !== undefined);
    return found.map((head, n) => ({ from: head.end, to: found[n + 1]?.start ?? end }));
  });
  const place = heads[at] ?? { from: source.length, to: source.length };
  const isLast = place.to === source.length;
  for (const escaped of [escapeOutsideFences, escapeAll]) {
    const block = note.text === "" ? "\n" : `\n${escaped(note.text)}\n${isLast ? "" : "\n"}`;
    const result = source.slice(0, place.from) + block.replaceAll("\n", eol) + source.slice(place.to);
    if (JSON.stringify(parseNotes(result)) === wanted) return result;
  }
  throw new AyoError("unpatchable", "the note would not read back as written: check the code fences above ## Notes");
}

/** Removes a block and the blank lines before it, and keeps those behind it. */
function cutOut(source: string, start: number, end: number): string {
  const above = source.slice(0, start).trimEnd();
  const lineEnd = source.indexOf("\n", above.length) + 1;
  const text = source.slice(start, end);
  const rest = end === source.length ? "" : text.slice(source.indexOf("\n", start + text.trimEnd().length) + 1 - start);
  return source.slice(0, lineEnd === 0 ? start : Math.min(lineEnd, start)) + rest + source.slice(end);
}

function notesIn({ lines }: Section): Note[] {
  const notes: { at: string; by: string | null; lines: string[] }[] = [];
  for (const { text, fenced } of lines) {
    const [, at, by] = fenced ? [] : (matchHeader(text) ?? []);
    if (at !== undefined) notes.push({ at, by: by?.trimEnd() ?? null, lines: [] });
    else notes.at(-1)?.lines.push(fenced ? text : unescapeLine(text));
  }
  return notes.map((note) => ({ at: note.at, by: note.by, text: trimBlankLines(note.lines.join("\n")) }));
}

/** Whether a line outside fences begins a note. */
export function noteHeader(line: string): boolean {
  return matchHeader(line) !== undefined;
}

function matchHeader(line: string): RegExpExecArray | undefined {
  const text = line.trimEnd();
  return HEADERS.map((header) => header.exec(text)).find((match) => match !== null) ?? undefined;
}

function insertNote(source: string, block: string): string {
  const { body, eol } = splitDocument(source);
  const section = sectionsOf(readLines(source, body)).findLast((one) => isNamed(one, "Notes"));
  const lines = (section === undefined ? `## Notes\n\n${block}\n` : `${block}\n`).replaceAll("\n", eol);
  const end = section?.end ?? source.length;
  if (end === source.length) return `${source}${gapAfter(source, body, eol)}${lines}`;
  const kept = source.slice(0, end).trimEnd();
  const at = source.indexOf("\n", kept.length) + 1;
  const blank = /^[ \t]*\r?\n/.test(source.slice(at, end)) ? "" : eol;
  return `${source.slice(0, at)}${eol}${lines}${blank}${source.slice(at)}`;
}

/** What makes the end of a text a blank line, or nothing where a body is empty. */
function gapAfter(source: string, body: number, eol: string): string {
  const text = source.slice(body);
  if (text === "") return source === "" || source.endsWith("\n") ? "" : eol;
  if (/\n[ \t]*\r?\n$/.test(text.slice(-200))) return "";
  return text.endsWith("\n") ? eol : eol + eol;
}

function escapeOutsideFences(text: string): string {
  return readLines(text, 0)
    .map((line) => (line.fenced ? line.text : escapeLine(line.text)))
    .join("\n");
}

function escapeAll(text: string): string {
  return text.split("\n").map(escapeLine).join("\n");
}

function escapeLine(line: string): string {
  return isSpecial(line) ? `\\${line}` : line;
}

function unescapeLine(line: string): string {
  return line.startsWith("\\") && isSpecial(line) ? line.slice(1) : line;
}

/** A line that has backslashes already counts too, so that one more or less is always undone. */
function isSpecial(line: string): boolean {
  const bare = line.replace(/^\\+/, "").trimEnd();
  return SPECIAL.some((special) => special.test(bare));
}

function trimBlankLines(text: string): string {
  const lines = text.split("\n");
  const isBlank = (line: string) => /^[ \t]*$/.test(line);
  const first = lines.findIndex((line) => !isBlank(line));
  return first < 0 ? "" : lines.slice(first, lines.findLastIndex((line) => !isBlank(line)) + 1).join("\n");
}
