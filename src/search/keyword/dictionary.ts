import { lowerBound } from "./postings.ts";

/** More terms with the same beginning than this say nothing about it; the shortest ones are the nearest. */
const MAX_CONTINUATIONS = 80;

/** Whether a sorted list of terms has `term`. */
export function hasTerm(terms: readonly string[], term: string): boolean {
  return terms[lowerBound(terms, term)] === term;
}

/** The terms that begin with `start`. */
export function continuations(terms: readonly string[], start: string): string[] {
  const found: string[] = [];
  for (let at = lowerBound(terms, start); terms[at]?.startsWith(start); at++) found.push(terms[at] as string);
  if (found.length <= MAX_CONTINUATIONS) return found;
  return found.sort((left, right) => left.length - right.length).slice(0, MAX_CONTINUATIONS);
}

/** The terms that become `term` with so many, at most `limit`, letters changed, added or left out; the first is right. */
export function nearTerms(terms: readonly string[], term: string, limit: number): [term: string, distance: number][] {
  const first = String.fromCodePoint(term.codePointAt(0) ?? 0);
  const found: [string, number][] = [];
  for (let at = lowerBound(terms, first); terms[at]?.startsWith(first); at++) {
    const other = terms[at] as string;
    if (Math.abs(other.length - term.length) > limit) continue;
    const distance = distanceOf(term, other, limit);
    if (distance <= limit) found.push([other, distance]);
  }
  return found;
}

/** Levenshtein distance in which two letters that changed places count one, given up as soon as it is above the limit. */
function distanceOf(left: string, right: string, limit: number): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= right.length; j++) {
      const swap = (row[j - 1] as number) + (left[i - 1] === right[j - 1] ? 0 : 1);
      let value = Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1);
      if (left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        value = Math.min(value, (before[j - 2] as number) + 1);
      }
      next.push(value);
      if (value < least) least = value;
    }
    // What changed places may yet be one less than its row says.
    if (least > limit + 1) return least;
    before = row;
    row = next;
  }
  return row[right.length] as number;
}
