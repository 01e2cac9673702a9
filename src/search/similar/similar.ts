import { closeSync, openSync } from "node:fs";
import { findHash, hashWord, readPart } from "../meaning/wordTable.ts";
import { fold, isStopWord, stem, tokenize } from "../words/tokens.ts";
import type { Postings, Signatures } from "./signatures.ts";

/** What a ticket says, as far as duplicates are told by: its first words' stems, as hashes, and how telling each is. */
export interface Signature {
  readonly stems: readonly number[];
  /** From 0 to 255, rare words high. */
  readonly weights: readonly number[];
  /** How many of the stems are the title's; they come first. */
  readonly title: number;
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

/**
 * From this score on two tickets are likely about the same. On the development half of test/bench/search anything from
 * 0.40 to 0.55 names no wrong one; a wrong one is worse than none, since `--unique` refuses.
 */
export const SIMILAR = 0.5;
/** Two short titles that share a word are not the same: so much weight must be shared, three telling words at least. */
const MIN_SHARED = 2.1 * 255;
/** Stems a ticket: the title and the beginning of the body say what it is about. */
const MAX_STEMS = 32;
/** So much of one of the two titles must be in the other ticket: what is shared is what it is about, not a detail. */
const TITLE_SHARE = 0.5;
/** Characters of a body that are looked at for them. */
const MAX_TEXT = 2000;
const HEADER_BYTES = 24;

/** Reads the weights of the shipped table, a twentieth of the file. */
export function loadWordWeights(file: string): WordWeights {
  const handle = openSync(file, "r");
  try {
    const header = readPart(handle, 0, HEADER_BYTES);
    const count = header.readUInt32LE(8);
    const { buffer, byteOffset } = readPart(handle, HEADER_BYTES, count * 5);
    const isEven = byteOffset % 4 === 0;
    const hashes = isEven
      ? new Uint32Array(buffer, byteOffset, count)
      : new Uint32Array(buffer.slice(byteOffset, byteOffset + count * 4));
    const weights = new Uint8Array(buffer, byteOffset + count * 4, count);
    return { fingerprint: header.toString("hex", 16), of: (word) => weights[findHash(hashes, hashWord(word))] ?? 255 };
  } finally {
    closeSync(handle);
  }
}

/** The signature of a title and what stands below it. */
export function signatureOf(words: WordWeights, title: string, text: string): Signature {
  const found = new Map<number, number>();
  const add = (part: string): number => {
    for (const word of tokenize(part)) {
      if (isStopWord(word) || found.size >= MAX_STEMS) continue;
      const hash = hashWord(stem(word));
      found.set(hash, Math.max(found.get(hash) ?? 0, words.of(word)));
    }
    return found.size;
  };
  const count = add(title);
  add(text.slice(0, MAX_TEXT));
  return { stems: [...found.keys()], weights: [...found.values()], title: count };
}

/** Whether a text says enough for its words to tell; of others only the titles are compared. */
export function isTelling({ weights }: Signature): boolean {
  return sum(weights) >= MIN_SHARED;
}

/** Tickets whose words are like those of `wanted`, the likest first. */
export function findSimilar(signatures: Signatures, wanted: Signature, limit: number): Similar[] {
  const { ids } = signatures;
  const slots = slotsOf(wanted);
  const own = { all: sum(wanted.weights), title: sum(wanted.weights.slice(0, wanted.title)) };
  const found: Similar[] = [];
  const rows = signatures.postings === undefined ? ids.keys() : rowsSharing(signatures.postings, wanted, ids.length);
  for (const row of rows) {
    const score = compareRow(signatures, row, slots, own);
    if (score >= SIMILAR && ids[row] !== "") found.push({ id: ids[row] as string, score });
  }
  return found.sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1)).slice(0, limit);
}

/** The rows that share so many stems that they may share enough: of ten thousand some hundred. */
function rowsSharing({ stems, ends, rows }: Postings, wanted: Signature, count: number): number[] {
  const least = Math.ceil(Math.min(MIN_SHARED, sum(wanted.weights)) / 255);
  const shared = new Uint8Array(count);
  const found: number[] = [];
  for (const hash of wanted.stems) {
    const place = findHash(stems, hash);
    const end = place < 0 ? 0 : (ends[place] as number);
    for (let at = place < 1 ? 0 : (ends[place - 1] as number); at < end; at++) {
      const row = rows[at] as number;
      shared[row] = (shared[row] as number) + 1;
      if (shared[row] === Math.max(1, least)) found.push(row);
    }
  }
  return found;
}

function compareRow({ offsets, stems, weights, titles }: Signatures, row: number, slots: Slots, own: Weight): number {
  const start = offsets[row] as number;
  const titleEnd = start + (titles[row] as number);
  const shared: Shared = { all: 0, leftTitle: 0, rightTitle: 0 };
  let all = 0;
  let title = 0;
  for (let at = start; at < (offsets[row + 1] as number); at++) {
    const weight = weights[at] as number;
    all += weight;
    if (at < titleEnd) title += weight;
    const kind = slotOf(slots, stems[at] as number);
    if (kind === 0) continue;
    shared.all += weight;
    if (kind === TITLE) shared.leftTitle += weight;
    if (at < titleEnd) shared.rightTitle += weight;
  }
  return shared.all === 0 ? 0 : scoreOf(shared, own, { all, title });
}

/** The weight of a ticket's stems. */
export interface Weight {
  readonly all: number;
  readonly title: number;
}

/** The weight of the stems that two tickets share, and how much of it is in either title. */
export interface Shared {
  all: number;
  leftTitle: number;
  rightTitle: number;
}

/**
 * The mean of Dice's coefficient and of the share of the shorter text that is in the longer one; 0 when too little is
 * shared, or nothing that either title says.
 */
export function scoreOf(shared: Shared, left: Weight, right: Weight): number {
  if (shared.all === 0 || (shared.all < MIN_SHARED && shared.all < Math.max(left.all, right.all))) return 0;
  if (shared.leftTitle < TITLE_SHARE * left.title && shared.rightTitle < TITLE_SHARE * right.title) return 0;
  const dice = (2 * shared.all) / (left.all + right.all);
  return (dice + Math.min(1, shared.all / Math.min(left.all, right.all))) / 2;
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

/** A hash table with open addressing: 32 stems in 4096 slots meet by chance once in a hundred. */
const SLOT_MASK = 4095;

interface Slots {
  readonly stems: Uint32Array;
  /** 0: free; 1: a stem of the body; 2: one of the title. */
  readonly kinds: Uint8Array;
}

const TITLE = 2;

function slotsOf({ stems, title }: Signature): Slots {
  const slots = { stems: new Uint32Array(SLOT_MASK + 1), kinds: new Uint8Array(SLOT_MASK + 1) };
  for (const [at, hash] of stems.entries()) {
    let slot = hash & SLOT_MASK;
    while (slots.kinds[slot] !== 0) slot = (slot + 1) & SLOT_MASK;
    slots.kinds[slot] = at < title ? TITLE : 1;
    slots.stems[slot] = hash;
  }
  return slots;
}

/** The kind of a stem; most are in no slot, and one look tells. */
function slotOf({ stems, kinds }: Slots, hash: number): number {
  let slot = hash & SLOT_MASK;
  while (kinds[slot] !== 0 && stems[slot] !== hash) slot = (slot + 1) & SLOT_MASK;
  return kinds[slot] as number;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function plain(title: string): string {
  return fold(title)
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
