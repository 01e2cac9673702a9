import type { Scores } from "./keyword/score.ts";

/** A ticket that was found, with why. */
export interface Found {
  readonly id: string;
  /** From 0 to 1; comparable within one answer only, except for the cosines of a semantic search. */
  readonly score: number;
  readonly why: {
    /** The query is its id or its title. */
    readonly exact?: true;
    readonly keyword?: { readonly rank: number; readonly score: number; readonly terms: readonly string[] };
    readonly semantic?: { readonly rank: number; readonly cosine: number };
  };
}

/** How near tickets are to what a query means, by their numbers. */
export interface Meanings {
  /** What they are put in order by; 0 where it says nothing. */
  readonly scores: Float64Array;
  readonly cosines: Float64Array;
  readonly found: Int32Array;
}

/** What is to be joined; both lists, or one. */
export interface Lists {
  readonly words: Scores | undefined;
  readonly meaning: Meanings | undefined;
  /** Numbers that come first whatever they score. */
  readonly exact: readonly number[];
  /** How many are wanted. */
  readonly limit: number;
  readonly weights: { readonly semantic: number; readonly keyword: number };
  readonly idOf: (number: number) => string;
}

/** How far down its list a ticket's meaning still counts in a hybrid search. */
const POOL = 100;

interface Place {
  readonly number: number;
  readonly score: number;
  readonly byWords?: number;
  readonly byMeaning?: number;
}

/** The best of the lists, exact ones first, and how many there are in all. */
export function rank(lists: Lists): { readonly found: readonly Found[]; readonly total: number } {
  const { words, meaning, limit, idOf } = lists;
  const byId = (left: number, right: number): number => (idOf(left) < idOf(right) ? -1 : 1);
  const isHybrid = words !== undefined && meaning !== undefined;
  const near = meaning === undefined ? [] : best(meaning.found, meaning.scores, isHybrid ? POOL : limit, byId);
  // Whatever is further down than this has so many before it that it is not among the wanted ones.
  const first = words === undefined ? [] : best(words.found, words.scores, limit + POOL, byId);
  const places = placesOf(lists, first, near).sort(
    (left, right) => right.score - left.score || byId(left.number, right.number),
  );
  return { found: exactFirst(lists, places).slice(0, limit), total: totalOf(lists, near) };
}

/**
 * What each ticket scores: its share of the best score of each list, by the list's weight. What words score lies far apart,
 * so its root counts. With one list only its share, or its cosine.
 */
function placesOf({ words, meaning, weights }: Lists, first: readonly number[], near: readonly number[]): Place[] {
  const places = new Map<number, Place>();
  const highest = words === undefined || first.length === 0 ? 1 : (words.scores[first[0] as number] as number);
  const nearest = near.length === 0 ? 1 : (meaning?.scores[near[0] as number] as number);
  const weight = near.length === 0 ? 1 : weights.keyword;
  const addWord = (number: number, byWords: number): void => {
    const share = (words?.scores[number] as number) / highest;
    places.set(number, { number, score: meaning === undefined ? share : weight * Math.sqrt(share), byWords });
  };
  for (const [at, number] of first.entries()) addWord(number, at + 1);
  const sorted = words === undefined || near.length === 0 ? new Float64Array(0) : sortedScores(words);
  for (const [at, number] of near.entries()) {
    const own = words?.scores[number] ?? 0;
    if (own !== 0 && !places.has(number)) addWord(number, rankOf(own, sorted));
    const known = places.get(number);
    const meant = meaning?.scores[number] as number;
    const score = words === undefined ? meant : (weights.semantic * meant) / nearest;
    places.set(number, { ...known, number, score: (known?.score ?? 0) + score, byMeaning: at + 1 });
  }
  return [...places.values()];
}

/** Of a score among sorted ones. */
function rankOf(score: number, sorted: Float64Array): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= score) low = middle + 1;
    else high = middle;
  }
  return sorted.length - low + 1;
}

function sortedScores({ scores, found }: Pick<Scores, "scores" | "found">): Float64Array {
  const sorted = new Float64Array(found.length);
  for (let at = 0; at < sorted.length; at++) sorted[at] = scores[found[at] as number] as number;
  return sorted.sort();
}

/** Looks up why only of those that are wanted. */
function exactFirst(lists: Lists, places: readonly Place[]): Found[] {
  const { exact, limit } = lists;
  const known = new Map(exact.map((number) => [number, places.find((place) => place.number === number)]));
  const first = [...known].map(([number, place]): Found => {
    const { id, why } = describe(lists, place ?? { number, score: 1 });
    return { id, score: 1, why: { ...why, exact: true } };
  });
  const others = places.filter(({ number }) => !known.has(number)).slice(0, limit);
  return [...first, ...others.map((place) => describe(lists, place))];
}

function describe({ words, meaning, idOf }: Lists, { number, score, byWords, byMeaning }: Place): Found {
  const keyword =
    words === undefined || byWords === undefined
      ? {}
      : { keyword: { rank: byWords, score: words.scores[number] as number, terms: words.termsOf(number) } };
  const semantic =
    byMeaning === undefined ? {} : { semantic: { rank: byMeaning, cosine: meaning?.cosines[number] as number } };
  return { id: idOf(number), score, why: { ...keyword, ...semantic } };
}

/** Those with a word, those near in meaning that count, and the exact ones. */
function totalOf({ words, meaning, exact }: Lists, near: readonly number[]): number {
  const { found, scores } = (words ?? meaning) as Scores | Meanings;
  const also = new Set(words === undefined ? exact : [...near, ...exact]);
  return found.length + [...also].filter((number) => scores[number] === 0).length;
}

/** The documents with the highest scores, highest first, at most `count`; `compare` settles equal ones. */
export function best(
  documents: Int32Array,
  scores: Float64Array,
  count: number,
  compare: (left: number, right: number) => number,
): number[] {
  let pool = documents;
  if (documents.length > 2 * count) {
    const sorted = sortedScores({ scores, found: documents });
    const least = sorted[sorted.length - count] as number;
    pool = documents.filter((document) => (scores[document] as number) >= least);
  }
  const order = (left: number, right: number): number =>
    (scores[right] as number) - (scores[left] as number) || compare(left, right);
  return Array.from(pool).sort(order).slice(0, count);
}
