import type { Corpus, Places, Segment } from "./corpus.ts";

/** An indexed term that a word may be found by. */
export interface Variant {
  readonly term: string;
  /** What it counts. */
  readonly weight: number;
}

/** A word of a query. */
export interface Word {
  /** Words of one name count as one. */
  readonly name: string;
  readonly variants: readonly Variant[];
}

/** Terms of which a document must have all. */
export interface Phrase {
  readonly terms: readonly string[];
  /** What each counts. */
  readonly weight: number;
}

/** What is looked for: a document has at least one of these. */
export interface Wanted {
  readonly words: readonly Word[];
  readonly phrases: readonly Phrase[];
}

/** Where it is looked for. */
export interface Scope {
  /** What each field counts; 0 for one that is not looked at. */
  readonly boosts: readonly number[];
  /** Whether a document may be found: 0 where not. */
  readonly accept: Int32Array;
}

/** What was looked at. */
export interface Looked {
  readonly corpus: Corpus;
  readonly scope: Scope;
  /** Where each term is that is anywhere. */
  readonly known: ReadonlyMap<string, Places>;
}

/** The terms that a document is found by. */
export function termsIn(looked: Looked, { words, phrases }: Wanted, document: number): string[] {
  const has = (term: string): boolean => hasIn(looked, document, term);
  const found = new Set<string>();
  for (const { variants } of words) for (const { term } of variants) if (has(term)) found.add(term);
  for (const { terms } of phrases) if (terms.every(has)) for (const term of terms) found.add(term);
  return [...found];
}

function hasIn({ corpus, scope, known }: Looked, document: number, term: string): boolean {
  const nth = corpus.starts.findLastIndex((start) => start <= document);
  const { entries } = (corpus.segments[nth] as Segment).postings;
  const [from, to] = known.get(term)?.[nth] ?? [0, 0];
  const wanted = document - (corpus.starts[nth] as number);
  for (let place = firstOf(entries, from, to, wanted); place < to; place++) {
    const entry = entries[place] as number;
    if (entry >>> 8 !== wanted) return false;
    if (scope.boosts[(entry >>> 5) & 7] !== 0) return true;
  }
  return false;
}

/** The first of a term's entries that is not of an earlier document. */
function firstOf(entries: Uint32Array, from: number, to: number, document: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as number) >>> 8 < document) low = middle + 1;
    else high = middle;
  }
  return low;
}
