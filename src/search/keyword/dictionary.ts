import { type Corpus, hasTerm, termsFrom } from "./corpus.ts";

/** More terms with the same beginning than this say nothing about it; the shortest ones are the nearest. */
const MAX_CONTINUATIONS = 80;

/** The terms that go on where `start` ends. */
export function continuations(corpus: Corpus, start: string): string[] {
  const found = termsFrom(corpus, start, (length) => length > start.length);
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
  const others = termsFrom(corpus, first, (length) => Math.abs(length - term.length) <= limit);
  return others
    .map((other) => ({ term: other, distance: distanceOf(term, other) }))
    .filter(({ distance }) => distance <= limit);
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

/** Levenshtein distance. */
function distanceOf(left: string, right: string): number {
  const row = new Uint16Array(right.length + 1);
  for (let at = 0; at < row.length; at++) row[at] = at;
  for (let i = 1; i <= left.length; i++) {
    let corner = i - 1;
    row[0] = i;
    for (let j = 1; j <= right.length; j++) {
      const above = row[j] as number;
      const changed = corner + (left.charCodeAt(i - 1) === right.charCodeAt(j - 1) ? 0 : 1);
      row[j] = Math.min(changed, above + 1, (row[j - 1] as number) + 1);
      corner = above;
    }
  }
  return row[right.length] as number;
}
