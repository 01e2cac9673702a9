import { isStopWord, stem, stemStart, tokenize } from "./words/tokens.ts";

/** A piece of a text, with where the words that were looked for stand in it. */
export interface Snippet {
  /** One line; `…` where something is left out. */
  readonly text: string;
  /** Offsets into `text`: from, and after. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

const LENGTH = 160;
/** So many characters of it may be cut off at the end of a word. */
const SPARE = 30;
/** How far into a text a match is looked for. */
const MAX_TEXT = 100_000;
const WORD = /[\p{L}\p{N}_]+(?:[./:@'’-][\p{L}\p{N}_]+)*|\p{Extended_Pictographic}/gu;

const PLAIN = /^[A-Za-z][a-z]*$/;

/** The line over a note that says when it was made, and by whom. */
const NOTE = /^\*\*\d{4}-\d\d-\d\dT\S+\*\*.*$/gm;
/** Headings, boxes and lists say how a text is set, not what it says. */
const MARKUP = /^[ \t]*(?:#{1,6}[ \t]+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|>[ \t]?|(?:`{3}|~{3}).*$)/gm;

/** A text as one line, and where its sentences begin: the lines that markdown sets apart, and what ends with a full stop. */
interface Sentences {
  readonly line: string;
  readonly starts: readonly number[];
}

/** Where one ends within a line; `e.g. X` and `1. X` are no ends. */
// Both look for the one character first: looking back at each would take longer than all else.
const END = / (?<=[\p{L}\p{N})\]`]{2}[.!?…]["'’”)\]`]? )(?=[\p{Lu}\p{N}`"'“(])/gu;
const BLOCK = /\n(?:\s*\n|(?=[ \t]*(?:\||#{1,6}[ \t]|[-*+][ \t]|\d+[.)][ \t]|>))|(?<=(?:^|\n)[ \t]*#{1,6}[ \t].*\n))/;

function sentencesOf(text: string): Sentences {
  const starts: number[] = [];
  let line = "";
  for (const block of text.replaceAll(NOTE, "\n").split(BLOCK)) {
    const plain = cellsOf(block.replaceAll(MARKUP, "").replaceAll(/\s+/g, " ").trim());
    if (plain === "") continue;
    for (const sentence of plain.split(END)) {
      if (line !== "") line += " ";
      starts.push(line.length);
      line += sentence;
    }
  }
  return { line, starts };
}

/** A row of a table as its cells say it, without what sets them; other text as it is. */
function cellsOf(line: string): string {
  if (!line.startsWith("|")) return line;
  if (/^[|:\-\s]+$/.test(line)) return "";
  const cells = line.replace(/^\|\s*|\s*\|$/g, "").split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim()).join(" · ");
}

interface Hit {
  readonly start: number;
  readonly end: number;
  readonly stem: string;
}

/** The sentence of `text` that has most of the stems, with what follows, or the beginning of a text that has none. */
export function snippetOf(text: string, stems: ReadonlySet<string>): Snippet {
  const { line, starts } = sentencesOf(text.slice(0, MAX_TEXT));
  const hits = hitsIn(line, stems);
  const start = windowStart(line, starts, hits);
  const end = Math.min(line.length, wordEnd(line, start + LENGTH));
  const lead = start > 0 ? "…" : "";
  const marks = hits
    .filter((hit) => hit.start >= start && hit.end <= end)
    .map((hit) => [hit.start - start + lead.length, hit.end - start + lead.length] as const);
  return { text: `${lead}${line.slice(start, end)}${end < line.length ? "…" : ""}`, marks };
}

function hitsIn(line: string, stems: ReadonlySet<string>): Hit[] {
  const hits: Hit[] = [];
  // A stem begins as its word does; most words of a text need not be stemmed to see that they are none of these.
  const starts = new Set(Array.from(stems, stemStart));
  for (const match of line.matchAll(WORD)) {
    const word = match[0].toLowerCase();
    if (PLAIN.test(match[0]) && !starts.has(stemStart(word)) && !starts.has(word[0] as string)) continue;
    const found = tokenize(match[0])
      .map(stem)
      .find((one) => stems.has(one) && !isStopWord(one));
    if (found !== undefined) hits.push({ start: match.index, end: match.index + match[0].length, stem: found });
  }
  return hits;
}

/** Where the sentence with the most different stems begins; of a long one, the window with the most of them. */
function windowStart(line: string, starts: readonly number[], hits: readonly Hit[]): number {
  let best: Window = { start: 0, count: 0 };
  let from = 0;
  for (const [nth, start] of starts.entries()) {
    const end = starts[nth + 1] ?? line.length;
    let to = from;
    while (to < hits.length && (hits[to] as Hit).start < end) to++;
    const found = bestWindow(line, start, hits.slice(from, to));
    if (found.count > best.count) best = found;
    from = to;
  }
  return best.start;
}

interface Window {
  readonly start: number;
  /** How many different stems are in it. */
  readonly count: number;
}

/** The beginning of a sentence, if its hits are near enough, or a place a little before one of them. */
function bestWindow(line: string, sentence: number, hits: readonly Hit[]): Window {
  let best: Window = { start: sentence, count: 0 };
  for (const [at, hit] of hits.entries()) {
    const isNear = hit.end <= sentence + LENGTH - SPARE;
    const start = isNear ? sentence : beforeHit(line, hit.start);
    const count = stemsUpTo(hits, isNear ? 0 : at, start + LENGTH - SPARE);
    if (count > best.count) best = { start, count };
  }
  return best;
}

/** How many different stems the hits from one on have that end before a place. */
function stemsUpTo(hits: readonly Hit[], first: number, limit: number): number {
  const stems = new Set<string>();
  for (let at = first; at < hits.length && (hits[at] as Hit).end <= limit; at++) stems.add((hits[at] as Hit).stem);
  return stems.size;
}

/** The beginning of a word a little before a hit. */
function beforeHit(line: string, at: number): number {
  const from = Math.max(0, at - SPARE);
  const blank = line.indexOf(" ", from);
  return blank >= 0 && blank < at ? blank + 1 : from;
}

/** The end of the word at an offset, if it is near. */
function wordEnd(line: string, at: number): number {
  if (at >= line.length) return line.length;
  const blank = line.lastIndexOf(" ", at);
  return blank > at - 30 ? blank : at;
}
