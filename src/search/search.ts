import { type Found, type Meanings, rank } from "./fuse.ts";
import type { SearchIndex } from "./index/searchIndex.ts";
import type { Progress } from "./index/ticketVectors.ts";
import { commonWords, documentsNamed, searchRelevant } from "./keyword/keyword.ts";
import { type Aligned, alignments } from "./meaning/alignment.ts";
import type { Embedder } from "./meaning/embedder.ts";
import { similarity, type Vectors } from "./meaning/vectors.ts";
import type { WordTable } from "./meaning/wordTable.ts";
import { fold, isStopWord, tokenize } from "./words/tokens.ts";

/** How tickets are looked for. */
export type SearchType = "hybrid" | "keyword" | "semantic";

/** A ticket that may be found. */
export interface Candidate {
  readonly id: string;
  readonly title: string;
}

/** What to look for, and among which tickets. */
export interface SearchRequest {
  readonly text: string;
  /** The id of the ticket that has the text as its name elsewhere. */
  readonly named?: string | undefined;
  readonly type: SearchType;
  /** What each list counts in a hybrid search. */
  readonly weights: { readonly semantic: number; readonly keyword: number };
  /** Whether notes are searched too. */
  readonly notes: boolean;
  /** Whether the candidates are those that have a phrase as it was quoted: then its words need tell nothing. */
  readonly exactly?: boolean;
  /** Every ticket that may be found. The same list again costs less. */
  readonly candidates: readonly Candidate[];
  /** How many are wanted; all unless told. */
  readonly limit?: number;
  /** Made only when meanings are asked for. */
  readonly embedder: () => Promise<Embedder> | Embedder;
  readonly progress?: Progress;
}

/** What a search found, best first, and how the two lists were weighed. */
export interface SearchResult {
  readonly found: readonly Found[];
  /** How many there are, also where a limit cut them. */
  readonly total: number;
  readonly weights: { readonly semantic: number; readonly keyword: number };
  /** Where nothing is found: the words of the query that almost every ticket has. */
  readonly common: readonly string[];
}

/** Searches an index. An exact id or title always comes first. */
export async function search(index: SearchIndex, request: SearchRequest): Promise<SearchResult> {
  const { type, candidates, text } = request;
  const accept = index.placesIn(candidates);
  const corpus = index.corpus();
  const exactly = request.exactly ?? false;
  const common = exactly ? [] : commonWords(corpus, text);
  const embedder = type === "keyword" ? undefined : await request.embedder();
  // What almost every ticket says is near to all of them.
  const telling = without(text, common);
  const query =
    embedder === undefined || telling === "" ? undefined : await meaningOf(index, embedder, request, telling);
  const words =
    type === "semantic" ? undefined : searchRelevant(corpus, text, { notes: request.notes, accept, exactly });
  const near = type === "keyword" ? undefined : compare(index, query, accept);
  const meaning = near && aligned({ corpus, table: embedder?.table, text: telling, notes: request.notes }, near);
  // Words that the embedder does not know, typing errors among them, are for the keywords to find.
  const weights = weigh(request, embedder?.coverage(telling) ?? 0);
  const limit = Math.max(1, Math.min(request.limit ?? candidates.length, candidates.length));
  const exact = [text, request.named ?? ""].flatMap((name) => exactOnes(index, name, candidates, accept));
  const ranked = rank({ words, meaning, exact, limit, weights, idOf: (number) => index.idOf(number) });
  return { ...ranked, weights, common: ranked.total === 0 ? common : [] };
}

interface Query {
  readonly vectors: Vectors;
  readonly floor: number;
  readonly query: Float32Array;
}

async function meaningOf(
  index: SearchIndex,
  embedder: Embedder,
  { progress }: SearchRequest,
  text: string,
): Promise<Query | undefined> {
  const vectors = await index.vectors(embedder, progress);
  const query = await embedder.query(text.slice(0, 20_000));
  if (vectors === undefined || query === undefined || query.length !== vectors.dimensions) return undefined;
  return { vectors, floor: embedder.floor, query };
}

function without(text: string, words: readonly string[]): string {
  if (words.length === 0) return text.trim();
  const isTelling = (run: string): boolean => tokenize(run).some((word) => !isStopWord(word) && !words.includes(word));
  return text.split(/\s+/).filter(isTelling).join(" ");
}

/** Who is less near than this beside the nearest was not meant. */
const NEAR = 0.6;

function compare(index: SearchIndex, asked: Query | undefined, accept: Int32Array): Meanings {
  const scores = new Float64Array(index.size);
  if (asked === undefined) return { scores, cosines: scores, found: new Int32Array(0) };
  const { vectors, floor, query } = asked;
  const rows = index.rowsOf(vectors);
  const cosines = new Float64Array(rows.length);
  let best = 0;
  for (let number = 0; number < rows.length; number++) {
    const row = rows[number] as number;
    if (row < 0 || accept[number] === 0) continue;
    const cosine = similarity(vectors, row, query);
    cosines[number] = cosine;
    if (cosine > best) best = cosine;
  }
  const least = Math.max(floor, NEAR * best);
  const found = new Int32Array(rows.length);
  let size = 0;
  for (let number = 0; number < rows.length; number++) {
    const cosine = cosines[number] as number;
    if (cosine < least || cosine === 0) continue;
    scores[number] = cosine;
    found[size++] = number;
  }
  return { scores, cosines: scores, found: found.subarray(0, size) };
}

/** What the nearest words of a ticket count beside the average of all of them. */
const ALIGNED = 0.54;
/** Of more tickets looking at every word takes longer than somebody waits for it. */
const MOST_ALIGNED = 2_000;

/** Puts what is near in the order of what its words mean one by one, too; of cosines alone where no table knows words. */
function aligned(
  { corpus, table, text, notes }: Omit<Aligned, "table"> & { readonly table: WordTable | undefined },
  { cosines, found }: Meanings,
): Meanings {
  if (table === undefined || found.length === 0 || corpus.count > MOST_ALIGNED)
    return { scores: cosines, cosines, found };
  const alignment = alignments({ corpus, table, text, notes });
  const [nearest, best] = [cosines, alignment].map((all) =>
    found.reduce((most, at) => Math.max(most, all[at] as number), 0),
  );
  const scores = new Float64Array(cosines.length);
  for (const number of found)
    scores[number] =
      ((1 - ALIGNED) * (cosines[number] as number)) / (nearest || 1) +
      (ALIGNED * (alignment[number] as number)) / (best || 1);
  return { scores, cosines, found };
}

function weigh({ type, weights }: SearchRequest, trust: number): SearchResult["weights"] {
  if (type !== "hybrid") return { semantic: type === "semantic" ? 1 : 0, keyword: type === "keyword" ? 1 : 0 };
  const sum = weights.semantic + weights.keyword || 1;
  const semantic = (weights.semantic / sum) * trust;
  return { semantic, keyword: 1 - semantic };
}

/** The numbers of the tickets that the query names: it is their id or their title. */
function exactOnes(
  index: SearchIndex,
  text: string,
  candidates: readonly Candidate[],
  accept: Int32Array,
): readonly number[] {
  const asTyped = text.trim();
  const wanted = fold(asTyped);
  if (wanted === "" || wanted.length > 1000) return [];
  const isIt = (name: string): boolean => name.length === asTyped.length && fold(name.trim()) === wanted;
  const numbers = documentsNamed(index.corpus(), wanted) ?? accept.keys();
  return [...numbers].filter((number) => {
    const candidate = candidates[(accept[number] as number) - 1];
    return candidate !== undefined && (isIt(candidate.id) || isIt(candidate.title));
  });
}
