import type { Corpus, Places, Segment } from "./corpus.ts";
import { entryOf, firstEntry } from "./postings.ts";

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
  /** A word finds no document by a field that it stands in of more documents than this; it counts where others find it. */
  readonly most?: number;
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
  const own = document - (corpus.starts[nth] as number);
  return scope.boosts.some((boost, field) => {
    if (boost === 0) return false;
    const at = firstEntry(entries, from, to, entryOf(field, own, 0));
    return at < to && (entries[at] as number) < entryOf(field, own + 1, 0);
  });
}
