// From vectors of words to the file that search reads: without what all words share, pulled together by the thesaurus, in bytes.
import { createHash } from "node:crypto";

/** As many as vectors.mjs is asked for. */
export const DIMENSIONS = 100;
/** A word seen so often keeps its meaning in full beside the one that the thesaurus gives it. */
const COMMON = 20;
/** Directions that all words share and that say nothing (Mu and Viswanath 2018, "All-but-the-Top"). */
const SHARED_DIRECTIONS = 2;
/** Smooth inverse frequency (Arora, Liang and Ma 2017): a / (a + p(word)). */
const SIF = 1e-3;
/** So many times more than it is there a word has what all of its stem mean: of a rare form little is known. */
const SHARED_BY_STEM = 200;

function unit(vector) {
  const length = Math.hypot(...vector) || 1;
  for (let at = 0; at < DIMENSIONS; at++) vector[at] /= length;
  return vector;
}

function dot(left, right) {
  let sum = 0;
  for (let at = 0; at < DIMENSIONS; at++) sum += left[at] * right[at];
  return sum;
}

function addTo(sum, vector, factor = 1) {
  for (let at = 0; at < DIMENSIONS; at++) sum[at] += factor * vector[at];
}

function removeShared(entries) {
  const mean = new Float64Array(DIMENSIONS);
  for (const { vector } of entries) addTo(mean, vector, 1 / entries.length);
  for (const { vector } of entries) addTo(vector, mean, -1);
  for (let direction = 0; direction < SHARED_DIRECTIONS; direction++) {
    let axis = unit(Float64Array.from({ length: DIMENSIONS }, (_, at) => Math.sin(at + 1 + direction)));
    for (let round = 0; round < 12; round++) {
      const next = new Float64Array(DIMENSIONS);
      for (const { vector } of entries) addTo(next, vector, dot(vector, axis));
      axis = unit(next);
    }
    for (const { vector } of entries) addTo(vector, axis, -dot(vector, axis));
  }
  for (const { vector } of entries) unit(vector);
}

/** Gives the forms of a word a part of what they mean together, and the stem itself a row for forms that are not there. */
function shareStems(table, stem) {
  const stems = new Map();
  for (const [word, { count, vector }] of table) {
    const known = stems.get(stem(word)) ?? { forms: [], count: 0, vector: new Float64Array(DIMENSIONS) };
    stems.set(stem(word), { ...known, forms: [...known.forms, word], count: known.count + count });
    addTo(known.vector, vector, count);
  }
  for (const [name, { forms, count, vector }] of stems) {
    unit(vector);
    for (const { count: own, vector: form } of forms.map((word) => table.get(word))) {
      for (let at = 0; at < DIMENSIONS; at++) form[at] = own * form[at] + SHARED_BY_STEM * vector[at];
      unit(form);
    }
    if (name.length > 2 && !table.has(name)) table.set(name, { count, vector: vector.slice() });
  }
}

/** What a phrase means by its words; undefined when the table has none of them. */
function phraseVector(table, words) {
  const known = words.filter((word) => table.has(word));
  const sum = new Float64Array(DIMENSIONS);
  for (const word of known) addTo(sum, table.get(word).vector);
  return known.length === 0 ? undefined : unit(sum);
}

/** For each word of a group what the others of the group mean together, added up in `meant`. */
function addMeanings(meant, table, group) {
  const vectors = group.map((words) => phraseVector(table, words));
  for (const [at, words] of group.entries()) {
    const others = vectors.filter((vector, other) => vector !== undefined && other !== at);
    if (words.length !== 1 || others.length === 0) continue;
    const sum = new Float64Array(DIMENSIONS);
    for (const other of others) addTo(sum, other);
    if (!meant.has(words[0])) meant.set(words[0], new Float64Array(DIMENSIONS));
    addTo(meant.get(words[0]), unit(sum));
  }
}

/** Pulls the words of a group together (retrofitting, Faruqui et al. 2015, one step), and makes those it lacks. */
function retrofit(table, groups) {
  const meant = new Map();
  for (const group of groups) addMeanings(meant, table, group);
  for (const [word, meaning] of meant) {
    const known = table.get(word);
    const vector = new Float64Array(DIMENSIONS);
    if (known !== undefined) addTo(vector, known.vector, known.count >= COMMON ? 1 : 0.5);
    addTo(vector, unit(meaning));
    table.set(word, { count: known?.count ?? 0, vector: unit(vector) });
  }
}

/** The layout that src/search/meaning/wordTable.ts reads. */
function format(table, hashWord) {
  const rows = new Map();
  for (const [word, entry] of [...table].sort((a, b) => b[1].count - a[1].count)) {
    const hash = hashWord(word);
    if (!rows.has(hash)) rows.set(hash, entry);
  }
  const sorted = [...rows].sort((a, b) => a[0] - b[0]);
  const hashes = Uint32Array.from(sorted, ([hash]) => hash);
  const total = sorted.reduce((sum, [, { count }]) => sum + count, 0);
  const weights = Uint8Array.from(sorted, ([, { count }]) => Math.round((255 * SIF) / (SIF + count / total)));
  const vectors = new Int8Array(sorted.length * DIMENSIONS);
  for (const [row, [, { vector }]] of sorted.entries()) {
    for (let at = 0; at < DIMENSIONS; at++) {
      vectors[row * DIMENSIONS + at] = Math.max(-127, Math.min(127, Math.round(vector[at] * 254)));
    }
  }
  const content = Buffer.concat([Buffer.from(hashes.buffer), Buffer.from(weights.buffer), Buffer.from(vectors.buffer)]);
  const header = Buffer.alloc(24);
  header.write("ayoW");
  header.writeUInt32LE(1, 4);
  header.writeUInt32LE(sorted.length, 8);
  header.writeUInt32LE(DIMENSIONS, 12);
  createHash("sha1").update(content).digest().copy(header, 16, 0, 8);
  return Buffer.concat([header, content]);
}

/** The file: of words with counts and vectors, and groups of phrases that mean the same, each a list of words. */
export function tableOf(words, groups, { hashWord, stem }) {
  const table = new Map(
    words.map(({ word, count, vector }) => [word, { count, vector: unit(Float64Array.from(vector)) }]),
  );
  shareStems(table, stem);
  removeShared([...table.values()]);
  retrofit(table, groups);
  return format(table, hashWord);
}
