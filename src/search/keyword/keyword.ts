import type { Query, SearchOptions, SearchResult } from "minisearch";
import type { SearchText } from "../searchText.ts";
import { synonymsOf } from "../words/expand.ts";
import { isStopWord, stem, tokenize } from "../words/tokens.ts";
import { type Corpus, openCorpus } from "./corpus.ts";
import { continuations, hasTerm, nearTerms } from "./dictionary.ts";

/** How much a match counts, by where it is. */
const BOOST = { id: 4, title: 3, tags: 2, text: 1, notes: 0.6, commits: 0.6 };
/** The parts of a ticket that are indexed, in the order of their numbers. */
export const FIELDS = Object.keys(BOOST);
/** What a synonym counts beside the word itself. */
const SYNONYM = 0.45;
/** What a beginning and a nearly equal word count; MiniSearch makes it less the more letters differ. */
const PREFIX = 0.4;
const FUZZY = 0.5;
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

/** What documents score. */
export interface Scores {
  /** By document; 0 where no word is found. */
  readonly scores: Float64Array;
  /** The documents that have one. */
  readonly found: Int32Array;
  /** The terms that a document was found by. */
  termsOf(document: number): readonly string[];
}

/** Terms that are stems already. */
const AS_THEY_ARE: SearchOptions = { tokenize: (term) => [term], processTerm: (term) => term };

/** Scores the documents that have words of the query, their stems, beginnings, synonyms, or words spelt nearly so. */
export function searchKeyword(
  corpus: Corpus,
  text: string,
  { notes, accept }: { readonly notes: boolean; readonly accept: Uint8Array },
): Scores {
  const stems = queryStems(text);
  const words = wordsOf(corpus, stems);
  const phrases = stems.length === 0 ? [] : synonymsIn(text);
  const needed = new Set([...words.flatMap(({ term, others }) => [term, ...others]), ...phrases.flat()]);
  const queries: Query[] = [
    ...words.flatMap(queriesOf),
    ...phrases.map((phrase): Query => {
      return { combineWith: "AND", queries: [...phrase], boostTerm: () => SYNONYM / phrase.length };
    }),
  ];
  const hits =
    queries.length === 0
      ? []
      : openCorpus(corpus, needed, FIELDS).search(
          { combineWith: "OR", queries },
          {
            ...AS_THEY_ARE,
            fields: notes ? FIELDS : FIELDS.filter((field) => field !== "notes"),
            boost: BOOST,
            filter: ({ id }) => accept[id as number] === 1,
          },
        );
  return scoresOf(corpus, hits);
}

function scoresOf({ size }: Corpus, hits: readonly SearchResult[]): Scores {
  const scores = new Float64Array(size);
  const terms = new Map<number, readonly string[]>();
  for (const { id, score, terms: matched } of hits) {
    scores[id as number] = score;
    terms.set(id as number, matched);
  }
  return { scores, found: Int32Array.from(terms.keys()), termsOf: (document) => terms.get(document) ?? [] };
}

/** The documents that have all words of a text; undefined when it has none to look for. */
export function documentsWithAll(corpus: Corpus, text: string): Int32Array | undefined {
  const stems = queryStems(text);
  if (stems.length === 0) return undefined;
  const index = openCorpus(corpus, new Set(stems), FIELDS);
  return Int32Array.from(index.search({ combineWith: "AND", queries: stems }, AS_THEY_ARE), ({ id }) => id as number);
}

/** The different stems of a query, in order; stop words only where there is nothing else. */
export function queryStems(text: string): string[] {
  const words = tokenize(text.slice(0, MAX_TEXT));
  const telling = words.filter((word) => !isStopWord(word));
  return [...new Set((telling.length > 0 ? telling : words).map(stem))].slice(0, MAX_TERMS);
}

interface Word {
  readonly term: string;
  /** How many letters may differ; false: none. */
  readonly fuzzy: number | false;
  /** The indexed terms that it may stand for. */
  readonly others: readonly string[];
  /** Those that it is with two letters changed places, which MiniSearch takes for two differences. */
  readonly swapped: readonly string[];
}

function wordsOf({ segments }: Corpus, stems: readonly string[]): Word[] {
  const lists = segments.map(({ postings }) => postings.terms);
  let misspelt = 0;
  return stems.map((term) => {
    const isKnown = lists.some((terms) => hasTerm(terms, term));
    const mayBeMisspelt = !isKnown && term.length > 3 && !/\d/.test(term) && misspelt++ < MAX_MISSPELT;
    const fuzzy = mayBeMisspelt ? (term.length > 5 ? 2 : 1) : false;
    const near = fuzzy === false ? [] : lists.flatMap((terms) => nearTerms(terms, term, fuzzy).map(([other]) => other));
    const longer = term.length > 2 ? lists.flatMap((terms) => continuations(terms, term)) : [];
    const swapped = fuzzy === 1 ? near.filter((other) => isSwapped(other, term)) : [];
    return { term, fuzzy, others: [...longer, ...near], swapped: [...new Set(swapped)] };
  });
}

function queriesOf({ term, fuzzy, swapped }: Word): Query[] {
  const weights = { prefix: PREFIX, fuzzy: FUZZY };
  return [
    { queries: [term], prefix: term.length > 2, fuzzy, weights },
    ...swapped.map((other): Query => ({ queries: [other], boostTerm: () => FUZZY })),
  ];
}

function isSwapped(left: string, right: string): boolean {
  return left.length === right.length && [...left].sort().join("") === [...right].sort().join("");
}

/** Synonyms are looked for among all words: "not trusted" is more than "trusted". */
function synonymsIn(text: string): string[][] {
  const stems = tokenize(text.slice(0, MAX_TEXT)).slice(0, MAX_TERMS).map(stem);
  const phrases = synonymsOf(stems).map((phrase) => phrase.filter((word) => !isStopWord(word)));
  return phrases.filter((phrase) => phrase.length > 0);
}
