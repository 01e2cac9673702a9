import { fieldOf, type Ticket } from "../../../ticket/ticket.ts";

/** Stands for no ticket in a column of rows. */
export const NONE = -1;
/** Stands for a ticket that the table has no row of. */
export const ABSENT = -2;

/** Which rows each row leads to: those up to its end, where `ends` says them, else one. */
export interface Links {
  readonly rows: Int32Array;
  readonly ends?: Uint32Array;
}

/** What a ticket waits for. */
export function depsOf(ticket: Ticket): readonly string[] {
  return ticket.known?.deps ?? ticket.fields.deps ?? [];
}

/** What it is a part of. */
export function parentOf(ticket: Ticket): string | undefined {
  return ticket.known?.hasParent === false ? undefined : fieldOf(ticket, "parent");
}

/** The rows of what each ticket waits for. */
export function depRowsOf(
  tickets: readonly (Ticket | undefined)[],
  rowsById: ReadonlyMap<string, number>,
): Required<Links> {
  const ends = new Uint32Array(tickets.length);
  const rows: number[] = [];
  for (const [at, ticket] of tickets.entries()) {
    for (const id of ticket === undefined ? [] : depsOf(ticket)) rows.push(rowsById.get(id) ?? ABSENT);
    ends[at] = rows.length;
  }
  return { ends, rows: Int32Array.from(rows) };
}

/** The row of what each ticket is a part of. */
export function parentRowsOf(
  tickets: readonly (Ticket | undefined)[],
  rowsById: ReadonlyMap<string, number>,
): Int32Array {
  return Int32Array.from(tickets, (ticket) => {
    const parent = ticket && parentOf(ticket);
    return parent === undefined ? NONE : (rowsById.get(parent) ?? ABSENT);
  });
}

/** So many rows are looked for one by one before all links are turned around. */
const FEW = 20;

/** The rows that lead to a row. */
export class LinkedFrom {
  readonly #links: Links;
  readonly #count: number;
  #asked = 0;
  #ends: Uint32Array | undefined;
  #rows = new Int32Array(0);

  /** @param count of all rows */
  constructor(links: Links, count: number) {
    this.#links = links;
    this.#count = count;
  }

  /** Those that lead to `target`, in their order, each once. */
  rows(target: number): number[] {
    if (this.#asked++ < FEW) return this.#find(target);
    const ends = this.#ends ?? this.#turn();
    return Array.from(this.#rows.subarray(target === 0 ? 0 : ends[target - 1], ends[target]));
  }

  #find(target: number): number[] {
    const { rows, ends } = this.#links;
    const found: number[] = [];
    for (let at = rows.indexOf(target); at >= 0; at = rows.indexOf(target, at + 1)) {
      const row = ends === undefined ? at : firstAbove(ends, at);
      if (found.at(-1) !== row) found.push(row);
    }
    return found;
  }

  #turn(): Uint32Array {
    const starts = new Uint32Array(this.#count + 1);
    this.#each((target) => (starts[target + 1] as number)++);
    for (let row = 0; row < this.#count; row++) (starts[row + 1] as number) += starts[row] as number;
    const rows = new Int32Array(starts[this.#count] as number);
    this.#each((target, row) => {
      rows[starts[target] as number] = row;
      (starts[target] as number)++;
    });
    // Each start has moved to where its row's end is.
    this.#rows = rows;
    this.#ends = starts;
    return starts;
  }

  #each(visit: (target: number, row: number) => void): void {
    const { rows, ends } = this.#links;
    let at = 0;
    for (let row = 0; row < this.#count; row++) {
      const start = at;
      const end = ends === undefined ? row + 1 : (ends[row] as number);
      for (; at < end; at++) {
        const target = rows[at] as number;
        if (target >= 0 && rows.indexOf(target, start) >= at) visit(target, row);
      }
    }
  }
}

/** The first place whose number is above `wanted`. */
function firstAbove(numbers: Uint32Array, wanted: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
