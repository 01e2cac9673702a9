import type { FieldName, Fields, Ticket } from "../../../ticket/ticket.ts";
import type { Stamp } from "../../open/entry.ts";
import type { Row } from "../cacheRow.ts";
import type { FieldColumns, FieldTeller } from "./fieldColumns.ts";
import { TableTicket } from "./tableTicket.ts";
import { NO_OID, SEPARATOR, TRAITS } from "./traits.ts";

/** The columns of a table; `…Ends` say where a row's part of a text ends. */
interface Columns {
  readonly count: number;
  readonly statuses: readonly string[];
  /** mtime, ctime, size and inode of each file. */
  readonly stamps: Float64Array;
  readonly nameEnds: Uint32Array;
  readonly titleEnds: Uint32Array;
  readonly depEnds: Uint32Array;
  readonly rowEnds: Uint32Array;
  /** Places in the order of ready lists. */
  readonly ranks: Uint32Array;
  readonly statusCodes: Uint16Array;
  readonly traits: Uint16Array;
  readonly priorities: Uint8Array;
  readonly depRowEnds: Uint32Array;
  readonly depRows: Int32Array;
  readonly parentRows: Int32Array;
  readonly oids: Buffer;
  /** All names, then all titles, then all dependencies. */
  readonly hot: string;
  readonly fields: FieldColumns;
  /** All rows as JSON. */
  readonly rows: Buffer;
}

/** Rows of so many tickets are read faster than one column. */
const FEW = 64;

/**
 * What the cache knows of a store's files, in columns and in the order of their names: ten thousand tickets are a few
 * arrays and one text. A ticket is made an object when it is shown or changed.
 */
export class TicketTable {
  readonly count: number;
  readonly stamps: Float64Array;
  readonly ranks: Uint32Array;
  readonly traits: Uint16Array;
  readonly priorities: Uint8Array;
  readonly statuses: readonly string[];
  readonly statusCodes: Uint16Array;
  /** The rows of what each ticket waits for, {@link ABSENT} for what has none; `depRowEnds` says where a ticket's end. */
  readonly depRows: Int32Array;
  readonly depRowEnds: Uint32Array;
  /** The row of what each ticket is a part of; {@link NONE} or {@link ABSENT} where it has none. */
  readonly parentRows: Int32Array;
  readonly #columns: Columns;
  readonly #titles: number;
  readonly #deps: number;
  readonly #tickets: (TableTicket | undefined)[];
  #asked = 0;
  /** All blob ids, once thousands are asked for. */
  #hexOids: string | undefined;

  constructor(columns: Columns) {
    this.#columns = columns;
    this.count = columns.count;
    this.stamps = columns.stamps;
    this.ranks = columns.ranks;
    this.traits = columns.traits;
    this.priorities = columns.priorities;
    this.statuses = columns.statuses;
    this.statusCodes = columns.statusCodes;
    this.depRows = columns.depRows;
    this.depRowEnds = columns.depRowEnds;
    this.parentRows = columns.parentRows;
    this.#titles = last(columns.nameEnds);
    this.#deps = this.#titles + last(columns.titleEnds);
    this.#tickets = new Array(columns.count);
  }

  /** Whether no file of those that hold has a problem, or another id than its name says. */
  isPlain(replaced: Uint8Array): boolean {
    for (let at = 0; at < this.count; at++)
      if (this.has(at, TRAITS.problem | TRAITS.oddId) && replaced[at] === 0) return false;
    return true;
  }

  /** The ticket of a row that is one; always the same object. */
  ticket(at: number): Ticket {
    let ticket = this.#tickets[at];
    if (ticket === undefined) {
      ticket = new TableTicket(this, at);
      this.#tickets[at] = ticket;
    }
    return ticket;
  }

  /** A file's path. */
  name(at: number): string {
    return this.#text(this.#columns.nameEnds, 0, at);
  }

  title(at: number): string {
    return this.#text(this.#columns.titleEnds, this.#titles, at);
  }

  /** The ids that it waits for, where none is odd. */
  deps(at: number): string[] {
    return this.#text(this.#columns.depEnds, this.#deps, at).split(SEPARATOR);
  }

  /** The rows of what a ticket waits for. */
  depRowsOf(at: number): Int32Array {
    return this.depRows.subarray(at === 0 ? 0 : this.depRowEnds[at - 1], this.depRowEnds[at]);
  }

  status(at: number): string {
    return this.statuses[this.statusCodes[at] as number] as string;
  }

  /** Whether fields of so many tickets were asked for that a column is read sooner than their rows. */
  isReadMuch(): boolean {
    return this.#asked++ > FEW;
  }

  /** What a ticket has as one of the fields that stand in columns. */
  value<N extends FieldName>(name: N, at: number): Fields[N] | undefined {
    return this.#columns.fields.value(name, at);
  }

  /** What in a ticket's text still calls for somebody. */
  calls(at: number): Ticket["calls"] {
    return this.#columns.fields.value("calls", at);
  }

  has(at: number, trait: number): boolean {
    return ((this.traits[at] as number) & trait) !== 0;
  }

  stamp(at: number): Stamp {
    return [...this.stamps.subarray(at * 4, at * 4 + 4)] as unknown as Stamp;
  }

  /** The blob id that git would have; "" for bytes that were never hashed. */
  oid(at: number): string {
    const oid = this.#columns.oids.toString("hex", at * 20, at * 20 + 20);
    return oid === NO_OID ? "" : oid;
  }

  /** Whether the blob id begins with the 16 hex digits of `text` from `from` on. */
  hasOid(at: number, text: string, from: number): boolean {
    this.#hexOids ??= this.#columns.oids.toString("hex");
    return text.startsWith(this.#hexOids.slice(at * 40, at * 40 + 16), from);
  }

  /** All that is known of a file. */
  row(at: number): Row {
    return JSON.parse(this.rowBytes(at).toString()) as Row;
  }

  /** The same as it is written. */
  rowBytes(at: number): Buffer {
    const { rows, rowEnds } = this.#columns;
    return rows.subarray(startOf(rowEnds, at), rowEnds[at]);
  }

  /** Tells each field of a ticket that stands in columns, as JSON. */
  eachField(at: number, tell: FieldTeller): void {
    this.#columns.fields.each(at, tell);
  }

  /** In which row a path stands, or -1. */
  find(path: string): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const name = this.name(middle);
      if (name === path) return middle;
      if (name < path) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** The first row whose path is this one or comes after it. */
  rowFrom(path: string): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.name(middle) < path) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #text(ends: Uint32Array, from: number, at: number): string {
    return this.#columns.hot.slice(from + startOf(ends, at), from + (ends[at] as number));
  }
}

function startOf(ends: Uint32Array, at: number): number {
  return at === 0 ? 0 : (ends[at - 1] as number);
}

function last(ends: Uint32Array): number {
  return ends[ends.length - 1] ?? 0;
}
