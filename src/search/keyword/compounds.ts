import { isStopWord, stem } from "../words/tokens.ts";
import type { Phrase } from "./wanted.ts";

const WORD = /^[a-z]+$/;
/** Shorter parts make a word of any two others. */
const LEAST = 3;
/** Longer ones are no two words. */
const LONGEST = 24;
/** What `ratelimit` counts where `rate limit` is looked for: it is both words. */
const JOINED = 2;
/** What each word counts where they are looked for as one: they may stand anywhere. */
const APART = 0.4;

/** Terms that some words of a query are when two neighbours are written as one, or one as two: `rate limit`, `ratelimit`. */
export function compoundsOf(words: readonly string[]): Phrase[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    const isPair = next !== undefined && WORD.test(word) && WORD.test(next) && !(isStopWord(word) && isStopWord(next));
    const joined = isPair && word.length > 1 && next.length > 1 ? [{ terms: [stem(word + next)], weight: JOINED }] : [];
    return [...joined, ...splits(word).map((terms) => ({ terms, weight: APART }))];
  });
}

function splits(word: string): string[][] {
  if (!WORD.test(word) || word.length > LONGEST || isStopWord(word)) return [];
  const found: string[][] = [];
  for (let at = LEAST; at <= word.length - LEAST; at++) {
    const parts = [word.slice(0, at), word.slice(at)];
    if (!parts.some(isStopWord)) found.push(parts.map(stem));
  }
  return found;
}
