import MiniSearch, { type Query, type SearchOptions } from "minisearch";
import { compoundsOf } from "../../src/search/keyword/compounds.ts";
import { FIELDS, queryStems } from "../../src/search/keyword/keyword.ts";
import { synonymsOf } from "../../src/search/words/expand.ts";
import { isStopWord, stem, tokenize } from "../../src/search/words/tokens.ts";

/** A document as it is indexed: its stems, field by field. */
export type Stems = readonly (readonly string[])[];

const AS_THEY_ARE: SearchOptions = { tokenize: (term) => [term], processTerm: (term) => term };
const BOOST = { id: 4, title: 3, tags: 2, text: 1, notes: 0.6, commits: 0.6 };

/** What MiniSearch itself finds for a query of words: the definition of our scores. By number; undefined is no document. */
export function judged(documents: readonly (Stems | undefined)[], text: string, notes = true): Map<number, number> {
  const index = new MiniSearch<{ id: number; [field: string]: unknown }>({
    fields: FIELDS.map((field) => `in ${field}`),
    tokenize: (stems) => stems.split(" ").filter((one) => one !== ""),
    processTerm: (term) => term,
  });
  for (const [id, document] of documents.entries()) {
    if (document === undefined) continue;
    const fields = FIELDS.map((field, at) => [`in ${field}`, (document[at] ?? []).join(" ")] as const);
    index.add({ id, ...Object.fromEntries(fields) });
  }
  const terms = new Set(documents.flat(2).filter((term) => term !== undefined));
  const hits = index.search(
    {
      combineWith: "OR",
      queries: [...queryStems(text).flatMap((word) => queriesOf(word, terms)), ...phraseQueries(text)],
    },
    {
      ...AS_THEY_ARE,
      fields: FIELDS.filter((field) => notes || field !== "notes").map((field) => `in ${field}`),
      boost: Object.fromEntries(Object.entries(BOOST).map(([field, boost]) => [`in ${field}`, boost])),
    },
  );
  return new Map(hits.map(({ id, score }) => [id as number, score]));
}

function queriesOf(word: string, terms: ReadonlySet<string>): Query[] {
  const isMisspelt = !terms.has(word) && word.length > 3 && !/\d/.test(word);
  const fuzzy = isMisspelt ? (word.length > 5 ? 2 : 1) : false;
  const swapped = fuzzy === 1 ? [...terms].filter((term) => isSwapped(word, term)) : [];
  return [
    {
      queries: [word],
      prefix: word.length > 2 && !/^v?[\d.]+\.\d+$/.test(word),
      fuzzy,
      weights: { prefix: 0.4, fuzzy: 0.5 },
    },
    ...swapped.map((other): Query => ({ queries: [other], boostTerm: () => 0.5 })),
  ];
}

/** Whether two neighbouring letters behind the first are in each other's place. */
function isSwapped(word: string, term: string): boolean {
  const different = [...word].flatMap((letter, at) => (letter === term[at] ? [] : at));
  const [first = 0, second] = different;
  const isPair = word.length === term.length && different.length === 2 && second === first + 1 && first > 0;
  return isPair && word[first] === term[first + 1] && word[first + 1] === term[first];
}

function phraseQueries(text: string): Query[] {
  const words = tokenize(text);
  const synonyms = synonymsOf(words.map(stem)).map((phrase) => phrase.filter((word) => !isStopWord(word)));
  const phrases = synonyms.map((terms) => ({ terms, weight: 0.45 / terms.length }));
  return [...phrases, ...compoundsOf(words)]
    .filter(({ terms }) => terms.length > 0)
    .map(({ terms, weight }) => ({ combineWith: "AND", queries: [...terms], boostTerm: () => weight }));
}
