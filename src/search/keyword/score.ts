import { type Corpus, type Places, placesOf, type Segment } from "./corpus.ts";
import { type Phrase, type Scope, termsIn, type Variant, type Wanted } from "./wanted.ts";

/**
 * BM25+ over postings, score by score what MiniSearch 7 gives for the same documents and query (a test compares them):
 * its constants, its boosts, and a document's sum times how many different words of the query it has. MiniSearch makes
 * an object for every word of every document, which a query cannot wait for.
 */
const K = 1.2;
const B = 0.7;
const D = 0.5;

/** What documents score. */
export interface Scores {
  /** By document; 0 where nothing is found. */
  readonly scores: Float64Array;
  /** The documents that have one. */
  readonly found: Int32Array;
  /** The terms that a document was found by. */
  termsOf(document: number): readonly string[];
}

/** Scores the documents that have what is wanted. */
export function score(corpus: Corpus, wanted: Wanted, scope: Scope): Scores {
  const { words, phrases } = wanted;
  const names = new Map<string, number>();
  for (const name of [...words.map((word) => word.name), ...phrases.flatMap(({ terms }) => terms)]) {
    if (!names.has(name)) names.set(name, names.size);
  }
  const stride = Math.ceil(names.size / 32);
  const run: Run = {
    corpus,
    scope,
    known: new Map(),
    scores: new Float64Array(corpus.size),
    stride,
    seen: new Uint32Array(corpus.size * stride),
    documents: new Int32Array(corpus.size),
    values: new Float64Array(corpus.size),
  };
  for (const { name, variants } of words) {
    for (const variant of variants) addAll(run, collect(run, variant), names.get(name) as number);
  }
  for (const phrase of phrases) addPhrase(run, phrase, names);
  const found = finish(run);
  return { scores: run.scores, found, termsOf: (document) => termsIn(run, wanted, document) };
}

interface Run {
  readonly corpus: Corpus;
  readonly scope: Scope;
  /** Where the terms are that were looked up. */
  readonly known: Map<string, Places>;
  readonly scores: Float64Array;
  /** Bits of the names that a document has, so many numbers a document. */
  readonly seen: Uint32Array;
  readonly stride: number;
  /** What was collected last: documents in their order, and what each scores. */
  readonly documents: Int32Array;
  readonly values: Float64Array;
}

/** Adds what was collected last. */
function addAll(run: Run, size: number, name: number): void {
  const { documents, values, scores } = run;
  for (let at = 0; at < size; at++) (scores[documents[at] as number] as number) += values[at] as number;
  mark(run, size, name);
}

function mark({ documents, seen, stride }: Run, size: number, name: number): void {
  const place = name >>> 5;
  const bit = 1 << (name & 31);
  for (let at = 0; at < size; at++) (seen[(documents[at] as number) * stride + place] as number) |= bit;
}

/** Only documents that have all terms get their sum. */
function addPhrase(
  run: Run,
  { terms: [first = "", ...others], weight }: Phrase,
  names: ReadonlyMap<string, number>,
): void {
  const { documents, values, scores } = run;
  const having = collect(run, { term: first, weight });
  const all = { documents: documents.slice(0, having), values: values.slice(0, having), size: having };
  for (const term of others) intersect(all, run, collect(run, { term, weight }));
  for (let at = 0; at < all.size; at++) {
    (scores[all.documents[at] as number] as number) += all.values[at] as number;
  }
  documents.set(all.documents.subarray(0, all.size));
  for (const term of [first, ...others]) mark(run, all.size, names.get(term) as number);
}

interface Collected extends Pick<Run, "documents" | "values"> {
  size: number;
}

/** Leaves of `all` the documents that were collected last too, and adds what they score. */
function intersect(all: Collected, { documents, values }: Run, having: number): void {
  let at = 0;
  let both = 0;
  for (let other = 0; other < having; other++) {
    const document = documents[other] as number;
    while (at < all.size && (all.documents[at] as number) < document) at++;
    if (at === all.size) break;
    if (all.documents[at] !== document) continue;
    all.documents[both] = document;
    all.values[both++] = (all.values[at++] as number) + (values[other] as number);
  }
  all.size = both;
}

/** Collects the accepted documents that have a term, with what it scores in all their fields; answers how many. */
function collect(run: Run, variant: Variant): number {
  const places = placesOf(run.corpus, variant.term);
  run.known.set(variant.term, places);
  const factors = factorsOf(run, places, variant.weight);
  let size = 0;
  for (const [nth, [from, to]] of places.entries()) size = collectIn(run, { nth, from, to, factors, size });
  return size;
}

interface Part {
  /** Of which segment. */
  readonly nth: number;
  /** Its entries of the term. */
  readonly from: number;
  readonly to: number;
  readonly factors: readonly number[];
  /** How many documents are collected already. */
  readonly size: number;
}

function collectIn({ corpus, scope, documents, values }: Run, { nth, from, to, factors, size }: Part): number {
  const { entries, lengths } = (corpus.segments[nth] as Segment).postings;
  const start = corpus.starts[nth] as number;
  const { averages } = corpus;
  const { accept } = scope;
  let last = -1;
  let end = size;
  for (let place = from; place < to; place++) {
    const entry = entries[place] as number;
    const document = entry >>> 8;
    const field = (entry >>> 5) & 7;
    const factor = factors[field] as number;
    if (factor === 0 || accept[start + document] === 0) continue;
    const frequency = entry & 31;
    const length = (lengths[document * averages.length + field] as number) / (averages[field] as number);
    if (document !== last) {
      documents[end] = start + document;
      values[end++] = 0;
      last = document;
    }
    (values[end - 1] as number) += factor * (D + (frequency * (K + 1)) / (frequency + K * (1 - B + B * length)));
  }
  return end;
}

/** For each field its boost, times the term's weight, times how rare the term is in this field. */
function factorsOf({ corpus, scope }: Run, places: Places, weight: number): number[] {
  const having = new Array<number>(scope.boosts.length).fill(0);
  for (const [nth, { postings, gone }] of corpus.segments.entries()) {
    const [from, to] = places[nth] as Places[number];
    const { entries } = postings;
    for (let place = from; place < to; place++) (having[((entries[place] as number) >>> 5) & 7] as number)++;
    if (gone.size === 0) continue;
    for (let place = from; place < to; place++) {
      const entry = entries[place] as number;
      if (gone.has(entry >>> 8)) (having[(entry >>> 5) & 7] as number)--;
    }
  }
  return scope.boosts.map((boost, field) => {
    const count = having[field] as number;
    return weight * boost * Math.log(1 + (corpus.count - count + 0.5) / (count + 0.5));
  });
}

/** Multiplies each score by how many names were found, and answers whose score is above 0. */
function finish({ scores, seen, stride }: Run): Int32Array {
  const found = new Int32Array(scores.length);
  let size = 0;
  for (let document = 0; document < scores.length; document++) {
    if (scores[document] === 0) continue;
    let names = 0;
    for (let at = document * stride; at < (document + 1) * stride; at++) names += bitsOf(seen[at] as number);
    (scores[document] as number) *= names;
    found[size++] = document;
  }
  return found.subarray(0, size);
}

function bitsOf(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}
