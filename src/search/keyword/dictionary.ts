import type { Texts } from "../texts.ts";
import { type Corpus, hasTerm, termsFrom } from "./corpus.ts";

/** More terms with the same beginning than this say nothing about it; the shortest ones are the nearest. */
const MAX_CONTINUATIONS = 80;

/** The terms that go on where `start` ends. */
export function continuations(corpus: Corpus, start: string): string[] {
  const found = termsFrom(corpus, start, (terms, number) => terms.lengthAt(number) > start.length);
  if (found.length <= MAX_CONTINUATIONS) return found;
  return found.sort((left, right) => left.length - right.length).slice(0, MAX_CONTINUATIONS);
}

/** A term that is spelt nearly as another. */
export interface Near {
  readonly term: string;
  /** How many letters are changed, added or left out. */
  readonly distance: number;
}

/** The terms that become `term` with at most `limit` letters changed, added or left out; the first letter is right. */
export function nearTerms(corpus: Corpus, term: string, limit: number): Near[] {
  const first = String.fromCodePoint(term.codePointAt(0) ?? 0);
  const row = new Uint16Array(term.length + limit + 1);
  const distance = ({ joined }: Texts, from: number, to: number): number =>
    distanceOf(term, joined, { from, to, limit, row });
  const others = termsFrom(corpus, first, (terms, number) => {
    const length = terms.lengthAt(number);
    if (length - term.length > limit || term.length - length > limit) return false;
    const from = terms.startOf(number);
    return distance(terms, from, from + length) <= limit;
  });
  return others.map((other) => ({
    term: other,
    distance: distanceOf(term, other, { from: 0, to: other.length, limit, row }),
  }));
}

/** The terms that are `term` with two neighbouring letters in each other's place; the first letter is right. */
export function swappedTerms(corpus: Corpus, term: string): string[] {
  const found = new Set<string>();
  for (let at = 1; at + 1 < term.length; at++) {
    const other = `${term.slice(0, at)}${term[at + 1]}${term[at]}${term.slice(at + 2)}`;
    if (other !== term) found.add(other);
  }
  return [...found].filter((other) => hasTerm(corpus, other));
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  /** At least as long as the part, and one more. */
  readonly row: Uint16Array;
}

/** Levenshtein distance of a text to a part of another; anything above the limit once it is sure to be. */
function distanceOf(left: string, joined: string, { from, to, limit, row }: Part): number {
  let start = 0;
  while (start < left.length && from + start < to && left.charCodeAt(start) === joined.charCodeAt(from + start))
    start++;
  let end = left.length;
  let last = to;
  while (end > start && last > from + start && left.charCodeAt(end - 1) === joined.charCodeAt(last - 1)) {
    end--;
    last--;
  }
  const width = last - from - start;
  if (end === start || width === 0) return Math.max(end - start, width);
  return tableDistance(left.slice(start, end), joined.slice(from + start, last), limit, row);
}

function tableDistance(left: string, right: string, limit: number, row: Uint16Array): number {
  for (let at = 0; at <= right.length; at++) row[at] = at;
  for (let i = 1; i <= left.length; i++) {
    let corner = i - 1;
    let least = i;
    row[0] = i;
    for (let j = 1; j <= right.length; j++) {
      const above = row[j] as number;
      const changed = corner + (left.charCodeAt(i - 1) === right.charCodeAt(j - 1) ? 0 : 1);
      const value = Math.min(changed, above + 1, (row[j - 1] as number) + 1);
      row[j] = value;
      if (value < least) least = value;
      corner = above;
    }
    if (least > limit) return least;
  }
  return row[right.length] as number;
}
