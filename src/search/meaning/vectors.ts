import path from "node:path";
import { readCache, writeCache } from "../cacheFile.ts";
import type { Embedder } from "./embedder.ts";
import { unit } from "./wordTable.ts";

/** What a file of vectors says of them. */
interface Header {
  readonly version: number;
  readonly provider: string;
  readonly model: string;
  readonly dimensions: number;
  /** Vectors a ticket. */
  readonly parts: number;
}

/** Vectors of tickets by the hash of what was embedded: signed bytes, each vector with its scale. */
export interface Vectors {
  readonly dimensions: number;
  readonly parts: number;
  /** The keys of the rows that were read, joined: in the order of the index, most often. */
  readonly joined: string;
  /** Made when it is first asked for. */
  readonly rows: Map<string, number>;
  scales: Float32Array;
  bytes: Int8Array;
  /** Rows that no file has yet. */
  unsaved: number;
}

const VERSION = 2;
/** Characters of a key. */
const KEY = 16;

/** The vectors that an embedder made before, or none where they cannot be read. */
export function loadVectors(dir: string | undefined, embedder: Embedder): Vectors | undefined {
  const cache = dir === undefined ? undefined : readCache(fileOf(dir, embedder));
  const header = cache?.header as Header | undefined;
  if (cache === undefined || header?.version !== VERSION || header.model !== embedder.model) return undefined;
  const [keys, scales, values] = cache.parts as [Buffer, Buffer, Buffer];
  const { dimensions, parts } = header;
  return vectorsOf(keys.toString("latin1"), {
    dimensions,
    parts,
    scales: new Float32Array(scales.buffer, scales.byteOffset, scales.length / 4),
    bytes: new Int8Array(values.buffer, values.byteOffset, values.length),
  });
}

/** Writes the rows of `keys`, and forgets the others. Failing to is no error: they can be made again. */
export function saveVectors(
  dir: string | undefined,
  embedder: Embedder,
  vectors: Vectors,
  keys: Iterable<string>,
): void {
  if (dir === undefined) return;
  const kept = [...new Set(keys)].filter((key) => vectors.rows.has(key));
  const { dimensions, parts } = vectors;
  const { provider, model } = embedder;
  const header: Header = { version: VERSION, provider, model, dimensions, parts };
  const scales = new Float32Array(kept.length * parts);
  const bytes = new Int8Array(kept.length * parts * dimensions);
  for (const [to, key] of kept.entries()) {
    const from = vectors.rows.get(key) as number;
    scales.set(vectors.scales.subarray(from * parts, (from + 1) * parts), to * parts);
    const size = parts * dimensions;
    bytes.set(vectors.bytes.subarray(from * size, (from + 1) * size), to * size);
  }
  const keyBytes = Buffer.from(kept.join(""), "latin1");
  if (writeCache(fileOf(dir, embedder), header, [keyBytes, scales, bytes])) vectors.unsaved = 0;
}

/** Adds rows: for each key the vectors of its parts. */
export function addVectors(
  known: Vectors | undefined,
  keys: readonly string[],
  made: readonly (readonly Float32Array[])[],
): Vectors | undefined {
  const first = made[0]?.[0];
  if (first === undefined) return known;
  const dimensions = first.length;
  const parts = (made[0] as readonly Float32Array[]).length;
  const fits = known !== undefined && known.dimensions === dimensions && known.parts === parts;
  const base: Vectors = fits ? known : emptyVectors(dimensions, parts);
  // Not how many keys there are: two tickets may say the same.
  const start = base.scales.length / parts;
  const scales = new Float32Array((start + keys.length) * parts);
  const bytes = new Int8Array((start + keys.length) * parts * dimensions);
  scales.set(base.scales.subarray(0, start * parts));
  bytes.set(base.bytes.subarray(0, start * parts * dimensions));
  for (const [at, vectors] of made.entries()) {
    for (const [part, vector] of vectors.entries()) {
      const place = (start + at) * parts + part;
      scales[place] = quantise(vector, bytes, place * dimensions);
    }
    base.rows.set(keys[at] as string, start + at);
  }
  return Object.assign(base, { scales, bytes, unsaved: base.unsaved + keys.length });
}

/** The largest cosine of a unit vector with the vectors of a row. */
export function similarity(vectors: Vectors, row: number, query: Float32Array): number {
  const { dimensions, parts, bytes, scales } = vectors;
  let best = -1;
  for (let part = 0; part < parts; part++) {
    const start = (row * parts + part) * dimensions;
    let sum = 0;
    for (let at = 0; at < dimensions; at++) sum += (query[at] as number) * (bytes[start + at] as number);
    const cosine = sum * (scales[row * parts + part] as number);
    if (cosine > best) best = cosine;
  }
  return best;
}

/** The row of a key; `guess` is looked at first. */
export function rowOf({ joined, rows }: Vectors, key: string, guess: number): number | undefined {
  return joined.startsWith(key, guess * KEY) && joined.length >= (guess + 1) * KEY ? guess : rows.get(key);
}

function vectorsOf(joined: string, parts: Pick<Vectors, "dimensions" | "parts" | "scales" | "bytes">): Vectors {
  let rows: Map<string, number> | undefined;
  return {
    ...parts,
    joined,
    unsaved: 0,
    get rows() {
      if (rows !== undefined) return rows;
      rows = new Map();
      for (let row = 0; row < joined.length / KEY; row++) rows.set(joined.slice(row * KEY, (row + 1) * KEY), row);
      return rows;
    },
  };
}

function emptyVectors(dimensions: number, parts: number): Vectors {
  return vectorsOf("", { dimensions, parts, scales: new Float32Array(0), bytes: new Int8Array(0) });
}

/** Writes a unit vector as signed bytes and answers what they are to be multiplied by. */
function quantise(vector: Float32Array, target: Int8Array, start: number): number {
  unit(vector);
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  for (let at = 0; at < vector.length; at++) target[start + at] = Math.round(((vector[at] as number) / largest) * 127);
  return largest / 127;
}

function fileOf(dir: string, { provider, model }: Embedder): string {
  const name = `${provider}-${model}`.replaceAll(/[^\w.-]+/g, "_").slice(0, 100);
  return path.join(dir, `vectors-${name}.bin`);
}
