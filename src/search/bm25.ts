import { lowerBound, type Postings } from "./postings.ts";

/**
 * BM25+ over postings, score by score what MiniSearch 7 gives for the same index and query (a test compares them): its
 * constants, its boosts, and a ticket's sum times how many different words of the query it has. MiniSearch itself makes
 * an object for every word of every ticket, which at 10,000 tickets costs more than a command may take in all.
 */
const K = 1.2;
const B = 0.7;
const D = 0.5;

/** Postings, and which of their documents are there no more. */
export interface Segment {
  readonly postings: Postings;
  /** By document: 1 where it is gone. */
  readonly gone: Uint8Array;
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
  /** Different terms of a field, on average. */
  readonly averages: Float64Array;
}

/** The corpus of some segments, whose documents have so many fields. */
export function corpusOf(segments: readonly Segment[], fields: number): Corpus {
  const starts: number[] = [];
  const sums = new Float64Array(fields);
  let size = 0;
  let count = 0;
  for (const { postings, gone } of segments) {
    starts.push(size);
    const documents = postings.lengths.length / fields;
    for (let document = 0; document < documents; document++) {
      if (gone[document] === 1) continue;
      count++;
      for (let field = 0; field < fields; field++) {
        (sums[field] as number) += postings.lengths[document * fields + field] as number;
      }
    }
    size += documents;
  }
  return { segments, starts, size, count, averages: sums.map((sum) => sum / (count || 1)) };
}

/** One indexed term that is looked for. */
export interface Wanted {
  readonly term: string;
  /** What it counts. */
  readonly weight: number;
}

/** A word of a query, with the indexed terms that stand for it. */
export interface Word {
  /** Names the word: one that is there twice counts once. */
  readonly name: string;
  readonly terms: readonly Wanted[];
}

/** Words of which a document must have all. */
export type Group = readonly Word[];

/** What documents score. */
export interface Scores {
  /** By document; 0 where none of the groups is found. */
  readonly scores: Float64Array;
  /** The documents that have one. */
  readonly found: Int32Array;
  /** The terms that a document was found by. */
  termsOf(document: number): string[];
}

/**
 * Scores the documents that `accept` has 1 for. `boosts`: what a field counts, 0 for one that is not looked at.
 */
export function score(corpus: Corpus, groups: readonly Group[], boosts: readonly number[], accept: Uint8Array): Scores {
  const names = new Map<string, number>();
  for (const { name } of groups.flat()) if (!names.has(name)) names.set(name, names.size);
  const run: Run = {
    corpus,
    boosts,
    accept,
    fields: boosts.length,
    scores: new Float64Array(corpus.size),
    stride: Math.ceil(names.size / 32),
    seen: new Uint32Array(corpus.size * Math.ceil(names.size / 32)),
  };
  for (const group of groups) {
    if (group.length === 1) {
      const [word] = group as [Word];
      const add = adder(run, run.scores, names.get(word.name) as number);
      for (const term of word.terms) eachMatch(run, term, add);
    } else scoreAll(run, group, names);
  }
  const found = finish(run);
  return { scores: run.scores, found, termsOf: (document) => termsOf(run, groups, document) };
}

interface Run {
  readonly corpus: Corpus;
  readonly boosts: readonly number[];
  readonly accept: Uint8Array;
  readonly fields: number;
  readonly scores: Float64Array;
  /** Bits of the words that a document has, so many numbers a document. */
  readonly seen: Uint32Array;
  readonly stride: number;
}

type OnMatch = (document: number, score: number) => void;

function adder({ seen, stride }: Run, scores: Float64Array, word: number): OnMatch {
  const place = word >>> 5;
  const bit = 1 << (word & 31);
  return (document, value) => {
    (scores[document] as number) += value;
    (seen[document * stride + place] as number) |= bit;
  };
}

/** A group of several words: only documents that have all get their sum. */
function scoreAll(run: Run, group: Group, names: ReadonlyMap<string, number>): void {
  const sums = new Float64Array(run.corpus.size);
  const reached = new Uint8Array(run.corpus.size);
  for (const [at, { terms }] of group.entries()) {
    const add: OnMatch = (document, value) => {
      if (reached[document] === at) reached[document] = at + 1;
      if (reached[document] === at + 1) (sums[document] as number) += value;
    };
    for (const term of terms) eachMatch(run, term, add);
  }
  for (let document = 0; document < sums.length; document++) {
    if (reached[document] !== group.length) continue;
    for (const [at, { name }] of group.entries()) {
      adder(run, run.scores, names.get(name) as number)(document, at === 0 ? (sums[document] as number) : 0);
    }
  }
}

/** Tells of each field of each accepted document that has a term, with its score. */
function eachMatch(run: Run, { term, weight }: Wanted, onMatch: OnMatch): void {
  const { corpus, accept, fields } = run;
  const places = corpus.segments.map(({ postings }) => rangeOf(postings, term));
  const factors = factorsOf(run, places, weight);
  for (const [at, { postings }] of corpus.segments.entries()) {
    const { entries, lengths } = postings;
    const [from, to] = places[at] as Range;
    const start = corpus.starts[at] as number;
    for (let place = from; place < to; place++) {
      const entry = entries[place] as number;
      const document = entry >>> 8;
      const field = (entry >>> 5) & 7;
      const factor = factors[field] as number;
      if (factor === 0 || accept[start + document] !== 1) continue;
      const frequency = entry & 31;
      const length = (lengths[document * fields + field] as number) / (corpus.averages[field] as number);
      onMatch(start + document, factor * (D + (frequency * (K + 1)) / (frequency + K * (1 - B + B * length))));
    }
  }
}

type Range = readonly [from: number, to: number];

function rangeOf({ terms, offsets }: Postings, term: string): Range {
  const at = lowerBound(terms, term);
  return terms[at] === term ? [offsets[at] as number, offsets[at + 1] as number] : [0, 0];
}

/** For each field its boost, times the term's weight, times how rare the term is in this field. */
function factorsOf({ corpus, boosts }: Run, places: readonly Range[], weight: number): number[] {
  const having = new Array<number>(boosts.length).fill(0);
  for (const [at, { postings, gone }] of corpus.segments.entries()) {
    const [from, to] = places[at] as Range;
    for (let place = from; place < to; place++) {
      const entry = postings.entries[place] as number;
      if (gone[entry >>> 8] !== 1) (having[(entry >>> 5) & 7] as number)++;
    }
  }
  return boosts.map((boost, field) => {
    const count = having[field] as number;
    return weight * boost * Math.log(1 + (corpus.count - count + 0.5) / (count + 0.5));
  });
}

/** Multiplies each score by how many words were found, and answers whose score is above 0. */
function finish({ scores, seen, stride }: Run): Int32Array {
  const found = new Int32Array(scores.length);
  let size = 0;
  for (let document = 0; document < scores.length; document++) {
    if (scores[document] === 0) continue;
    let words = 0;
    for (let at = document * stride; at < (document + 1) * stride; at++) words += bitsOf(seen[at] as number);
    (scores[document] as number) *= words;
    found[size++] = document;
  }
  return found.subarray(0, size);
}

function bitsOf(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function termsOf({ corpus, boosts }: Run, groups: readonly Group[], document: number): string[] {
  const found = new Set<string>();
  for (const group of groups) {
    const terms = group.map((word) => word.terms.filter(({ term }) => hasTerm(corpus, boosts, document, term)));
    if (terms.every((some) => some.length > 0)) for (const { term } of terms.flat()) found.add(term);
  }
  return [...found];
}

function hasTerm({ segments, starts }: Corpus, boosts: readonly number[], document: number, term: string): boolean {
  const at = starts.findLastIndex((start) => start <= document);
  const { postings } = segments[at] as Segment;
  const [from, to] = rangeOf(postings, term);
  const wanted = document - (starts[at] as number);
  for (let place = lowestEntry(postings.entries, from, to, wanted); place < to; place++) {
    const entry = postings.entries[place] as number;
    if (entry >>> 8 !== wanted) return false;
    if (boosts[(entry >>> 5) & 7] !== 0) return true;
  }
  return false;
}

/** Entries of a term are sorted by document. */
function lowestEntry(entries: Uint32Array, from: number, to: number, document: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as number) >>> 8 < document) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The documents with the highest scores, highest first, at most `count`; `compare` settles equal ones. */
export function best(
  documents: Int32Array,
  scores: Float64Array,
  count: number,
  compare: (left: number, right: number) => number,
): number[] {
  let pool = documents;
  if (documents.length > 2 * count) {
    const sorted = new Float64Array(documents.length);
    for (let at = 0; at < sorted.length; at++) sorted[at] = scores[documents[at] as number] as number;
    sorted.sort();
    const least = sorted[sorted.length - count] as number;
    pool = documents.filter((document) => (scores[document] as number) >= least);
  }
  const order = (left: number, right: number): number =>
    (scores[right] as number) - (scores[left] as number) || compare(left, right);
  return Array.from(pool).sort(order).slice(0, count);
}
