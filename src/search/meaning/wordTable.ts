import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isStopWord, stem, tokenize } from "../words/tokens.ts";

/** Word vectors as they are shipped: made by .ci/wordTable.mjs, described in data/README.md. */
export interface WordTable {
  readonly dimensions: number;
  /** Changes with the table's content. */
  readonly fingerprint: string;
  /** The row of a word, or -1. */
  find(word: string): number;
  /** From 0 to 1: what a row's word counts; a word that is not there as much as a rare one. */
  weight(row: number): number;
  /** The cosine of two rows' vectors; 0 where one is none. */
  nearness(left: number, right: number): number;
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
  const handle = openSync(file, "r");
  const header = readPart(handle, 0, HEADER);
  const count = header.length < HEADER ? 0 : header.readUInt32LE(8);
  const dimensions = header.length < HEADER ? 0 : header.readUInt32LE(12);
  const vectorsAt = HEADER + count * 5;
  if (header.toString("latin1", 0, 4) !== MAGIC || fstatSync(handle).size !== vectorsAt + count * dimensions) {
    closeSync(handle);
    throw new Error(`${file} is not a table of words`);
  }
  const bytes = readPart(handle, HEADER, count * 5);
  const hashes = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + count * 4));
  const weights = bytes.subarray(count * 4);
  const vectorOf = vectorReader(handle, vectorsAt, count, dimensions);
  return {
    dimensions,
    fingerprint: header.toString("hex", 16, HEADER),
    find: (word) => findHash(hashes, hashWord(word)),
    weight: (row) => (row < 0 ? 1 : (weights[row] as number) / 255),
    nearness: (left, right) => (left < 0 || right < 0 ? 0 : cosine(vectorOf(left), vectorOf(right))),
    addTo: (sum, row, factor) => {
      const weight = (weights[row] as number) / 255;
      const scale = (factor * weight) / 254;
      const vector = vectorOf(row);
      for (let at = 0; at < dimensions; at++) (sum[at] as number) += scale * (vector[at] as number);
      return weight;
    },
  };
}

/** A query has few words, and the whole table is megabytes: it is read when more rows than this are asked for. */
const FEW = 256;

/** Reads the vectors of rows; closes the file once it has all. */
function vectorReader(handle: number, start: number, count: number, dimensions: number): (row: number) => Int8Array {
  const known = new Map<number, Int8Array>();
  let whole: Int8Array | undefined;
  const signed = ({ buffer, byteOffset, length }: Buffer): Int8Array => new Int8Array(buffer, byteOffset, length);
  return (row) => {
    if (whole !== undefined) return whole.subarray(row * dimensions, (row + 1) * dimensions);
    const before = known.get(row);
    if (before !== undefined) return before;
    if (known.size >= FEW) {
      whole = signed(readPart(handle, start, count * dimensions));
      closeSync(handle);
      known.clear();
      return whole.subarray(row * dimensions, (row + 1) * dimensions);
    }
    const vector = signed(readPart(handle, start + row * dimensions, dimensions));
    known.set(row, vector);
    return vector;
  };
}

/** So many bytes of a file, or fewer where it ends. */
export function readPart(handle: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const read = readSync(handle, bytes, done, length - done, from + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
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

/** The cosine of two unit vectors, which are kept times 254. */
function cosine(left: Int8Array, right: Int8Array): number {
  let product = 0;
  for (let at = 0; at < left.length; at++) product += (left[at] as number) * (right[at] as number);
  return product / (254 * 254);
}
