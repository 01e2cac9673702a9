// Makes the stores that the search benchmark measures: tickets of about 130 words with a vocabulary like a real one's.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** One file of the labelled set, parsed. */
export function readLabelled(name) {
  const text = readFileSync(path.join(import.meta.dirname, "search", name), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** A small generator of pseudo-random numbers in [0, 1) (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SYLLABLES = "ba ke lo mi nu ra se ti vo zu pra kle sto fin dar mel gor hax".split(" ");

/** Words that only some tickets have, the frequent ones first, as names and identifiers are (Zipf's law). */
function rareWord(next) {
  let rank = Math.floor(30_000 ** next());
  let word = "";
  for (let part = 0; part < 4; part++) {
    word += SYLLABLES[rank % SYLLABLES.length];
    rank = Math.floor(rank / SYLLABLES.length);
  }
  return word;
}

/** Writes `count` tickets into the store `dir`; always the same for the same count. Answers their ids. */
export function writeSearchStore(dir, count) {
  mkdirSync(dir, { recursive: true });
  const labelled = readLabelled("tickets.jsonl");
  const sentences = labelled.flatMap(({ body }) => body.split(/(?<=\.) /));
  const titles = labelled.map(({ title }) => title);
  const next = random(count);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const ids = [];
  for (let n = 0; n < count; n++) {
    const id = `s-${((n * 104_729 + 12_345) % 36 ** 4).toString(36).padStart(4, "0")}`;
    const words = [];
    while (words.length < 122) words.push(...pick(sentences).split(" "), rareWord(next), rareWord(next));
    const title = `${pick(titles)} in ${rareWord(next)} ${rareWord(next)}`;
    const status = next() < 0.3 ? "closed" : "open";
    const created = new Date(Date.UTC(2026, 0, 1) + (n % 300) * 86_400_000).toISOString().replace(".000", "");
    const front = `id: ${id}\nstatus: ${status}\ndeps: []\nlinks: []\ncreated: ${created}\ntype: task\npriority: ${n % 5}`;
    writeFileSync(path.join(dir, `${id}.md`), `---\n${front}\n---\n# ${title}\n\n${words.join(" ")}\n`);
    ids.push(id);
  }
  return ids;
}
