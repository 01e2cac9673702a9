import type { Embedder } from "./embedder.ts";
import { type KeywordHit, queryStems, searchKeyword } from "./keyword.ts";
import type { Progress, SearchIndex } from "./searchIndex.ts";
import { fold } from "./tokens.ts";
import { similarity } from "./vectors.ts";

/** How tickets are looked for. */
export type SearchType = "hybrid" | "keyword" | "semantic";

/** What to look for, and among which tickets. */
export interface SearchRequest {
  readonly text: string;
  readonly type: SearchType;
  /** What each list counts in a hybrid search. */
  readonly weights: { readonly semantic: number; readonly keyword: number };
  /** Whether notes are searched too. */
  readonly notes: boolean;
  /** Every ticket that may be found, with its title. */
  readonly candidates: ReadonlyMap<string, string>;
  /** Made only when meanings are asked for. */
  readonly embedder: () => Promise<Embedder> | Embedder;
  readonly progress?: Progress;
}

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

/** What a search found, best first, and how the two lists were weighed. */
export interface SearchResult {
  readonly found: readonly Found[];
  readonly weights: { readonly semantic: number; readonly keyword: number };
}

/** Reciprocal rank fusion (Cormack et al. 2009): 1 / (K + rank). Theirs is 60, for lists of thousands. */
const K = 10;
/** How far down its list a ticket's meaning still counts in a hybrid search. */
const POOL = 100;

/** Searches an index. An exact id or title always comes first. */
export async function search(index: SearchIndex, request: SearchRequest): Promise<SearchResult> {
  const { type, candidates } = request;
  const embedder = type === "keyword" ? undefined : await request.embedder();
  const meaning = embedder === undefined ? [] : await searchMeaning(index, embedder, request);
  const words = type === "semantic" ? [] : keywordHits(index, request);
  // Words that the embedder does not know, typing errors among them, are for the keywords to find.
  const trust = embedder === undefined ? 0 : embedder.coverage(request.text);
  const weights = weigh(request, trust);
  const found = fuse(words, type === "hybrid" ? meaning.slice(0, POOL) : meaning, type, weights);
  return { found: exactFirst(found, request.text, candidates), weights };
}

function keywordHits(index: SearchIndex, { text, notes, candidates }: SearchRequest): KeywordHit[] {
  if (queryStems(text).length === 0) return [];
  return searchKeyword(index.keyword(), text, { notes, accept: (id) => candidates.has(id) });
}

interface MeaningHit {
  readonly id: string;
  readonly cosine: number;
}

async function searchMeaning(index: SearchIndex, embedder: Embedder, request: SearchRequest): Promise<MeaningHit[]> {
  if (request.text.trim() === "") return [];
  const vectors = await index.vectors(embedder, request.progress);
  const query = await embedder.query(request.text.slice(0, 20_000));
  if (vectors === undefined || query === undefined || query.length !== vectors.dimensions) return [];
  const hits: MeaningHit[] = [];
  for (const id of request.candidates.keys()) {
    const row = index.rowOf(vectors, id);
    if (row === undefined) continue;
    const cosine = similarity(vectors, row, query);
    if (cosine >= embedder.floor) hits.push({ id, cosine });
  }
  return hits.sort((left, right) => right.cosine - left.cosine);
}

function weigh({ type, weights }: SearchRequest, trust: number): SearchResult["weights"] {
  if (type !== "hybrid") return { semantic: type === "semantic" ? 1 : 0, keyword: type === "keyword" ? 1 : 0 };
  const sum = weights.semantic + weights.keyword || 1;
  const semantic = (weights.semantic / sum) * trust;
  return { semantic, keyword: 1 - semantic };
}

function fuse(
  words: readonly KeywordHit[],
  meaning: readonly MeaningHit[],
  type: SearchType,
  weights: SearchResult["weights"],
): Found[] {
  const found = new Map<string, Found>();
  const best = words[0]?.score ?? 1;
  const share = (rank: number, weight: number): number => (weight * (K + 1)) / (K + rank);
  for (const [at, { id, score, terms }] of words.entries()) {
    const value = type === "keyword" ? score / best : share(at + 1, weights.keyword);
    found.set(id, { id, score: value, why: { keyword: { rank: at + 1, score, terms } } });
  }
  for (const [at, { id, cosine }] of meaning.entries()) {
    const known = found.get(id);
    const value = type === "semantic" ? cosine : share(at + 1, weights.semantic);
    const why = { ...known?.why, semantic: { rank: at + 1, cosine } };
    found.set(id, { id, score: (known?.score ?? 0) + value, why });
  }
  return [...found.values()].sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1));
}

function exactFirst(found: Found[], text: string, candidates: ReadonlyMap<string, string>): Found[] {
  const wanted = fold(text.trim());
  if (wanted === "" || wanted.length > 1000) return found;
  const exact = new Set<string>();
  for (const [id, title] of candidates) {
    if (fold(id) === wanted || (title.length === text.trim().length && fold(title.trim()) === wanted)) exact.add(id);
  }
  if (exact.size === 0) return found;
  const known = new Map(found.map((one) => [one.id, one]));
  const first = [...exact].map((id): Found => ({ id, score: 1, why: { ...known.get(id)?.why, exact: true } }));
  return [...first, ...found.filter(({ id }) => !exact.has(id))];
}
