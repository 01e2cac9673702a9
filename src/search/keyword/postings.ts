import { joinTexts, Texts } from "../texts.ts";

/**
 * A keyword index: which fields of which documents have a term, and how often. Sorted arrays, so that it is read in one
 * piece and a query looks at the postings of its own terms only.
 */
export interface Postings {
  /** Sorted by code unit. */
  readonly terms: Texts;
  /** Where each term's entries begin; one more than there are terms. */
  readonly offsets: Uint32Array;
  /** Each term's sorted: see {@link entryOf}. */
  readonly entries: Uint32Array;
  /** Different terms of each field of each document. */
  readonly lengths: Uint32Array;
  /** The sum of them for each field: a query needs their average. */
  readonly sums: readonly number[];
}

/** Documents to be put behind those that are kept: their terms by field, field by field and document by document. */
export type Added = readonly (readonly (readonly string[])[])[];

const MAX_FREQUENCY = 31;
const DOCUMENT = 0xffffff;

/** That a field of a document has a term so often: sorted by field, then by document; frequencies above 31 as 31. */
export function entryOf(field: number, document: number, frequency: number): number {
  return ((field << 29) | (document << 5) | Math.min(frequency, MAX_FREQUENCY)) >>> 0;
}

/** Of which document an entry is. */
export function documentOf(entry: number): number {
  return (entry >>> 5) & DOCUMENT;
}

/** In which field. */
export function fieldOf(entry: number): number {
  return entry >>> 29;
}

/** How often it has the term. */
export function frequencyOf(entry: number): number {
  return entry & MAX_FREQUENCY;
}

/** The first of some entries that is not before `wanted`. */
export function firstEntry(entries: Uint32Array, from: number, to: number, wanted: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Postings of no documents with so many fields. */
export function emptyPostings(fields: number): Postings {
  const none = new Uint32Array(0);
  const sums = new Array<number>(fields).fill(0);
  return { terms: new Texts("", none), offsets: new Uint32Array(1), entries: none, lengths: none, sums };
}

/** The postings without the documents that `keep` refuses, and with those added; the kept ones close ranks. */
export function mergePostings(base: Postings, keep: (document: number) => boolean, documents: Added): Postings {
  const fields = base.sums.length;
  const count = base.lengths.length / fields;
  const moved = new Int32Array(count).fill(-1);
  let kept = 0;
  for (let document = 0; document < count; document++) if (keep(document)) moved[document] = kept++;
  const lengths = new Uint32Array((kept + documents.length) * fields);
  for (const [document, to] of moved.entries()) {
    if (to >= 0) lengths.set(base.lengths.subarray(document * fields, (document + 1) * fields), to * fields);
  }
  const added = countTerms(documents, kept, lengths, fields);
  const terms = [...added.keys()].sort(compareUnits);
  const size = terms.reduce((sum, term) => sum + (added.get(term) as number[]).length, base.entries.length);
  const writer: Writer = { terms: [], offsets: [0], entries: new Uint32Array(size), at: 0 };
  let old = 0;
  for (const term of terms) {
    while (old < base.terms.count && base.terms.at(old) < term) copyTerm(writer, base, old++, moved);
    if (base.terms.is(old, term)) copyEntries(writer, base, old++, moved);
    for (const entry of added.get(term) as number[]) writer.entries[writer.at++] = entry;
    writer.entries.subarray(writer.offsets.at(-1), writer.at).sort();
    endTerm(writer, term);
  }
  while (old < base.terms.count) copyTerm(writer, base, old++, moved);
  return {
    terms: joinTexts(writer.terms),
    offsets: Uint32Array.from(writer.offsets),
    entries: writer.entries.slice(0, writer.at),
    lengths,
    sums: sumsOf(lengths, fields),
  };
}

/** The entries of each term of the added documents, whose numbers begin at `first`; fills in their lengths. */
function countTerms(documents: Added, first: number, lengths: Uint32Array, fields: number): Map<string, number[]> {
  const added = new Map<string, number[]>();
  for (const [at, parts] of documents.entries()) {
    for (const [field, terms] of parts.entries()) {
      const counts = new Map<string, number>();
      for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
      lengths[(first + at) * fields + field] = counts.size;
      for (const [term, frequency] of counts) {
        const entries = added.get(term);
        const entry = entryOf(field, first + at, frequency);
        if (entries === undefined) added.set(term, [entry]);
        else entries.push(entry);
      }
    }
  }
  return added;
}

function sumsOf(lengths: Uint32Array, fields: number): number[] {
  const sums = new Array<number>(fields).fill(0);
  for (let at = 0; at < lengths.length; at++) (sums[at % fields] as number) += lengths[at] as number;
  return sums;
}

/** By code unit, as `<` compares. */
function compareUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

interface Writer {
  readonly terms: string[];
  readonly offsets: number[];
  readonly entries: Uint32Array;
  at: number;
}

function endTerm(writer: Writer, term: string): void {
  if (writer.at === writer.offsets.at(-1)) return;
  writer.terms.push(term);
  writer.offsets.push(writer.at);
}

function copyTerm(writer: Writer, base: Postings, at: number, moved: Int32Array): void {
  copyEntries(writer, base, at, moved);
  endTerm(writer, base.terms.at(at));
}

function copyEntries(writer: Writer, { offsets, entries }: Postings, at: number, moved: Int32Array): void {
  for (let place = offsets[at] as number; place < (offsets[at + 1] as number); place++) {
    const entry = entries[place] as number;
    const document = moved[documentOf(entry)] as number;
    if (document >= 0) writer.entries[writer.at++] = (entry & ~(DOCUMENT << 5)) | (document << 5);
  }
}
