import { isStopWord, stem, stemStart, tokenize } from "./words/tokens.ts";

/** A piece of a text, with where the words that were looked for stand in it. */
export interface Snippet {
  /** One line; `…` where something is left out. */
  readonly text: string;
  /** Offsets into `text`: from, and after. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

const LENGTH = 160;
/** How far into a text a match is looked for. */
const MAX_TEXT = 100_000;
const WORD = /[\p{L}\p{N}_]+(?:[./:@'’-][\p{L}\p{N}_]+)*|\p{Extended_Pictographic}/gu;

const PLAIN = /^[A-Za-z][a-z]*$/;

/** The line over a note that says when it was made, and by whom. */
const NOTE = /^\*\*\d{4}-\d\d-\d\dT\S+\*\*.*$/gm;
/** Headings, boxes and lists say how a text is set, not what it says. */
const MARKUP = /^[ \t]*(?:#{1,6}[ \t]+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|>[ \t]?|(?:`{3}|~{3}).*$)/gm;

function plainLine(text: string): string {
  return text.replaceAll(NOTE, "").replaceAll(MARKUP, "").replaceAll(/\s+/g, " ").trim();
}

interface Hit {
  readonly start: number;
  readonly end: number;
  readonly stem: string;
}

/** The part of `text` that has most of the stems, or its beginning where it has none. */
export function snippetOf(text: string, stems: ReadonlySet<string>): Snippet {
  const line = plainLine(text.slice(0, MAX_TEXT));
  const hits = hitsIn(line, stems);
  const start = windowStart(line, hits);
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

/** Where the window with the most different stems begins, a little before its first. */
function windowStart(line: string, hits: readonly Hit[]): number {
  let best = 0;
  let most = 0;
  for (const [at, { start }] of hits.entries()) {
    const seen = new Set<string>();
    for (let next = at; next < hits.length && (hits[next] as Hit).end <= start + LENGTH - 30; next++) {
      seen.add((hits[next] as Hit).stem);
    }
    if (seen.size > most) {
      most = seen.size;
      best = start;
    }
  }
  if (best <= 40) return 0;
  const from = best - 30;
  const blank = line.indexOf(" ", from);
  return blank >= 0 && blank < best ? blank + 1 : from;
}

/** The end of the word at an offset, if it is near. */
function wordEnd(line: string, at: number): number {
  if (at >= line.length) return line.length;
  const blank = line.lastIndexOf(" ", at);
  return blank > at - 30 ? blank : at;
}
