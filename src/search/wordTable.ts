import { readFileSync } from "node:fs";
import { isStopWord, stem, tokenize } from "./tokens.ts";

/** Word vectors as they are shipped: made by .ci/wordTable.mjs, described in data/README.md. */
export interface WordTable {
  readonly dimensions: number;
  /** Changes with the table's content. */
  readonly fingerprint: string;
  /** The row of a word, or -1. */
  find(word: string): number;
  /** Adds a row's vector to `sum`, times `factor` and the word's weight; answers the weight, from 0 to 1. */
  addTo(sum: Float32Array, row: number, factor: number): number;
}

const MAGIC = "ayoW";
const HEADER = 24;

/** FNV-1a over UTF-16 units: what words are found by, 32 bits. */
export function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/**
 * Reads a table: a header of 24 bytes (magic, version, count, dimensions, fingerprint), then for each word its hash
 * (sorted), its weight (0 to 255) and its vector (signed bytes of a unit vector times 254), little-endian.
 * @throws Error when the file is missing or no such table
 */
export function loadWordTable(file: string): WordTable {
  const bytes = readFileSync(file);
  const count = bytes.readUInt32LE(8);
  const dimensions = bytes.readUInt32LE(12);
  const weightsAt = HEADER + count * 4;
  const vectorsAt = weightsAt + count;
  if (bytes.toString("latin1", 0, 4) !== MAGIC || bytes.length !== vectorsAt + count * dimensions) {
    throw new Error(`${file} is not a table of words`);
  }
  const hashes = new Uint32Array(bytes.buffer.slice(bytes.byteOffset + HEADER, bytes.byteOffset + weightsAt));
  const vectors = new Int8Array(bytes.buffer, bytes.byteOffset + vectorsAt, count * dimensions);
  return {
    dimensions,
    fingerprint: bytes.toString("hex", 16, HEADER),
    find: (word) => findHash(hashes, hashWord(word)),
    addTo: (sum, row, factor) => {
      const weight = (bytes[weightsAt + row] as number) / 255;
      const scale = (factor * weight) / 254;
      const start = row * dimensions;
      for (let at = 0; at < dimensions; at++) (sum[at] as number) += scale * (vectors[start + at] as number);
      return weight;
    },
  };
}

/** What a text means as a unit vector (all zeros when no word is known), and which share of its words was known. */
export interface Meaning {
  readonly vector: Float32Array;
  /** From 0 to 1. */
  readonly coverage: number;
}

/** The weighted mean of the words' vectors; rare words count more (smooth inverse frequency). */
export function meaningOf(table: WordTable, parts: readonly (readonly [text: string, factor: number])[]): Meaning {
  const vector = new Float32Array(table.dimensions);
  let known = 0;
  let all = 0;
  for (const [text, factor] of parts) {
    for (const row of rowsOf(table, text)) {
      if (row >= 0) table.addTo(vector, row, factor);
      if (row >= 0) known++;
      all++;
    }
  }
  return { vector: unit(vector), coverage: all === 0 ? 0 : known / all };
}

/** The rows of a text's words, -1 for each that the table lacks. */
function rowsOf(table: WordTable, text: string): number[] {
  const words = tokenize(text).filter((word) => !isStopWord(word));
  const rows = words.map((word) => ({ word, row: rowOf(table, word) }));
  // What code joins is there in parts too: the whole is no word that the table lacks.
  return rows.filter(({ word, row }) => row >= 0 || /^[\p{L}]+$/u.test(word)).map(({ row }) => row);
}

function rowOf(table: WordTable, word: string): number {
  const row = table.find(word);
  if (row >= 0) return row;
  const shorter = stem(word);
  return shorter === word ? -1 : table.find(shorter);
}

/** Scales a vector to length 1, in place; zeros stay. */
export function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) for (let at = 0; at < vector.length; at++) (vector[at] as number) /= length;
  return vector;
}

/** Where a hash is among sorted ones, or -1. */
export function findHash(hashes: Uint32Array, hash: number): number {
  let low = 0;
  let high = hashes.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = hashes[middle] as number;
    if (found === hash) return middle;
    if (found < hash) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
