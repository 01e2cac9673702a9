import fc from "fast-check";
import MiniSearch, { type Query } from "minisearch";
import { describe, expect, test } from "vitest";
import { best } from "../../../src/search/fuse.ts";
import { corpusOf, openCorpus } from "../../../src/search/keyword/corpus.ts";
import { emptyPostings, mergePostings } from "../../../src/search/keyword/postings.ts";

const FIELDS = ["title", "text", "notes"];
const BOOST = { title: 3, text: 1, notes: 0.6 };
const WORDS = ["log", "login", "logout", "mail", "mails", "cache", "csv", "x"];

const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 6 });
const documents = fc.array(fc.tuple(words, words, words), { minLength: 1, maxLength: 12 });
const groups = fc.array(fc.uniqueArray(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 5,
});

type Stems = readonly (readonly string[])[];

const wordsOf = (text: string): string[] => text.split(" ").filter((word) => word !== "");

/** What MiniSearch gives each document, by its number. */
function judged(made: readonly (Stems | undefined)[], wanted: readonly string[][]): Map<number, number> {
  const index = new MiniSearch<{ id: number }>({ fields: FIELDS, tokenize: wordsOf, processTerm: (term) => term });
  const there = made.flatMap((document, id) => (document === undefined ? [] : [{ document, id }]));
  index.addAll(
    there.map(({ document, id }) => {
      const parts = FIELDS.map((field, at) => [field, (document[at] ?? []).join(" ")] as const);
      return { id, ...Object.fromEntries(parts) };
    }),
  );
  return scoresIn(index, wanted);
}

function scoresIn(index: MiniSearch<{ id: number }>, wanted: readonly string[][]): Map<number, number> {
  const queries = wanted.map(
    (group): Query => ({ combineWith: "AND", queries: [...group], boostTerm: () => 1 / group.length }),
  );
  const asTheyAre = { tokenize: (term: string) => [term], processTerm: (term: string) => term };
  const hits = index.search({ combineWith: "OR", queries }, { ...asTheyAre, boost: BOOST });
  return new Map(hits.map(({ id, score }) => [id as number, score]));
}

const corpusFrom = (parts: readonly (readonly Stems[])[], gone: ReadonlySet<number>) => {
  let start = 0;
  const segments = parts.map((part) => {
    const flags = Uint8Array.from(part, (_, at) => (gone.has(start + at) ? 1 : 0));
    start += part.length;
    return { postings: mergePostings(emptyPostings(), () => true, part, FIELDS.length), gone: flags };
  });
  return corpusOf(segments, FIELDS.length);
};

describe("a part of an index", () => {
  test("scores as all of it does, in one segment or two, whatever is gone", () => {
    fc.assert(
      fc.property(documents, groups, fc.nat(12), fc.uniqueArray(fc.nat(11)), (made, wanted, cut, lost) => {
        const gone = new Set(lost);
        const corpus = corpusFrom([made.slice(0, cut), made.slice(cut)], gone);
        const found = scoresIn(openCorpus(corpus, new Set(wanted.flat()), FIELDS), wanted);
        const expected = judged(
          made.map((document, number) => (gone.has(number) ? undefined : document)),
          wanted,
        );
        expect([...found.keys()].sort((a, b) => a - b)).toEqual([...expected.keys()].sort((a, b) => a - b));
        for (const [number, value] of expected) expect(found.get(number)).toBeCloseTo(value, 9);
      }),
    );
  });

  test("the best of many are those that sorting them all gives", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 60 }), fc.integer({ min: 1, max: 10 }), (values, count) => {
        const all = Int32Array.from(values, (_, at) => at);
        const order = [...all].sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
        expect(best(all, Float64Array.from(values), count, (a, b) => a - b)).toEqual(order.slice(0, count));
      }),
    );
  });
});
