import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { corpusOf } from "../../../src/search/keyword/corpus.ts";
import { documentsWithAll, FIELDS, searchKeyword } from "../../../src/search/keyword/keyword.ts";
import { emptyPostings, mergePostings } from "../../../src/search/keyword/postings.ts";
import { stem } from "../../../src/search/words/tokens.ts";
import { judged, type Stems } from "../../helpers/miniSearch.ts";

/** Words of the thesaurus, words with the same beginning, and what typing errors make of others. */
const PLAIN = ["login", "log", "sign", "web", "hook", "webhook", "cache", "csv", "retry", "retries", "x", "404"];
/** As MiniSearch finds misspelt words whatever their first letter is, and we only with the right one, three are told. */
const tail = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 5 });
const typed = fc.tuple(fc.constantFrom("xxx", "yyy"), tail).map((parts) => parts.join(""));
const word = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PLAIN) }, { weight: 2, arbitrary: typed });
const field = fc.array(word.map(stem), { maxLength: 5 });
const documents = fc.array(fc.tuple(field, field, field, field, field, field), { minLength: 1, maxLength: 14 });
const query = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(" "));
const RUNS = { numRuns: process.env.AYO_LONG === "1" ? 20_000 : 300 };

/** The documents in segments that begin at `cuts`, without those that are gone. */
function corpusFrom(made: readonly Stems[], cuts: readonly number[], gone: ReadonlySet<number>) {
  const starts = [...new Set([0, ...cuts.filter((cut) => cut < made.length)])].sort((left, right) => left - right);
  const segments = starts.map((start, nth) => {
    const part = made.slice(start, starts[nth + 1]);
    const own = [...part.keys()].filter((at) => gone.has(start + at));
    return { postings: mergePostings(emptyPostings(FIELDS.length), () => true, part), gone: new Set(own) };
  });
  return corpusOf(segments);
}

const byNumber = (left: number, right: number): number => left - right;
const byScore = ([, left]: [number, number], [, right]: [number, number]): number => right - left;

describe("a search for words", () => {
  test("scores as MiniSearch does with all documents, in one segment or several, whatever is gone", () => {
    fc.assert(
      fc.property(
        documents,
        query,
        fc.array(fc.nat(12), { maxLength: 2 }),
        fc.uniqueArray(fc.nat(13)),
        fc.boolean(),
        (made, text, cuts, lost, notes) => {
          const gone = new Set(lost);
          const corpus = corpusFrom(made, cuts, gone);
          const accept = Int32Array.from({ length: corpus.size }, (_, number) => (gone.has(number) ? 0 : 1));
          const { scores, found, termsOf } = searchKeyword(corpus, text, { notes, accept });
          const there = made.map((document, number) => (gone.has(number) ? undefined : document));
          const expected = judged(there, text, notes);
          expect([...found].sort(byNumber)).toEqual([...expected.keys()].sort(byNumber));
          for (const [number, score] of expected) {
            expect(Math.abs((scores[number] as number) - score)).toBeLessThan(1e-9);
            const terms = new Set(made[number]?.filter((_, at) => notes || FIELDS[at] !== "notes").flat());
            expect(termsOf(number).filter((term) => !terms.has(term))).toEqual([]);
            expect(termsOf(number).length).toBeGreaterThan(0);
          }
          const order = [...found].map((number): [number, number] => [number, scores[number] as number]).sort(byScore);
          const best = [...expected].sort(byScore);
          for (const [rank, [, score]] of order.entries()) {
            expect(Math.abs(score - (best[rank] as [number, number])[1])).toBeLessThan(1e-9);
          }
        },
      ),
      RUNS,
    );
  });

  test("finds as all words of a text what has each of them somewhere", () => {
    fc.assert(
      fc.property(documents, query, fc.uniqueArray(fc.nat(13)), (made, text, lost) => {
        const gone = new Set(lost);
        const wanted = text.split(" ").map(stem);
        const expected = [...made.keys()].filter((number) => {
          const stems = new Set(made[number]?.flat());
          return !gone.has(number) && wanted.every((term) => stems.has(term));
        });
        const found = documentsWithAll(corpusFrom(made, [5], gone), text) ?? [];
        expect([...found].sort(byNumber)).toEqual(expected);
      }),
      RUNS,
    );
  });

  test("takes the shortest eighty of the words that go on, and no word that only a replaced text had", () => {
    const titled = (terms: readonly string[]): Stems => FIELDS.map((field) => (field === "title" ? terms : []));
    const made = Array.from({ length: 100 }, (_, n) => titled([`webh${"a".repeat(n)}z`]));
    const corpus = corpusFrom(made, [30], new Set([0]));
    const accept = new Int32Array(100).fill(1);
    const { found } = searchKeyword(corpus, "webh", { notes: true, accept });
    expect([...found].sort(byNumber)).toEqual(Array.from({ length: 80 }, (_, n) => n + 1));
  });
});
