import { rowFinder, type Signatures } from "./signatures.ts";
import { type Shared, SIMILAR, scoreOf, type Weight } from "./similar.ts";

/** Two tickets that are likely about the same. */
export interface SimilarPair {
  readonly left: string;
  readonly right: string;
  /** From 0 to 1. */
  readonly score: number;
}

/** Two tickets are compared when they share a stem that no more tickets have than this. */
const MAX_SHARERS = 200;

interface Row {
  readonly id: string;
  readonly stems: Uint32Array;
  readonly weights: Uint8Array;
  readonly weight: Weight;
  readonly title: number;
}

/** Every two of `ids` that are likely about the same, the likeliest first. */
export function similarPairs(signatures: Signatures, ids: readonly string[]): SimilarPair[] {
  const find = rowFinder(signatures);
  const rows = ids.flatMap((id) => rowOf(signatures, id, find(id)));
  const sharers = sharersOf(rows);
  const found: SimilarPair[] = [];
  for (const [at, row] of rows.entries()) {
    const own = new Map([...row.stems.entries()].map(([place, hash]) => [hash, place < row.title]));
    for (const other of candidates(at, row, sharers)) {
      const right = rows[other] as Row;
      const score = scoreOf(sharedOf(own, right), row.weight, right.weight);
      if (score >= SIMILAR) found.push({ left: row.id, right: right.id, score });
    }
  }
  return found.sort((one, two) => two.score - one.score || (one.left < two.left ? -1 : 1));
}

function rowOf({ offsets, stems, weights, titles }: Signatures, id: string, row: number | undefined): Row[] {
  if (row === undefined) return [];
  const [from, to] = [offsets[row], offsets[row + 1]];
  const own = weights.subarray(from, to);
  const title = titles[row] as number;
  const sum = (part: Uint8Array): number => part.reduce((total, weight) => total + weight, 0);
  const weight = { all: sum(own), title: sum(own.subarray(0, title)) };
  return [{ id, stems: stems.subarray(from, to), weights: own, weight, title }];
}

/** The rows that have each stem. */
function sharersOf(rows: readonly Row[]): ReadonlyMap<number, readonly number[]> {
  const sharers = new Map<number, number[]>();
  for (const [at, { stems }] of rows.entries()) {
    for (const hash of stems) {
      const others = sharers.get(hash);
      if (others === undefined) sharers.set(hash, [at]);
      else others.push(at);
    }
  }
  return sharers;
}

/** Later rows that share a stem which is not everywhere. */
function candidates(at: number, { stems }: Row, sharers: ReadonlyMap<number, readonly number[]>): Set<number> {
  const found = new Set<number>();
  for (const hash of stems) {
    const others = sharers.get(hash) ?? [];
    if (others.length > MAX_SHARERS) continue;
    for (const other of others) if (other > at) found.add(other);
  }
  return found;
}

/** `own`: of each stem of the one ticket whether it is in its title. */
function sharedOf(own: ReadonlyMap<number, boolean>, { stems, weights, title }: Row): Shared {
  const shared: Shared = { all: 0, leftTitle: 0, rightTitle: 0 };
  for (const [at, hash] of stems.entries()) {
    const inTitle = own.get(hash);
    if (inTitle === undefined) continue;
    const weight = weights[at] as number;
    shared.all += weight;
    if (inTitle) shared.leftTitle += weight;
    if (at < title) shared.rightTitle += weight;
  }
  return shared;
}
