import { type Corpus, type Group, type Scores, score, type Word } from "./bm25.ts";
import { continuations, hasTerm, nearTerms } from "./dictionary.ts";
import { synonymsOf } from "./expand.ts";
import type { SearchText } from "./searchText.ts";
import { isStopWord, stem, tokenize } from "./tokens.ts";

/** How much a match counts, by where it is. */
const BOOST = { id: 4, title: 3, tags: 2, text: 1, notes: 0.6, commits: 0.6 };
/** The parts of a ticket that are indexed, in the order of their numbers. */
export const FIELDS = Object.keys(BOOST);
/** What a synonym counts beside the word itself. */
const SYNONYM = 0.45;
/** Longer queries are cut to this many different words; what they say is said by then. */
const MAX_TERMS = 60;
const MAX_TEXT = 20_000;
/** So many words that no ticket has are taken for misspelt ones. */
const MAX_MISSPELT = 8;

/** The stems of a ticket, field by field, as they are indexed. */
export function stemsOf(text: SearchText): string[][] {
  return FIELDS.map((field) =>
    tokenize(text[field as keyof SearchText])
      .filter((word) => !isStopWord(word))
      .map(stem),
  );
}

/** Scores the documents that have words of the query, their stems, beginnings, synonyms, or words spelt nearly so. */
export function searchKeyword(
  corpus: Corpus,
  text: string,
  { notes, accept }: { readonly notes: boolean; readonly accept: Uint8Array },
): Scores {
  const stems = queryStems(text);
  const words = wordsOf(corpus, stems).map((word): Group => [word]);
  const phrases = stems.length === 0 ? [] : synonymsIn(text);
  const synonyms = phrases.map((phrase): Group => phrase.map((term) => exactly(term, SYNONYM / phrase.length)));
  const boosts = FIELDS.map((field) => (notes || field !== "notes" ? BOOST[field as keyof typeof BOOST] : 0));
  return score(corpus, [...words, ...synonyms], boosts, accept);
}

/** The documents that have all words of a text; undefined when it has none to look for. */
export function documentsWithAll(corpus: Corpus, text: string): Int32Array | undefined {
  const stems = queryStems(text);
  if (stems.length === 0) return undefined;
  const accept = new Uint8Array(corpus.size).fill(1);
  const boosts = FIELDS.map(() => 1);
  return score(corpus, [stems.map((term) => exactly(term, 1))], boosts, accept).found;
}

function exactly(term: string, weight: number): Word {
  return { name: term, terms: [{ term, weight }] };
}

/** The different stems of a query, in order; stop words only where there is nothing else. */
export function queryStems(text: string): string[] {
  const words = tokenize(text.slice(0, MAX_TEXT));
  const telling = words.filter((word) => !isStopWord(word));
  return [...new Set((telling.length > 0 ? telling : words).map(stem))].slice(0, MAX_TERMS);
}

/** What a beginning and a nearly equal word count; MiniSearch's formulas make it less the more letters differ. */
const PREFIX = 0.4;
const FUZZY = 0.5;

function wordsOf({ segments }: Corpus, stems: readonly string[]): Word[] {
  const lists = segments.map(({ postings }) => postings.terms);
  let misspelt = 0;
  return stems.map((term) => {
    const isKnown = lists.some((terms) => hasTerm(terms, term));
    const mayBeMisspelt = !isKnown && term.length > 3 && !/\d/.test(term) && misspelt++ < MAX_MISSPELT;
    const weights = new Map([
      ...(mayBeMisspelt ? lists.flatMap((terms) => nearWeights(terms, term)) : []),
      ...(term.length > 2 ? lists.flatMap((terms) => prefixWeights(terms, term)) : []),
      [term, 1] as const,
    ]);
    return { name: term, terms: [...weights].map(([other, weight]) => ({ term: other, weight })).reverse() };
  });
}

type Weights = (readonly [term: string, weight: number])[];

function prefixWeights(terms: readonly string[], start: string): Weights {
  return continuations(terms, start).map((term) => {
    const more = term.length - start.length;
    return [term, (PREFIX * term.length) / (term.length + 0.3 * more)];
  });
}

function nearWeights(terms: readonly string[], word: string): Weights {
  return nearTerms(terms, word, word.length > 5 ? 2 : 1).map(([term, distance]) => {
    return [term, (FUZZY * term.length) / (term.length + distance)];
  });
}

/** Synonyms are looked for among all words: "not trusted" is more than "trusted". */
function synonymsIn(text: string): string[][] {
  const stems = tokenize(text.slice(0, MAX_TEXT)).slice(0, MAX_TERMS).map(stem);
  const phrases = synonymsOf(stems).map((phrase) => phrase.filter((word) => !isStopWord(word)));
  return phrases.filter((phrase) => phrase.length > 0);
}
