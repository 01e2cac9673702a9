import MiniSearch, { type AsPlainObject, type Options } from "minisearch";
import { lowerBound, type Postings } from "./postings.ts";

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

/** A document as MiniSearch names it: by its number. */
export interface Numbered {
  readonly id: number;
}

/** What MiniSearch's JSON is made of (its `toJSON`), with maps by number as objects. */
interface PlainIndex {
  readonly documentIds: Record<number, number>;
  readonly fieldLength: Record<number, number[]>;
  readonly terms: Map<string, Record<number, Record<number, number>>>;
}

/**
 * The part of an index that some terms need, as a MiniSearch: their postings, and the counts of the whole, so that
 * they score as they would in all of it. Reading all of it costs ten times what a query does.
 */
export function openCorpus(
  { segments, starts, size, count, averages }: Corpus,
  wanted: ReadonlySet<string>,
  fields: readonly string[],
): MiniSearch<Numbered> {
  const plain: PlainIndex = { documentIds: {}, fieldLength: {}, terms: new Map() };
  for (const [at, segment] of segments.entries()) {
    for (const term of wanted) addTerm(plain, segment, starts[at] as number, { term, fields: fields.length });
  }
  const options: Options<Numbered> = { fields: [...fields], idField: "id", autoVacuum: false };
  const json = {
    documentCount: count,
    nextId: size,
    documentIds: plain.documentIds,
    fieldIds: Object.fromEntries(fields.map((field, at) => [field, at])),
    fieldLength: plain.fieldLength,
    averageFieldLength: [...averages],
    storedFields: {},
    dirtCount: 0,
    index: [...plain.terms],
    serializationVersion: 2,
  };
  return MiniSearch.loadJS(json as unknown as AsPlainObject, options);
}

interface Wanted {
  readonly term: string;
  /** How many fields a document has. */
  readonly fields: number;
}

function addTerm(plain: PlainIndex, { postings, gone }: Segment, start: number, { term, fields }: Wanted): void {
  const { terms, offsets, entries, lengths } = postings;
  const at = lowerBound(terms, term);
  if (terms[at] !== term) return;
  const byField = plain.terms.get(term) ?? {};
  for (let place = offsets[at] as number; place < (offsets[at + 1] as number); place++) {
    const entry = entries[place] as number;
    const document = entry >>> 8;
    if (gone[document] === 1) continue;
    const number = start + document;
    const field = (entry >>> 5) & 7;
    byField[field] ??= {};
    (byField[field] as Record<number, number>)[number] = entry & 31;
    if (plain.documentIds[number] !== undefined) continue;
    plain.documentIds[number] = number;
    plain.fieldLength[number] = Array.from(lengths.subarray(document * fields, (document + 1) * fields));
  }
  if (Object.keys(byField).length > 0) plain.terms.set(term, byField);
}
