import type { Ticket } from "../../../ticket/ticket.ts";
import { type Entry, type EntryMap, isTopTicket } from "../../open/entry.ts";
import { TableEntry } from "./tableTicket.ts";
import type { TicketTable } from "./ticketTable.ts";
import { TRAITS } from "./traits.ts";

/** The entries of a table, with what changed since it was written. */
export class TableEntries implements EntryMap {
  readonly table: TicketTable;
  /** What is otherwise than in the table; undefined where it is gone. */
  readonly changed: ReadonlyMap<string, Entry | undefined>;
  /** Rows that no longer hold. */
  readonly replaced: Uint8Array;
  readonly #changed: Map<string, Entry | undefined>;
  #size: number;

  constructor(table: TicketTable, from?: TableEntries) {
    this.table = table;
    this.#changed = new Map(from?.changed);
    this.changed = this.#changed;
    this.replaced = from === undefined ? new Uint8Array(table.count) : from.replaced.slice();
    this.#size = from?.size ?? table.count;
  }

  copy(): TableEntries {
    return new TableEntries(this.table, this);
  }

  get size(): number {
    return this.#size;
  }

  get(path: string): Entry | undefined {
    if (this.#changed.has(path)) return this.#changed.get(path);
    const at = this.table.find(path);
    return at < 0 ? undefined : new TableEntry(this.table, at);
  }

  has(path: string): boolean {
    return this.#changed.has(path) ? this.#changed.get(path) !== undefined : this.table.find(path) >= 0;
  }

  set(path: string, entry: Entry): this {
    if (!this.has(path)) this.#size++;
    this.#replace(path, entry);
    return this;
  }

  delete(path: string): boolean {
    if (!this.has(path)) return false;
    this.#size--;
    this.#replace(path, undefined);
    return true;
  }

  #replace(path: string, entry: Entry | undefined): void {
    const at = this.table.find(path);
    if (at >= 0) this.replaced[at] = 1;
    if (at < 0 && entry === undefined) this.#changed.delete(path);
    else this.#changed.set(path, entry);
  }

  *keys(): Generator<string> {
    for (const at of this.#order()) yield typeof at === "number" ? this.table.name(at) : at;
  }

  *[Symbol.iterator](): Generator<[string, Entry]> {
    for (const at of this.#order()) {
      if (typeof at === "number") yield [this.table.name(at), new TableEntry(this.table, at)];
      else yield [at, this.#changed.get(at) as Entry];
    }
  }

  /** What is there in the order of its paths: rows that hold, and paths that changed. */
  *#order(): Generator<number | string> {
    const { table, replaced } = this;
    const paths = [...this.#changed].flatMap(([path, entry]) => (entry === undefined ? [] : path)).sort();
    let next = 0;
    for (let at = 0; at < table.count; at++) {
      if (replaced[at] !== 0) continue;
      if (next < paths.length) {
        const name = table.name(at);
        while (next < paths.length && (paths[next] as string) < name) yield paths[next++] as string;
      }
      yield at;
    }
    while (next < paths.length) yield paths[next++] as string;
  }

  *values(): Generator<Entry> {
    for (const [, entry] of this) yield entry;
  }

  /** Whether every file is a ticket with the id of its name, or none that anybody counts: then no two have one id. */
  isPlain(): boolean {
    if (!this.table.isPlain(this.replaced)) return false;
    for (const [path, entry] of this.#changed) {
      if (entry === undefined || !isTopTicket(path)) {
        if (entry?.problem !== undefined) return false;
        continue;
      }
      if (entry.problem !== undefined || (entry.ticket !== undefined && `${entry.ticket.id}.md` !== path)) return false;
    }
    return true;
  }

  /** All tickets, by their paths. */
  tickets(): Ticket[] {
    const tickets: Ticket[] = [];
    const { table } = this;
    if (this.#changed.size === 0) {
      for (let at = 0; at < table.count; at++) if (table.has(at, TRAITS.ticket)) tickets.push(table.ticket(at));
      return tickets;
    }
    for (const at of this.#order()) {
      if (typeof at === "string") tickets.push(...[this.#changed.get(at)?.ticket].filter((one) => one !== undefined));
      else if (this.table.has(at, TRAITS.ticket)) tickets.push(this.table.ticket(at));
    }
    return tickets;
  }

  /** The tickets that somebody holds, or of which something waits for a person's yes. */
  marked(): Ticket[] {
    return this.ticketsWhere((at) => !this.table.has(at, TRAITS.unmarked));
  }

  /** The tickets whose question has an answer by default; and those that changed. */
  timed(): Ticket[] {
    return this.ticketsWhere((at) => this.table.has(at, TRAITS.timed));
  }

  /** The tickets that name a reviewer; and those that changed. */
  reviewed(): Ticket[] {
    return this.ticketsWhere((at) => this.table.has(at, TRAITS.reviewer));
  }

  /** The tickets that wait for, or are parts of, what is no active ticket; and those that changed. */
  maybeAbsent(): Ticket[] {
    return this.ticketsWhere((at) => this.table.has(at, TRAITS.absent));
  }

  /** The tickets whose files were written since a time, in milliseconds since 1970; and those that changed. */
  writtenSince(time: number): Ticket[] {
    return this.ticketsWhere((at) => (this.table.stamps[at * 4] as number) >= time);
  }

  #changedTickets(): Ticket[] {
    return [...this.#changed.values()].flatMap((entry) => entry?.ticket ?? []);
  }

  /** The tickets whose rows pass a test; and those that changed. */
  ticketsWhere(test: (at: number) => boolean): Ticket[] {
    const { table, replaced } = this;
    const rows: Ticket[] = [];
    for (let at = 0; at < table.count; at++)
      if (replaced[at] === 0 && table.has(at, TRAITS.ticket) && test(at)) rows.push(table.ticket(at));
    return rows.concat(this.#changedTickets());
  }

  /** Whether `ids` has the ids of all tickets that the table has. */
  hasAllIds(ids: { has(id: string): boolean }): boolean {
    for (const path of this.#changed.keys()) {
      const at = this.table.find(path);
      if (at >= 0 && this.table.has(at, TRAITS.ticket) && !ids.has(this.table.ticket(at).id)) return false;
    }
    return true;
  }

  /** The paths of all files that are no `*.md` of the top directory. */
  others(): string[] {
    const { table, replaced } = this;
    const found: string[] = [];
    for (let at = 0; at < table.count; at++) {
      if (replaced[at] === 0 && !table.has(at, TRAITS.top)) found.push(table.name(at));
    }
    for (const [path, entry] of this.#changed) if (entry !== undefined && !isTopTicket(path)) found.push(path);
    return found;
  }

  /** How many `*.md` of the top directory there are. */
  topFiles(): number {
    let count = 0;
    for (let at = 0; at < this.table.count; at++)
      if (this.replaced[at] === 0 && this.table.has(at, TRAITS.top)) count++;
    for (const [path, entry] of this.#changed) if (entry !== undefined && isTopTicket(path)) count++;
    return count;
  }
}
