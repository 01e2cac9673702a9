import type { Texts } from "../texts.ts";
import { documentOf, type Postings } from "./postings.ts";

/** Postings, and which of their documents are there no more. */
export interface Segment {
  readonly postings: Postings;
  readonly gone: ReadonlySet<number>;
}

/** Documents of several segments, numbered one after the other. */
export interface Corpus {
  readonly segments: readonly Segment[];
  /** The number of each segment's first document. */
  readonly starts: readonly number[];
  /** How many numbers there are. */
  readonly size: number;
  /** How many of the documents are there. */
  readonly count: number;
  /** Different terms of each field, on average. */
  readonly averages: readonly number[];
}

/** Where a term's entries are in the postings of each segment; empty where it has none. */
export type Places = readonly (readonly [from: number, to: number])[];

/** The corpus of some segments, whose documents have the same fields. */
export function corpusOf(segments: readonly Segment[]): Corpus {
  const fields = segments[0]?.postings.sums.length ?? 0;
  const starts: number[] = [];
  const sums = new Array<number>(fields).fill(0);
  let size = 0;
  let count = 0;
  for (const { postings, gone } of segments) {
    starts.push(size);
    for (let field = 0; field < fields; field++) {
      (sums[field] as number) += postings.sums[field] as number;
      for (const document of gone) (sums[field] as number) -= postings.lengths[document * fields + field] as number;
    }
    size += postings.lengths.length / fields;
    count += postings.lengths.length / fields - gone.size;
  }
  return { segments, starts, size, count, averages: sums.map((sum) => sum / (count || 1)) };
}

/** 1 for each document that is there. */
export function allOf({ segments, starts, size }: Corpus): Int32Array {
  const all = new Int32Array(size).fill(1);
  for (const [nth, { gone }] of segments.entries())
    for (const document of gone) all[(starts[nth] as number) + document] = 0;
  return all;
}

/** Where the entries of a term are. */
export function placesOf({ segments }: Corpus, term: string): Places {
  return segments.map(({ postings: { terms, offsets } }) => {
    const at = terms.find(term);
    return at < 0 ? [0, 0] : [offsets[at] as number, offsets[at + 1] as number];
  });
}

/** Whether a document that is there has the term: one that only a replaced text had is no word of any ticket. */
export function hasTerm(corpus: Corpus, term: string): boolean {
  return corpus.segments.some((segment) => {
    const at = segment.postings.terms.find(term);
    return at >= 0 && isThere(segment, at);
  });
}

/** All terms that begin with `start` and `fit`, in their order, whichever segment has them. */
export function termsFrom(corpus: Corpus, start: string, fits: (terms: Texts, number: number) => boolean): string[] {
  const found = corpus.segments.map((segment) => {
    const { terms } = segment.postings;
    const own: string[] = [];
    const [from, to] = terms.beginning(start);
    for (let number = from; number < to; number++) {
      if (fits(terms, number) && isThere(segment, number)) own.push(terms.at(number));
    }
    return own;
  });
  return found.length === 1 ? (found[0] as string[]) : [...new Set(found.flat())].sort();
}

function isThere({ postings: { offsets, entries }, gone }: Segment, term: number): boolean {
  if (gone.size === 0) return true;
  for (let place = offsets[term] as number; place < (offsets[term + 1] as number); place++) {
    if (!gone.has(documentOf(entries[place] as number))) return true;
  }
  return false;
}
