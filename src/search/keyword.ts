import MiniSearch, { type AsPlainObject, type Options, type Query, type SearchOptions } from "minisearch";
import { continuations, hasTerm, nearTerms } from "./dictionary.ts";
import { synonymsOf } from "./expand.ts";
import type { SearchText } from "./searchText.ts";
import { isStopWord, stem, tokenize } from "./tokens.ts";

/** A ticket that has some of the words. */
export interface KeywordHit {
  readonly id: string;
  readonly score: number;
  /** The indexed stems that matched, best first. */
  readonly terms: readonly string[];
}

/** What keywords are looked for in: all terms there are, and an index of at least those that are asked for. */
export interface KeywordSource {
  /** Sorted. */
  readonly terms: readonly string[];
  /** Terms that are not among these yet, of tickets that have just changed. */
  readonly fresh: ReadonlySet<string>;
  open(terms: ReadonlySet<string>): MiniSearch<SearchText>;
}

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

const options: Options<SearchText> = {
  fields: FIELDS,
  tokenize,
  processTerm: (word) => (isStopWord(word) ? null : stem(word)),
  autoVacuum: false,
};
/** Terms that are stems already. */
const asTheyAre: SearchOptions = { tokenize: (term) => [term], processTerm: (term) => term };

/** The stems of a ticket, field by field, as MiniSearch would index them. */
export function stemsOf(text: SearchText): string[][] {
  return FIELDS.map((field) =>
    tokenize(text[field as keyof SearchText])
      .filter((word) => !isStopWord(word))
      .map(stem),
  );
}

/** The index of what {@link MiniSearch.toJSON} gives. */
export function loadKeywordIndex(plain: AsPlainObject): MiniSearch<SearchText> {
  return MiniSearch.loadJS(plain, options);
}

/** Tickets that have words of the query, their stems, beginnings, synonyms, or words spelt nearly so; best first. */
export function searchKeyword(
  source: KeywordSource,
  text: string,
  { notes = true, accept }: { readonly notes?: boolean; readonly accept?: (id: string) => boolean } = {},
): KeywordHit[] {
  const stems = queryStems(text);
  if (stems.length === 0) return [];
  const words = wordsOf(source, stems);
  const phrases = synonymsIn(text);
  const needed = new Set([...words.flatMap((word) => termsFor(source.terms, word)), ...phrases.flat()]);
  const queries: Query[] = [
    ...words.map(({ term, prefix, fuzzy }) => ({
      queries: [term],
      prefix,
      fuzzy,
      weights: { prefix: 0.4, fuzzy: 0.5 },
    })),
    ...phrases.map((phrase): Query => {
      return { combineWith: "AND", queries: [...phrase], boostTerm: () => SYNONYM / phrase.length };
    }),
  ];
  const hits = source.open(needed).search(
    { combineWith: "OR", queries },
    {
      ...asTheyAre,
      fields: notes ? FIELDS : FIELDS.filter((field) => field !== "notes"),
      boost: BOOST,
      ...(accept === undefined ? {} : { filter: ({ id }) => accept(id as string) }),
    },
  );
  return hits.map(({ id, score, terms }) => ({ id: id as string, score, terms }));
}

/** The tickets that have all words of a text; undefined when it has none to look for. */
export function ticketsWithAll(source: KeywordSource, text: string): ReadonlySet<string> | undefined {
  const stems = queryStems(text);
  if (stems.length === 0) return undefined;
  const hits = source.open(new Set(stems)).search({ combineWith: "AND", queries: stems }, asTheyAre);
  return new Set(hits.map(({ id }) => id as string));
}

/** The different stems of a query, in order; stop words only where there is nothing else. */
export function queryStems(text: string): string[] {
  const words = tokenize(text.slice(0, MAX_TEXT));
  const telling = words.filter((word) => !isStopWord(word));
  return [...new Set((telling.length > 0 ? telling : words).map(stem))].slice(0, MAX_TERMS);
}

interface Word {
  readonly term: string;
  readonly prefix: boolean;
  /** How many letters may differ; false: none. */
  readonly fuzzy: number | false;
}

function wordsOf({ terms, fresh }: KeywordSource, stems: readonly string[]): Word[] {
  let misspelt = 0;
  return stems.map((term) => {
    const isKnown = fresh.has(term) || hasTerm(terms, term);
    const mayBeMisspelt = !isKnown && term.length > 3 && !/\d/.test(term) && misspelt++ < MAX_MISSPELT;
    return { term, prefix: term.length > 2, fuzzy: mayBeMisspelt ? (term.length > 5 ? 2 : 1) : false };
  });
}

/** The indexed terms that a word can match. */
function termsFor(terms: readonly string[], { term, prefix, fuzzy }: Word): string[] {
  return [
    term,
    ...(prefix ? continuations(terms, term) : []),
    ...(fuzzy === false ? [] : nearTerms(terms, term, fuzzy)),
  ];
}

/** Synonyms are looked for among all words: "not trusted" is more than "trusted". */
function synonymsIn(text: string): string[][] {
  const stems = tokenize(text.slice(0, MAX_TEXT)).slice(0, MAX_TERMS).map(stem);
  const phrases = synonymsOf(stems).map((phrase) => phrase.filter((word) => !isStopWord(word)));
  return phrases.filter((phrase) => phrase.length > 0);
}
