import type { Signature } from "./similar.ts";

/** Signatures of many tickets in one piece. */
export interface Signatures {
  /** The ticket of each row; "" where a row is not used any more. */
  readonly ids: string[];
  /** The beginning of the version that a row was made from. */
  readonly versions: string[];
  /** Where each row begins in `stems` and `weights`; one more than there are rows. */
  offsets: Uint32Array;
  stems: Uint32Array;
  weights: Uint8Array;
  /** How many of each row's stems are the title's. */
  titles: Uint8Array;
  /** Of saved ones: which rows have a stem. */
  postings?: Postings;
}

/** Each stem once, in order, and where its rows end in `rows`; they begin where those of the stem before end. */
export interface Postings {
  readonly stems: Uint32Array;
  readonly ends: Uint32Array;
  readonly rows: Uint32Array;
}

/** A row to come: a ticket, the beginning of its version, and its signature. */
export interface SignatureRow {
  readonly id: string;
  readonly version: string;
  readonly signature: Signature;
}

/** An empty collection. */
export function emptySignatures(): Signatures {
  return {
    ids: [],
    versions: [],
    offsets: new Uint32Array(1),
    stems: new Uint32Array(0),
    weights: new Uint8Array(0),
    titles: new Uint8Array(0),
  };
}

/** The collection with rows added or replaced; a replaced row stays where it is, unused, until the next save. */
export function addSignatures(signatures: Signatures, added: readonly SignatureRow[]): Signatures {
  if (added.length === 0) return signatures;
  const { offsets } = signatures;
  const [ids, versions] = [signatures.ids.slice(), signatures.versions.slice()];
  const start = ids.length;
  const find = rowFinder(signatures);
  const size = added.reduce((sum, { signature }) => sum + signature.stems.length, signatures.stems.length);
  const next: Signatures = {
    ids,
    versions,
    offsets: new Uint32Array(start + added.length + 1),
    stems: new Uint32Array(size),
    weights: new Uint8Array(size),
    titles: new Uint8Array(start + added.length),
  };
  next.titles.set(signatures.titles);
  next.offsets.set(offsets);
  next.stems.set(signatures.stems);
  next.weights.set(signatures.weights);
  for (const [at, { id, version, signature }] of added.entries()) {
    const old = find(id);
    if (old !== undefined) ids[old] = "";
    const from = next.offsets[start + at] as number;
    next.stems.set(signature.stems, from);
    next.weights.set(signature.weights, from);
    next.offsets[start + at + 1] = from + signature.stems.length;
    next.titles[start + at] = signature.title;
    ids[start + at] = id;
    versions[start + at] = version;
  }
  return next;
}

/** Finds rows by id; asked in the order of the rows it needs no index of them. */
export function rowFinder({ ids }: Signatures): (id: string) => number | undefined {
  let next = 0;
  let index: Map<string, number> | undefined;
  return (id) => {
    if (ids[next] === id) return next++;
    index ??= new Map(ids.map((one, row) => [one, row]));
    const row = index.get(id);
    if (row === undefined || ids[row] !== id) return undefined;
    next = row + 1;
    return row;
  };
}

/** Turns rows of stems into stems with rows. A stem and its row fit into one number. */
export function postingsOf(offsets: Uint32Array, parts: readonly { readonly stems: Uint32Array }[]): Postings {
  const pairs = new Float64Array(offsets.at(-1) ?? 0);
  let at = 0;
  for (const [row, { stems }] of parts.entries()) for (const hash of stems) pairs[at++] = hash * MAX_ROWS + row;
  pairs.sort();
  const rows = new Uint32Array(pairs.length);
  const stems: number[] = [];
  const ends: number[] = [];
  for (const [place, pair] of pairs.entries()) {
    const hash = Math.floor(pair / MAX_ROWS);
    rows[place] = pair - hash * MAX_ROWS;
    if (stems.at(-1) !== hash) stems.push(hash);
    ends[stems.length - 1] = place + 1;
  }
  return { stems: Uint32Array.from(stems), ends: Uint32Array.from(ends), rows };
}

/** A hash of 32 bits times this is still exact. */
const MAX_ROWS = 2 ** 21;
