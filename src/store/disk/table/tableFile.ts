import { isAgent } from "../../../ticket/rules/claim.ts";
import { isOfAgent } from "../../../ticket/rules/delegation.ts";
import { isUnlanded } from "../../../ticket/rules/landed.ts";
import { inReadyOrder } from "../../../ticket/rules/readyOrder.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { type Entry, isTopTicket } from "../../open/entry.ts";
import { rowOf } from "../cacheRow.ts";
import { padded, restOf } from "./bytes.ts";
import { fieldBytes } from "./fieldBytes.ts";
import { type ColumnSize, FieldColumns } from "./fieldColumns.ts";
import { depRowsOf, depsOf, parentOf, parentRowsOf } from "./rowLinks.ts";
import { TableEntry, TableTicket } from "./tableTicket.ts";
import { TicketTable } from "./ticketTable.ts";
import { NO_OID, SEPARATOR, TRAITS } from "./traits.ts";

// The file of the table: a JSON line, then numbers of one kind after another, then the texts that lists need, then what
// else is known of each file as JSON. Nothing of it is made an object before somebody asks.

/** How long the parts of the file are. */
export interface TableSize {
  readonly count: number;
  readonly statuses: readonly string[];
  /** Of the texts in one, in bytes. */
  readonly hot: number;
  readonly encoding: BufferEncoding;
  /** How many dependencies all have. */
  readonly links: number;
  readonly fields: readonly ColumnSize[];
}

/** The parts of a table, as they are written. */
export function tableBytes(entries: Iterable<readonly [string, Entry]>): { readonly size: TableSize; parts: Buffer[] } {
  const all = [...entries].sort(([left], [right]) => (left < right ? -1 : 1));
  const ids = new Set(all.flatMap(([, { ticket }]) => ticket?.id ?? []));
  // Of what stands in a table already nothing is made an object: a live process writes one anew every few hundred changes.
  const ranks = ranksOf(all);
  const count = all.length;
  const stamps = new Float64Array(count * 4);
  const ends = { names: new Uint32Array(count), titles: new Uint32Array(count), deps: new Uint32Array(count) };
  const rows = new Uint32Array(count);
  const rank = new Uint32Array(count);
  const statusCodes = new Uint16Array(count);
  const traits = new Uint16Array(count);
  const priorities = new Uint8Array(count);
  const oids: string[] = [];
  const texts = { names: "", titles: "", deps: "" };
  const rowTexts: Buffer[] = [];
  const statuses = new Map<string, number>();
  let rowEnd = 0;
  for (const [at, [file, entry]] of all.entries()) {
    const { ticket } = entry;
    stamps.set(entry.stamp, at * 4);
    oids.push(entry.oid || NO_OID);
    texts.names += file;
    texts.titles += ticket?.title ?? "";
    texts.deps += (ticket === undefined ? [] : depsOf(ticket)).join(SEPARATOR);
    ends.names[at] = texts.names.length;
    ends.titles[at] = texts.titles.length;
    ends.deps[at] = texts.deps.length;
    const row = entry instanceof TableEntry ? entry.rowBytes() : Buffer.from(JSON.stringify(rowOf(file, entry)));
    rowTexts.push(row);
    rowEnd += row.length;
    rows[at] = rowEnd;
    rank[at] = ranks.get(file) ?? 0;
    statusCodes[at] = codeOf(statuses, ticket?.status ?? "");
    traits[at] = traitsOf(file, entry, ids);
    priorities[at] = ticket === undefined ? 2 : (ticket.known?.priority ?? ticket.fields.priority ?? 2);
  }
  const rowsById = new Map(
    all.flatMap(([, { ticket }], at) => (ticket === undefined ? [] : [[ticket.id, at] as const])),
  );
  const tickets = all.map(([, { ticket }]) => ticket);
  const deps = depRowsOf(tickets, rowsById);
  const fields = fieldBytes(tickets);
  const { encoding, bytes: hot } = encoded(texts.names + texts.titles + texts.deps);
  const size = {
    count,
    statuses: [...statuses.keys()],
    hot: hot.length,
    encoding,
    links: deps.rows.length,
    fields: fields.sizes,
  };
  const columns = [stamps, ends.names, ends.titles, ends.deps, rows, rank, deps.ends, parentRowsOf(tickets, rowsById)];
  const numbers = [...columns, statusCodes, traits, priorities, deps.rows].map(({ buffer }) =>
    padded(Buffer.from(buffer)),
  );
  const head = [padded(Buffer.from(oids.join(""), "hex")), padded(hot)];
  return { size, parts: [...numbers, ...head, ...fields.parts, ...rowTexts] };
}

/** A table in bytes that {@link tableBytes} made, from `start` on. @throws RangeError where they are fewer */
export function openTable(bytes: Buffer, start: number, size: TableSize): TicketTable {
  const { count } = size;
  let at = start;
  const take = (length: number): Buffer => {
    const end = at + length;
    if (end > bytes.length) throw new RangeError("the table is cut off");
    const part = bytes.subarray(at, end);
    at = end + restOf(length);
    return part;
  };
  const numbers = (length: number): ArrayBuffer => {
    const { buffer, byteOffset } = take(length);
    return buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
  };
  const columns = {
    stamps: new Float64Array(numbers(count * 32)),
    nameEnds: new Uint32Array(numbers(count * 4)),
    titleEnds: new Uint32Array(numbers(count * 4)),
    depEnds: new Uint32Array(numbers(count * 4)),
    rowEnds: new Uint32Array(numbers(count * 4)),
    ranks: new Uint32Array(numbers(count * 4)),
    depRowEnds: new Uint32Array(numbers(count * 4)),
    parentRows: new Int32Array(numbers(count * 4)),
    statusCodes: new Uint16Array(numbers(count * 2)),
    traits: new Uint16Array(numbers(count * 2)),
    priorities: new Uint8Array(numbers(count)),
    depRows: new Int32Array(numbers(size.links * 4)),
    oids: take(count * 20),
    hot: take(size.hot).toString(size.encoding),
    fields: new FieldColumns(count, size.fields, take),
  };
  if (count > 0 && at + (columns.rowEnds[count - 1] as number) > bytes.length)
    throw new RangeError("the table is cut off");
  return new TicketTable({ ...columns, count, statuses: size.statuses, rows: bytes.subarray(at) });
}

/** A text in bytes that give it back: YAML can escape halves of characters (`"\\ud800"`), which UTF-8 has no bytes for. */
function encoded(text: string): { readonly encoding: BufferEncoding; readonly bytes: Buffer } {
  const bytes = Buffer.from(text);
  if (bytes.length === text.length) return { encoding: "latin1", bytes };
  return bytes.toString() === text
    ? { encoding: "utf8", bytes }
    : { encoding: "utf16le", bytes: Buffer.from(text, "utf16le") };
}

/** Places in the order of ready lists. */
function ranksOf(all: readonly (readonly [string, Entry])[]): Map<string, number> {
  const tickets = inReadyOrder(all.flatMap(([, { ticket }]) => ticket ?? []));
  return new Map(tickets.map(({ path }, rank) => [path, rank]));
}

function codeOf(statuses: Map<string, number>, status: string): number {
  const known = statuses.get(status);
  if (known !== undefined) return known;
  statuses.set(status, statuses.size);
  return statuses.size - 1;
}

/** What is told anew each time; all else of a ticket that stands in a table is told there. */
const OF_NOW = TRAITS.racy | TRAITS.problem | TRAITS.top | TRAITS.absent | TRAITS.converted;

function traitsOf(file: string, { ticket, problem, racy, oid }: Entry, ids: ReadonlySet<string>): number {
  const common =
    (racy ? TRAITS.racy : 0) | (problem === undefined ? 0 : TRAITS.problem) | (isTopTicket(file) ? TRAITS.top : 0);
  if (ticket === undefined) return common;
  const deps = depsOf(ticket);
  const parent = parentOf(ticket);
  const waitsForAbsent = deps.some((id) => !ids.has(id)) || (parent !== undefined && !ids.has(parent));
  const now = common | (waitsForAbsent ? TRAITS.absent : 0) | (ticket.version === oid ? 0 : TRAITS.converted);
  if (ticket instanceof TableTicket) return (ticket.traits & ~OF_NOW) | now;
  return (
    now |
    TRAITS.ticket |
    (`${ticket.id}.md` === file ? 0 : TRAITS.oddId) |
    (deps.length > 0 ? TRAITS.deps : 0) |
    (deps.some((id) => id.includes(SEPARATOR)) ? TRAITS.oddDeps : 0) |
    (parent === undefined ? 0 : TRAITS.parent) |
    fieldTraits(ticket)
  );
}

function fieldTraits(ticket: Ticket): number {
  const { reviewer, assignee, answerBy, parent } = ticket.fields;
  return (
    (parent !== undefined || isOfAgent(ticket.fields) ? TRAITS.kin : 0) |
    (isUnmarked(ticket) ? TRAITS.unmarked : 0) |
    (reviewer === undefined ? 0 : TRAITS.reviewer) |
    (assignee?.some(isAgent) === true ? TRAITS.agent : 0) |
    (answerBy === undefined ? 0 : TRAITS.timed) |
    (isUnlanded({ fields: ticket.fields }) ? TRAITS.unlanded : 0)
  );
}

/** Whether nobody holds a ticket, nothing of it waits for a person's yes, and it is no run of a pipeline. */
function isUnmarked({ fields: { claimedBy, lease, unconfirmed, pipeline } }: Ticket): boolean {
  return claimedBy === undefined && lease === undefined && unconfirmed === undefined && pipeline === undefined;
}
