import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { replaceFile } from "./replaceFile.ts";
import { fold, isStopWord, stem, tokenize } from "./tokens.ts";
import { findHash, hashWord } from "./wordTable.ts";

/** What a ticket says, as far as duplicates are told by: its first words' stems, as hashes, and how telling each is. */
export interface Signature {
  readonly stems: readonly number[];
  /** From 0 to 255, rare words high. */
  readonly weights: readonly number[];
}

/** A ticket that may be about the same thing. */
export interface Similar {
  readonly id: string;
  /** From 0 to 1. */
  readonly score: number;
}

/** How telling words are: the weights of the word table, without its vectors. */
export interface WordWeights {
  readonly fingerprint: string;
  /** From 0 to 255; what no table knows is a name, and tells most. */
  of(word: string): number;
}

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
}

/**
 * From this score on two tickets are likely about the same. Settled on the development half of test/bench/search, a
 * little above its best point since stores are larger than that.
 */
export const SIMILAR = 0.42;
/** Two short titles that share a word are not the same: so much weight must be shared, three telling words at least. */
const MIN_SHARED = 1.9 * 255;
/** Stems a ticket: the title and the beginning of the body say what it is about. */
const MAX_STEMS = 32;
/** Characters of a body that are looked at for them. */
const MAX_TEXT = 2000;
const HEADER_BYTES = 24;
const FILE = "similar.bin";
const VERSION = 1;

/** Reads the weights of the shipped table: a twentieth of the file. */
export function loadWordWeights(file: string): WordWeights {
  const handle = openSync(file, "r");
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(handle, header, 0, HEADER_BYTES, 0);
    const count = header.readUInt32LE(8);
    const bytes = Buffer.alloc(count * 5);
    readSync(handle, bytes, 0, bytes.length, HEADER_BYTES);
    const hashes = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + count * 4));
    const weights = bytes.subarray(count * 4);
    return { fingerprint: header.toString("hex", 16), of: (word) => weights[findHash(hashes, hashWord(word))] ?? 255 };
  } finally {
    closeSync(handle);
  }
}

/** The signature of a title and what stands below it. */
export function signatureOf(words: WordWeights, title: string, text: string): Signature {
  const found = new Map<number, number>();
  for (const word of tokenize(`${title}\n${text.slice(0, MAX_TEXT)}`)) {
    if (isStopWord(word) || found.size >= MAX_STEMS) continue;
    const hash = hashWord(stem(word));
    found.set(hash, Math.max(found.get(hash) ?? 0, words.of(word)));
  }
  return { stems: [...found.keys()], weights: [...found.values()] };
}

/** Whether a text says enough for its words to tell; of others only the titles are compared. */
export function isTelling({ weights }: Signature): boolean {
  return weights.reduce((sum, weight) => sum + weight, 0) >= MIN_SHARED;
}

/** An empty collection. */
export function emptySignatures(): Signatures {
  return { ids: [], versions: [], offsets: new Uint32Array(1), stems: new Uint32Array(0), weights: new Uint8Array(0) };
}

/** Tickets whose words are like those of `wanted`, the likest first. */
export function findSimilar(signatures: Signatures, wanted: Signature, limit: number): Similar[] {
  const { ids, offsets, stems, weights } = signatures;
  const slots = slotsOf(wanted);
  const own = wanted.weights.reduce((sum, weight) => sum + weight, 0);
  const found: Similar[] = [];
  for (let row = 0; row < ids.length; row++) {
    let shared = 0;
    let all = 0;
    for (let at = offsets[row] as number; at < (offsets[row + 1] as number); at++) {
      const weight = weights[at] as number;
      all += weight;
      // Most stems are in no slot: one look at a small table tells.
      let slot = (stems[at] as number) & SLOT_MASK;
      while (slots.used[slot] === 1 && slots.stems[slot] !== stems[at]) slot = (slot + 1) & SLOT_MASK;
      if (slots.used[slot] === 1) shared += weight;
    }
    const score = scoreOf(shared, own, all);
    if (score >= SIMILAR && ids[row] !== "") found.push({ id: ids[row] as string, score });
  }
  return found.sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1)).slice(0, limit);
}

/** The mean of Dice's coefficient and of the share of the shorter text that is in the longer one. */
export function scoreOf(shared: number, left: number, right: number): number {
  if (shared === 0 || (shared < MIN_SHARED && shared < Math.max(left, right))) return 0;
  return (2 * shared) / (left + right) / 2 + Math.min(1, shared / Math.min(left, right)) / 2;
}

/** The ids of titles that are the same as `wanted` but for case, accents and punctuation. */
export function sameTitles(
  tickets: Iterable<{ readonly id: string; readonly title: string }>,
  wanted: string,
): string[] {
  const title = plain(wanted);
  const first = wanted[0]?.toLowerCase();
  const found: string[] = [];
  for (const { id, title: other } of tickets) {
    // Folding ten thousand titles would take longer than all the rest.
    const mayBe = Math.abs(other.length - wanted.length) <= 4 && other[0]?.toLowerCase() === first;
    if (mayBe && plain(other) === title) found.push(id);
  }
  return found;
}

/** The collection with rows added or replaced; a replaced row stays where it is, unused, until the next save. */
export function addSignatures(
  signatures: Signatures,
  added: readonly { readonly id: string; readonly version: string; readonly signature: Signature }[],
): Signatures {
  if (added.length === 0) return signatures;
  const { ids, versions, offsets } = signatures;
  const start = ids.length;
  const find = rowFinder(signatures);
  const size = added.reduce((sum, { signature }) => sum + signature.stems.length, signatures.stems.length);
  const next: Signatures = {
    ids,
    versions,
    offsets: new Uint32Array(start + added.length + 1),
    stems: new Uint32Array(size),
    weights: new Uint8Array(size),
  };
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

/** The saved signatures, or none where they cannot be read or were made with another table of words. */
export function loadSignatures(dir: string | undefined, fingerprint: string): Signatures {
  if (dir === undefined) return emptySignatures();
  try {
    const bytes = readFileSync(path.join(dir, FILE));
    const start = bytes.indexOf(10) + 1;
    const [version, made, count, idBytes, total] = JSON.parse(bytes.toString("utf8", 0, start)) as Head;
    const offsetsAt = start + idBytes;
    const stemsAt = offsetsAt + (count + 1) * 4;
    const weightsAt = stemsAt + total * 4;
    if (version !== VERSION || made !== fingerprint || bytes.length !== weightsAt + total) return emptySignatures();
    const names = bytes.toString("utf8", start, offsetsAt).split("\n");
    const words = (from: number, to: number) =>
      new Uint32Array(bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to));
    return {
      ids: names.slice(0, count),
      versions: names.slice(count, count * 2),
      offsets: words(offsetsAt, stemsAt),
      stems: words(stemsAt, weightsAt),
      weights: bytes.subarray(weightsAt),
    };
  } catch {
    return emptySignatures();
  }
}

type Head = readonly [version: number, fingerprint: string, count: number, idBytes: number, total: number];

/** Writes the signatures. Failing to is no error: they can be made again. */
export function saveSignatures(dir: string | undefined, fingerprint: string, signatures: Signatures): void {
  if (dir === undefined) return;
  const { ids, versions, offsets, stems, weights } = signatures;
  const used = [...ids.keys()].filter((row) => ids[row] !== "");
  const kept = new Uint32Array(used.length + 1);
  const parts: { readonly stems: Uint32Array; readonly weights: Uint8Array }[] = [];
  let total = 0;
  for (const row of used) {
    const [from, to] = [offsets[row] as number, offsets[row + 1] as number];
    parts.push({ stems: stems.subarray(from, to), weights: weights.subarray(from, to) });
    total += to - from;
    kept[parts.length] = total;
  }
  const names = Buffer.from(`${[...used.map((row) => ids[row]), ...used.map((row) => versions[row])].join("\n")}\n`);
  const head: Head = [VERSION, fingerprint, used.length, names.length, total];
  const bytesOf = (array: Uint32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  replaceFile(path.join(dir, FILE), [
    Buffer.from(`${JSON.stringify(head)}\n`),
    names,
    bytesOf(kept),
    ...parts.map((part) => bytesOf(part.stems)),
    ...parts.map((part) => Buffer.from(part.weights)),
  ]);
}

/** A hash table with open addressing: 32 stems in 4096 slots meet by chance once in a hundred. */
const SLOT_MASK = 4095;

function slotsOf({ stems }: Signature): { readonly stems: Uint32Array; readonly used: Uint8Array } {
  const slots = { stems: new Uint32Array(SLOT_MASK + 1), used: new Uint8Array(SLOT_MASK + 1) };
  for (const hash of stems) {
    let slot = hash & SLOT_MASK;
    while (slots.used[slot] === 1) slot = (slot + 1) & SLOT_MASK;
    slots.used[slot] = 1;
    slots.stems[slot] = hash;
  }
  return slots;
}

function plain(title: string): string {
  return fold(title)
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
