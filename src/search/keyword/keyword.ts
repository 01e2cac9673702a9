import type { SearchText } from "../searchText.ts";
import { synonymsOf } from "../words/expand.ts";
import { isStopWord, stem, tokenize } from "../words/tokens.ts";
import { compoundsOf } from "./compounds.ts";
import { allOf, type Corpus, hasTerm } from "./corpus.ts";
import { continuations, nearTerms, swappedTerms } from "./dictionary.ts";
import { relevant } from "./relevant.ts";
import { mostIn, type Scores, score } from "./score.ts";
import type { Phrase, Word } from "./wanted.ts";

/** How much a match counts, by where it is. */
const BOOST = { id: 4, title: 3, tags: 2, text: 1, notes: 0.6, commits: 0.6 };
/** The parts of a ticket that are indexed, in the order of their numbers. */
export const FIELDS = Object.keys(BOOST) as readonly (keyof typeof BOOST)[];
/** What a synonym counts beside the word itself. */
const SYNONYM = 0.45;
/** What a beginning and a nearly equal word count; MiniSearch's formulas make it less the more letters differ. */
const PREFIX = 0.4;
const FUZZY = 0.5;
/** Longer queries are cut to this many different words; what they say is said by then. */
const MAX_TERMS = 60;
const MAX_TEXT = 20_000;
/** Where a word stands in more of the tickets than this it tells nothing about one; of so few tickets it may. */
const ALMOST_ALL = 0.8;
const FEW = 30;
/** Of what is longer names are indexed, which capitals tell apart. */
const MAX_NAME = 60;
/** So many words that no ticket has are taken for misspelt ones. */
const MAX_MISSPELT = 8;

/** The stems of a ticket, field by field, as they are indexed. */
export function stemsOf(text: SearchText): string[][] {
  return FIELDS.map((field) =>
    tokenize(text[field])
      .filter((word) => !isStopWord(word))
      .map(stem),
  );
}

/** Where words are looked for. */
export interface Where {
  /** Whether notes are searched too. */
  readonly notes: boolean;
  /** Whether a document may be found: 0 where not. */
  readonly accept: Int32Array;
  /** Whether every ticket with one of the words was meant, also with one that almost every ticket has. */
  readonly exactly?: boolean;
}

/** Scores the documents that have words of the query, their stems, beginnings, synonyms, or words spelt nearly so. */
export function searchKeyword(corpus: Corpus, text: string, { notes, accept, exactly }: Where): Scores {
  const stems = queryStems(text);
  const words = wordsOf(corpus, stems);
  const phrases = stems.length === 0 ? [] : [...synonymsIn(text), ...compoundsIn(corpus, text)];
  const boosts = FIELDS.map((field) => (notes || field !== "notes" ? BOOST[field] : 0));
  return score(corpus, { words, phrases }, { boosts, accept, most: exactly ? corpus.count : mostOf(corpus) });
}

/** Of those documents the ones that have so much of the query that somebody may mean them. */
export function searchRelevant(corpus: Corpus, text: string, where: Where): Scores {
  const scores = searchKeyword(corpus, text, where);
  return where.exactly ? scores : relevant(scores, queryStems(text).length);
}

/** More documents than this are almost every one; of a few tickets all may be about the same. */
function mostOf({ count }: Corpus): number {
  return count < FEW ? count : ALMOST_ALL * count;
}

/** The words of a query that almost every ticket has. */
export function commonWords(corpus: Corpus, text: string): string[] {
  const boosts = FIELDS.map(() => 1);
  const most = mostOf(corpus);
  const common = new Set(queryStems(text).filter((term) => mostIn(corpus, term, boosts) > most));
  return common.size === 0
    ? []
    : [...new Set(tokenize(text.slice(0, MAX_TEXT)))].filter((word) => common.has(stem(word)));
}

/** The documents that have all words of a text; undefined when it has none to look for. */
export function documentsWithAll(corpus: Corpus, text: string): Int32Array | undefined {
  const terms = queryStems(text);
  if (terms.length === 0) return undefined;
  return havingAll(corpus, terms);
}

/**
 * The documents whose id or title may be `name`, which is folded; undefined when any may be. What is before the first
 * blank is a word of both, however it is written; what it is cut into beside that depends on capitals.
 */
export function documentsNamed(corpus: Corpus, name: string): Int32Array | undefined {
  const [word = ""] = name.split(/\s/, 1);
  const [first] = word.length > MAX_NAME ? [] : tokenize(word);
  return first === undefined || isStopWord(first) ? undefined : havingAll(corpus, [stem(first)]);
}

function havingAll(corpus: Corpus, terms: readonly string[]): Int32Array {
  const scope = { boosts: FIELDS.map(() => 1), accept: allOf(corpus) };
  return score(corpus, { words: [], phrases: [{ terms, weight: 1 }] }, scope).found;
}

/** The different stems of a query, in order; stop words only where there is nothing else. */
export function queryStems(text: string): string[] {
  const words = tokenize(text.slice(0, MAX_TEXT));
  const telling = words.filter((word) => !isStopWord(word));
  return [...new Set((telling.length > 0 ? telling : words).map(stem))].slice(0, MAX_TERMS);
}

function wordsOf(corpus: Corpus, stems: readonly string[]): Word[] {
  let misspelt = 0;
  return stems.flatMap((term) => {
    const isKnown = hasTerm(corpus, term);
    const mayBeMisspelt = !isKnown && term.length > 3 && !/\d/.test(term) && misspelt++ < MAX_MISSPELT;
    const limit = mayBeMisspelt ? (term.length > 5 ? 2 : 1) : 0;
    const longer = mayGoOn(term) ? continuations(corpus, term) : [];
    const near = limit === 0 ? [] : nearTerms(corpus, term, limit).filter((other) => !other.term.startsWith(term));
    const variants = [
      { term, weight: 1 },
      ...longer.map((other) => ({ term: other, weight: PREFIX * nearness(other, 0.3 * (other.length - term.length)) })),
      ...near.map((other) => ({ term: other.term, weight: FUZZY * nearness(other.term, other.distance) })),
    ];
    // Two letters that changed places are one error to who typed them; MiniSearch takes them for two differences.
    const swapped = limit === 1 ? swappedTerms(corpus, term) : [];
    return [
      { name: term, variants },
      ...swapped.map((other): Word => ({ name: other, variants: [{ term: other, weight: FUZZY }] })),
    ];
  });
}

/** `2.3` is no beginning of `2.30`. */
function mayGoOn(term: string): boolean {
  return term.length > 2 && !/^v?\d+(?:\.\d+)+$/.test(term);
}

function nearness({ length }: string, difference: number): number {
  return length / (length + difference);
}

/** Synonyms are looked for among all words: "not trusted" is more than "trusted". */
function synonymsIn(text: string): Phrase[] {
  const stems = tokenize(text.slice(0, MAX_TEXT)).slice(0, MAX_TERMS).map(stem);
  const phrases = synonymsOf(stems).map((phrase) => phrase.filter((word) => !isStopWord(word)));
  return phrases.filter((terms) => terms.length > 0).map((terms) => ({ terms, weight: SYNONYM / terms.length }));
}

/** Words written as one that the query has as two, and the other way round. */
function compoundsIn(corpus: Corpus, text: string): Phrase[] {
  const compounds = compoundsOf(tokenize(text.slice(0, MAX_TEXT)).slice(0, MAX_TERMS));
  return compounds.filter(({ terms }) => terms.every((term) => hasTerm(corpus, term)));
}
