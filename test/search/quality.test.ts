import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type Reader, SearchIndex } from "../../src/search/index/searchIndex.ts";
import { builtinEmbedder } from "../../src/search/meaning/embedder.ts";
import { type SearchType, search } from "../../src/search/search.ts";

const BENCH = path.resolve(import.meta.dirname, "../bench/search");
const EMBEDDER = builtinEmbedder(path.resolve(import.meta.dirname, "../../src/search/data/words.bin"));

interface Labelled {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

interface Query {
  readonly kind: string;
  readonly half: string;
  readonly query: string;
  readonly relevant: Readonly<Record<string, number>>;
}

function read<T>(name: string): T[] {
  const text = readFileSync(path.join(BENCH, name), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const READER: Reader<Labelled> = {
  version: () => "1",
  hasVersion: () => true,
  isArchived: () => false,
  load: async ({ id, title, body }) => ({ id, title, tags: "", text: body, notes: "", commits: "" }),
};

/** For each development query its kind, and whether a ticket that is meant is among the first three. */
async function hits(tickets: readonly Labelled[], queries: readonly Query[], type: SearchType) {
  const index = new SearchIndex<Labelled>(undefined);
  await index.update(tickets, READER, { archive: false });
  const found: { kind: string; hit: boolean }[] = [];
  for (const { kind, query, relevant } of queries.filter(({ half }) => half === "dev")) {
    const weights = { semantic: 0.7, keyword: 0.3 };
    const request = {
      text: query,
      type,
      weights,
      notes: true,
      candidates: tickets,
      limit: 3,
      embedder: () => EMBEDDER,
    };
    const first = (await search(index, request)).found;
    found.push({ kind, hit: first.some(({ id }) => (relevant[id] ?? 0) >= 2) });
  }
  return found;
}

test("on both development sets a hybrid search finds more than words alone, and of no kind of query less", async () => {
  const own = read<Labelled>("tickets.jsonl");
  const sets = [
    [own, read<Query>("queries.jsonl")],
    [[...own, ...read<Labelled>("more-tickets.jsonl")], read<Query>("terse-queries.jsonl")],
  ] as const;
  const all = { keyword: 0, hybrid: 0, semantic: 0 };
  let count = 0;
  for (const [tickets, queries] of sets) {
    const [keyword, hybrid] = [await hits(tickets, queries, "keyword"), await hits(tickets, queries, "hybrid")];
    const right = (rows: typeof hybrid, kind?: string): number =>
      rows.filter((row) => row.hit && (kind === undefined || row.kind === kind)).length;
    for (const kind of new Set(queries.map((one) => one.kind))) {
      expect([kind, right(hybrid, kind) >= right(keyword, kind)]).toEqual([kind, true]);
    }
    all.keyword += right(keyword);
    all.hybrid += right(hybrid);
    all.semantic += right(await hits(tickets, queries, "semantic"));
    count += hybrid.length;
  }
  expect(count).toBe(90);
  expect(all.hybrid / count).toBeGreaterThanOrEqual(0.89);
  expect(all.hybrid).toBeGreaterThan(all.keyword);
  // Vectors made from news and an encyclopedia: 0.71; averages alone, without the nearest words: 0.80.
  expect(all.semantic / count).toBeGreaterThanOrEqual(0.83);
});
