import { appendNote, noteHeader, parseNotes } from "../text/notes.ts";
import type { Note } from "../ticket.ts";
import { compareTime } from "../time.ts";
import { type BodyLine, isBlank } from "./bodyParts.ts";
import { mergeText } from "./mergeText.ts";
import { compareText, type Job, winnerOf } from "./sides.ts";

type Lines = readonly BodyLine[];

/** A note with its lines as they are written. */
interface Written {
  readonly note: Note;
  /** Its time and author, which an edit of the text leaves. */
  readonly header: string;
  readonly raw: readonly string[];
  readonly gap: readonly string[];
}

interface Section {
  readonly above: readonly string[];
  /** By content; of equal ones each has a key of its own. */
  readonly notes: ReadonlyMap<string, Written>;
}

/**
 * Merges notes: the base's stay where they are, in the words of who edited them; new ones of both sides follow by
 * time. Of notes that were edited on both sides both are kept; what a side took away is gone.
 */
export function mergeNotes(base: Lines, a: Lines, b: Lines, job: Job): BodyLine[] {
  const [o, x, y] = [base, a, b].map(sectionOf) as [Section, Section, Section];
  const [left, right] = [editsOf(o, x), editsOf(o, y)];
  const old = [...o.notes].flatMap(([key, note]) => stayed(key, note, [x, y], [left, right]));
  const added = new Map<string, Written>();
  for (const [section, edits] of [[x, left] as const, [y, right] as const]) {
    const edited = new Set(edits.values());
    for (const [key, note] of section.notes) if (!o.notes.has(key) && !edited.has(note)) added.set(key, note);
  }
  const { lines } = mergeText(o.above, x.above, y.above, winnerOf(job, "notes"));
  const fresh = [...added.values()].sort(byTime);
  return joined([...lines, ...old.flatMap(linesOf)], old, fresh).map((raw) => ({ raw, fenced: false }));
}

/** The lines with new notes below; written anew where a fence that one of them leaves open would swallow another. */
function joined(lines: readonly string[], old: readonly Written[], fresh: readonly Written[]): readonly string[] {
  const all = [...lines, ...fresh.flatMap(linesOf)];
  const wanted = JSON.stringify([...old, ...fresh].map(({ note }) => note));
  if (JSON.stringify(parseNotes(asSection(all))) === wanted) return all;
  const source = fresh.reduce((text, { note }) => appendNote(text, note), asSection(lines));
  return source.trimEnd().split("\n").slice(1);
}

function asSection(lines: readonly string[]): string {
  return `## Notes\n${lines.map((line) => `${line.replace(/\r$/, "")}\n`).join("")}`;
}

/** The order of notes: by time, then by author and text, so that it is one on every machine. */
export function compareNotes(one: Note, other: Note): number {
  const byName = compareText(one.by ?? "", other.by ?? "");
  return compareTime(one.at, other.at) || compareText(one.at, other.at) || byName || compareText(one.text, other.text);
}

function byTime(one: Written, other: Written): number {
  return compareNotes(one.note, other.note);
}

/** What became of one of the base's notes. */
function stayed(
  key: string,
  note: Written,
  sides: readonly Section[],
  edits: readonly ReadonlyMap<string, Written>[],
): Written[] {
  const edited = edits.flatMap((one) => one.get(key) ?? []);
  const different = edited.filter((one, at) => edited.findIndex((other) => other.note.text === one.note.text) === at);
  if (different.length > 0) return different.sort(byTime);
  return sides.every(({ notes }) => notes.has(key)) ? [note] : [];
}

/** Which of the base's notes a side edited: one is gone, and a new one has its time and author. */
function editsOf(base: Section, side: Section): Map<string, Written> {
  const fresh = [...side.notes].filter(([key]) => !base.notes.has(key)).map(([, note]) => note);
  const edits = new Map<string, Written>();
  for (const [key, { header }] of base.notes) {
    if (side.notes.has(key)) continue;
    const at = fresh.findIndex((note) => note.header === header);
    if (at >= 0) edits.set(key, fresh.splice(at, 1)[0] as Written);
  }
  return edits;
}

function sectionOf(lines: Lines): Section {
  const above: string[] = [];
  const open: { raw: string[]; gap: string[] }[] = [];
  let gap: string[] = [];
  for (const { raw, fenced } of lines) {
    const rows: string[] = open.at(-1)?.raw ?? above;
    if (!fenced && noteHeader(raw.replace(/\r$/, ""))) {
      open.push({ raw: [raw], gap });
      gap = [];
    } else if (isBlank(raw)) gap.push(raw);
    else rows.push(...gap.splice(0), raw);
  }
  if (open.length === 0) above.push(...gap);
  return { above, notes: keyed(open.map(written)) };
}

function written({ raw, gap }: { readonly raw: string[]; readonly gap: string[] }): Written {
  const text = raw.join("\n").replaceAll("\r", "");
  const [note = { at: "", by: null, text }] = parseNotes(asSection(text.split("\n")));
  return { note, header: `${note.at} ${note.by ?? ""}`, raw, gap };
}

function keyed(notes: readonly Written[]): Map<string, Written> {
  const map = new Map<string, Written>();
  for (const one of notes) {
    let key = JSON.stringify(one.note);
    while (map.has(key)) key += "\n";
    map.set(key, one);
  }
  return map;
}

function linesOf({ raw, gap }: Written): string[] {
  return [...gap, ...raw];
}
