/**
 * A keyword index: which fields of which documents have a term, and how often. Sorted arrays, so that it is read in one
 * piece and a query looks at the postings of its own terms only: MiniSearch's JSON costs ten times as much to load.
 */
export interface Postings {
  /** Sorted by code unit. */
  readonly terms: readonly string[];
  /** Where each term's entries begin; one more than there are terms. */
  readonly offsets: Uint32Array;
  /** `document << 8 | field << 5 | frequency`, frequencies above 31 as 31. */
  readonly entries: Uint32Array;
  /** Different terms of each field of each document. */
  readonly lengths: Uint32Array;
}

/** Documents to be put behind those that are kept: their terms by field, field by field and document by document. */
export type Added = readonly (readonly (readonly string[])[])[];

const MAX_FREQUENCY = 31;

/** Postings of no documents. */
export function emptyPostings(): Postings {
  const none = new Uint32Array(0);
  return { terms: [], offsets: new Uint32Array(1), entries: none, lengths: none };
}

/** The first term that is not before `term`. */
export function lowerBound(terms: readonly string[], term: string): number {
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((terms[middle] as string) < term) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The postings without the documents that `keep` refuses, and with those added; the kept ones close ranks. */
export function mergePostings(
  base: Postings,
  keep: (document: number) => boolean,
  documents: Added,
  fields: number,
): Postings {
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
  const writer = { terms: [] as string[], offsets: [0], entries: new Uint32Array(size), at: 0 };
  let old = 0;
  for (const term of terms) {
    while (old < base.terms.length && (base.terms[old] as string) < term) copyTerm(writer, base, old++, moved);
    if (base.terms[old] === term) copyEntries(writer, base, old++, moved);
    for (const entry of added.get(term) as number[]) writer.entries[writer.at++] = entry;
    endTerm(writer, term);
  }
  while (old < base.terms.length) copyTerm(writer, base, old++, moved);
  return {
    terms: writer.terms,
    offsets: Uint32Array.from(writer.offsets),
    entries: writer.entries.slice(0, writer.at),
    lengths,
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
        const entry = entryOf(first + at, field, frequency);
        if (entries === undefined) added.set(term, [entry]);
        else entries.push(entry);
      }
    }
  }
  return added;
}

/** By code unit, as `<` compares. */
function compareUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The bytes of postings: counts as a JSON line, then the terms a line each, then the arrays. */
export function formatPostings({ terms, offsets, entries, lengths }: Postings): Buffer[] {
  const text = Buffer.from(terms.join("\n"));
  const counts = [text.length, offsets.length, entries.length, lengths.length];
  const arrays = [offsets, entries, lengths].map((array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength),
  );
  return [Buffer.from(`${JSON.stringify(counts)}\n`), text, ...arrays];
}

/** Reads what {@link formatPostings} made. @throws when the bytes are too few or no such thing */
export function parsePostings(bytes: Buffer): Postings {
  const start = bytes.indexOf(10) + 1;
  const [text = 0, ...counts] = JSON.parse(bytes.toString("utf8", 0, start)) as number[];
  const terms = text === 0 ? [] : bytes.toString("utf8", start, start + text).split("\n");
  let at = start + text;
  const [offsets, entries, lengths] = counts.map((count) => {
    const from = bytes.byteOffset + at;
    at += count * 4;
    if (at > bytes.length) throw new RangeError("the postings are cut off");
    return new Uint32Array(bytes.buffer.slice(from, from + count * 4));
  }) as [Uint32Array, Uint32Array, Uint32Array];
  return { terms, offsets, entries, lengths };
}

interface Writer {
  readonly terms: string[];
  readonly offsets: number[];
  readonly entries: Uint32Array;
  at: number;
}

function entryOf(document: number, field: number, frequency: number): number {
  return ((document << 8) | (field << 5) | Math.min(frequency, MAX_FREQUENCY)) >>> 0;
}

function endTerm(writer: Writer, term: string): void {
  if (writer.at === writer.offsets.at(-1)) return;
  writer.terms.push(term);
  writer.offsets.push(writer.at);
}

function copyTerm(writer: Writer, base: Postings, at: number, moved: Int32Array): void {
  copyEntries(writer, base, at, moved);
  endTerm(writer, base.terms[at] as string);
}

function copyEntries(writer: Writer, { offsets, entries }: Postings, at: number, moved: Int32Array): void {
  for (let place = offsets[at] as number; place < (offsets[at + 1] as number); place++) {
    const entry = entries[place] as number;
    const document = moved[entry >>> 8] as number;
    if (document >= 0) writer.entries[writer.at++] = ((document << 8) | (entry & 255)) >>> 0;
  }
}
