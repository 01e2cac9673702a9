import type { Corpus, Segment } from "../keyword/corpus.ts";
import { FIELDS, queryStems } from "../keyword/keyword.ts";
import { documentOf, fieldOf, type Postings } from "../keyword/postings.ts";
import type { WordTable } from "./wordTable.ts";

/** What is compared with which tickets. */
export interface Aligned {
  readonly corpus: Corpus;
  readonly table: WordTable;
  readonly text: string;
  /** Whether notes count too. */
  readonly notes: boolean;
}

/** What a word counts that stands elsewhere than in the title. */
const ELSEWHERE = 0.9;

/**
 * How well the words of a query are met in each document, from 0 to 1: each by the nearest one that the document has; rare
 * words count more. In the average of all its words one of them is lost, here it is not.
 */
export function alignments({ corpus, table, text, notes }: Aligned): Float64Array {
  const factors = FIELDS.map((field) => (field === "title" ? 1 : field === "notes" && !notes ? 0 : ELSEWHERE));
  const sums = new Float64Array(corpus.size);
  let all = 0;
  for (const word of queryStems(text)) {
    const row = table.find(word);
    const best = new Float32Array(corpus.size);
    let having = 0;
    for (const [nth, segment] of corpus.segments.entries())
      having += meet({ table, word, row, factors }, segment, best.subarray(corpus.starts[nth]));
    const weight = Math.log(1 + corpus.count / (having + 0.5)) * table.weight(row);
    for (let document = 0; document < best.length; document++)
      (sums[document] as number) += weight * (best[document] as number);
    all += weight;
  }
  if (all > 0) for (let document = 0; document < sums.length; document++) (sums[document] as number) /= all;
  return sums;
}

interface Word {
  readonly table: WordTable;
  readonly word: string;
  readonly row: number;
  /** What each field counts. */
  readonly factors: readonly number[];
}

/** Notes in `best` how near the nearest word of each document is; answers how many documents have the very word. */
function meet({ table, word, row, factors }: Word, { postings, gone }: Segment, best: Float32Array): number {
  const { terms, offsets, entries } = postings;
  const rows = rowsOf(table, postings);
  const own = terms.find(word);
  for (let term = 0; term < terms.count; term++) {
    const near = term === own ? 1 : table.nearness(row, rows[term] as number);
    if (near <= 0) continue;
    for (let place = offsets[term] as number; place < (offsets[term + 1] as number); place++) {
      const entry = entries[place] as number;
      const document = documentOf(entry);
      const value = near * (factors[fieldOf(entry)] as number);
      if (value > (best[document] as number)) best[document] = value;
    }
  }
  if (own < 0) return 0;
  const having = new Set(Array.from(entries.subarray(offsets[own], offsets[own + 1]), documentOf));
  return [...having].filter((document) => !gone.has(document)).length;
}

/** Where the table has each term of some postings; a process that goes on asks for them again. */
function rowsOf(table: WordTable, postings: Postings): Int32Array {
  const known = ROWS.get(postings);
  if (known?.table === table) return known.rows;
  const { terms } = postings;
  const rows = Int32Array.from({ length: terms.count }, (_, term) => table.find(terms.at(term)));
  ROWS.set(postings, { table, rows });
  return rows;
}

const ROWS = new WeakMap<Postings, { readonly table: WordTable; readonly rows: Int32Array }>();
