import { type Corpus, type Places, placesOf, type Segment } from "./corpus.ts";
import { documentOf, entryOf, firstEntry, frequencyOf } from "./postings.ts";
import { type Looked, type Phrase, type Scope, termsIn, type Variant, type Wanted } from "./wanted.ts";

/**
 * BM25+ over postings, score by score what MiniSearch 7 gives for the same documents and query (a test compares them):
 * its constants, its boosts, and a document's sum times how many different words of the query it has. MiniSearch makes
 * an object for every word of every document, which a query cannot wait for.
 */
const K = 1.2;
const B = 0.7;
const D = 0.5;
/** More fields than these have no place in an entry. */
const LAST_FIELD = 7;

/** What documents score. */
export interface Scores {
  /** By document; 0 where nothing is found. */
  readonly scores: Float64Array;
  /** The documents that have one. */
  readonly found: Int32Array;
  /** By how many different words each was found. */
  readonly names: Uint16Array;
  /** The terms that a document was found by. */
  termsOf(document: number): readonly string[];
}

/** Scores the documents that have what is wanted. */
export function score(corpus: Corpus, wanted: Wanted, scope: Scope): Scores {
  const { size } = corpus;
  const run: Run = {
    corpus,
    scope,
    known: new Map(),
    scores: new Float64Array(size),
    names: new Uint16Array(size),
    last: new Uint16Array(size),
    told: new Uint8Array(size),
    found: new Int32Array(size),
    size: 0,
  };
  let nth = 1;
  // What is found by one name is found one after the other, so that it counts once.
  for (const { variants, phrases } of byName(run, wanted).values()) {
    for (const variant of variants) add(run, collect(run, variant), nth);
    for (const collected of phrases) add(run, collected, nth);
    nth++;
  }
  const { scores, names } = run;
  const found = foundIn(run);
  for (let at = 0; at < found.length; at++) {
    const document = found[at] as number;
    (scores[document] as number) *= names[document] as number;
  }
  return { scores, found, names, termsOf: (document) => termsIn(run, wanted, document) };
}

/** The documents that a telling word was in; the others score nothing. */
function foundIn({ found, size, told, scores }: Run): Int32Array {
  let kept = 0;
  for (let at = 0; at < size; at++) {
    const document = found[at] as number;
    if (told[document] === 1) found[kept++] = document;
    else scores[document] = 0;
  }
  return found.subarray(0, kept);
}

interface Run extends Looked {
  readonly known: Map<string, Places>;
  readonly scores: Float64Array;
  /** By how many names each document was found. */
  readonly names: Uint16Array;
  /** By which of them it was found last, counted from 1. */
  readonly last: Uint16Array;
  /** 1 for each document that was found by a word which not almost every one has. */
  readonly told: Uint8Array;
  /** The documents that were found. */
  readonly found: Int32Array;
  size: number;
}

/** Documents, some perhaps twice, and what each scores. */
interface Collected {
  readonly documents: Int32Array;
  readonly values: Float64Array;
  /** How many of them, which come first, have the term where not almost every document has it. */
  readonly telling: number;
}

interface Name {
  readonly variants: Variant[];
  readonly phrases: Collected[];
}

/** What is to be looked for, by the name that it counts as. */
function byName(run: Run, { words, phrases }: Wanted): Map<string, Name> {
  const names = new Map<string, Name>();
  const named = (name: string): Name => {
    const known = names.get(name) ?? { variants: [], phrases: [] };
    names.set(name, known);
    return known;
  };
  for (const { name, variants } of words) named(name).variants.push(...variants);
  for (const { terms, weight } of phrases) {
    const [first = "", ...others] = terms;
    if (others.length === 0) {
      named(first).variants.push({ term: first, weight });
      continue;
    }
    // A document with all terms has each: as a name it counts for all of them, with its score for the first.
    const all = havingAll(run, { terms, weight });
    const rest = { ...all, values: new Float64Array(all.documents.length) };
    for (const [at, term] of terms.entries()) named(term).phrases.push(at === 0 ? all : rest);
  }
  return names;
}

/** The documents that have all terms, with the sums of their scores. */
function havingAll(run: Run, { terms, weight }: Phrase): Collected {
  let all: Map<number, number> | undefined;
  for (const term of terms) {
    if (all?.size === 0) break;
    const { documents, values } = collect(run, { term, weight });
    const found = new Map<number, number>();
    for (let at = 0; at < documents.length; at++) {
      const document = documents[at] as number;
      const before = found.get(document) ?? (all === undefined ? 0 : all.get(document));
      if (before !== undefined) found.set(document, before + (values[at] as number));
    }
    all = found;
  }
  const documents = Int32Array.from(all?.keys() ?? []);
  return { documents, values: Float64Array.from(all?.values() ?? []), telling: documents.length };
}

function add(run: Run, { documents, values, telling }: Collected, name: number): void {
  const { scores, names, last, told, found } = run;
  let { size } = run;
  for (let at = 0; at < documents.length; at++) {
    const document = documents[at] as number;
    if (last[document] === 0) found[size++] = document;
    if (last[document] !== name) (names[document] as number)++;
    last[document] = name;
    if (at < telling) told[document] = 1;
    (scores[document] as number) += values[at] as number;
  }
  run.size = size;
}

/** The accepted documents that have a term, with what it scores in each of their fields. */
function collect(run: Run, { term, weight }: Variant): Collected {
  const { corpus, scope } = run;
  const places = placesOf(corpus, term);
  run.known.set(term, places);
  const most = places.reduce((sum, [from, to]) => sum + to - from, 0);
  const all = { documents: new Int32Array(most), values: new Float64Array(most) };
  const fields = inFields(run, places);
  const isTelling = ({ count }: InField): boolean => count <= (scope.most ?? corpus.count);
  let size = 0;
  const take = (some: readonly InField[]): number => {
    for (const { field, boost, parts, count } of some) {
      const factor = weight * boost * Math.log(1 + (corpus.count - count + 0.5) / (count + 0.5));
      for (const [nth, part] of parts.entries()) size = collectIn(run, nth, part, { all, field, factor, size });
    }
    return size;
  };
  const telling = take(fields.filter(isTelling));
  take(fields.filter((field) => !isTelling(field)));
  return { documents: all.documents.subarray(0, size), values: all.values.subarray(0, size), telling };
}

/** How many documents have a term in the field that most have it in. */
export function mostIn(corpus: Corpus, term: string, boosts: readonly number[]): number {
  const scope = { boosts, accept: new Int32Array(0) };
  return Math.max(0, ...inFields({ corpus, scope }, placesOf(corpus, term)).map(({ count }) => count));
}

/** A field that is looked at, and how many documents have a term there. */
interface InField {
  readonly field: number;
  readonly boost: number;
  readonly parts: readonly Part[];
  readonly count: number;
}

function inFields({ corpus, scope }: Pick<Run, "corpus" | "scope">, places: Places): InField[] {
  const found: InField[] = [];
  for (const [field, boost] of scope.boosts.entries()) {
    if (boost === 0) continue;
    const parts = places.map(([from, to], nth) => partOf(corpus.segments[nth] as Segment, from, to, field));
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    if (count > 0) found.push({ field, boost, parts, count });
  }
  return found;
}

interface Part {
  /** The entries of a term and a field in one segment. */
  readonly from: number;
  readonly to: number;
  /** Of how many documents that are there. */
  readonly count: number;
}

function partOf({ postings: { entries }, gone }: Segment, first: number, end: number, field: number): Part {
  const from = firstEntry(entries, first, end, entryOf(field, 0, 0));
  const to = field === LAST_FIELD ? end : firstEntry(entries, from, end, entryOf(field + 1, 0, 0));
  const lost = gone.size === 0 ? 0 : entries.subarray(from, to).filter((entry) => gone.has(documentOf(entry))).length;
  return { from, to, count: to - from - lost };
}

interface Target {
  readonly all: Omit<Collected, "telling">;
  readonly field: number;
  readonly factor: number;
  /** How many are collected already. */
  readonly size: number;
}

function collectIn(run: Run, nth: number, { from, to }: Part, { all, field, factor, size }: Target): number {
  const { starts, segments, averages } = run.corpus;
  const { entries, lengths } = (segments[nth] as Segment).postings;
  const { accept } = run.scope;
  const { documents, values } = all;
  const start = starts[nth] as number;
  const fields = averages.length;
  const perTerm = (K * B) / (averages[field] as number);
  let end = size;
  for (let place = from; place < to; place++) {
    const entry = entries[place] as number;
    const document = documentOf(entry);
    if (accept[start + document] === 0) continue;
    const frequency = frequencyOf(entry);
    const length = lengths[document * fields + field] as number;
    documents[end] = start + document;
    values[end++] = factor * (D + (frequency * (K + 1)) / (frequency + K * (1 - B) + perTerm * length));
  }
  return end;
}
