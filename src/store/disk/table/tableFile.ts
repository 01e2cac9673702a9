import { isAgent } from "../../../ticket/rules/claim.ts";
import { compareReady } from "../../../ticket/rules/readiness.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { type Entry, isTopTicket } from "../../open/entry.ts";
import { rowOf } from "../cacheRow.ts";
import { TicketTable } from "./ticketTable.ts";
import { SEPARATOR, TRAITS } from "./traits.ts";

// The file of the table: a JSON line, then numbers of one kind after another, then the texts that lists need, then what
// else is known of each file as JSON. Nothing of it is made an object before somebody asks.

/** Bytes before each number in the file are a multiple of this. */
const ALIGN = 8;
/** An entry whose bytes were never hashed has no blob id. */
export const NO_OID = "0".repeat(40);

/** How long the parts of the file are. */
export interface TableSize {
  readonly count: number;
  readonly statuses: readonly string[];
  /** Of the texts in one, in bytes. */
  readonly hot: number;
  readonly encoding: BufferEncoding;
}

/** The parts of a table, as they are written. */
export function tableBytes(entries: Iterable<readonly [string, Entry]>): { readonly size: TableSize; parts: Buffer[] } {
  const all = [...entries].sort(([left], [right]) => (left < right ? -1 : 1));
  const ids = new Set(all.flatMap(([, { ticket }]) => ticket?.id ?? []));
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
    texts.deps += (ticket?.fields.deps ?? []).join(SEPARATOR);
    ends.names[at] = texts.names.length;
    ends.titles[at] = texts.titles.length;
    ends.deps[at] = texts.deps.length;
    const row = Buffer.from(JSON.stringify(rowOf(file, entry)));
    rowTexts.push(row);
    rowEnd += row.length;
    rows[at] = rowEnd;
    rank[at] = ranks.get(file) ?? 0;
    statusCodes[at] = codeOf(statuses, ticket?.status ?? "");
    traits[at] = traitsOf(file, entry, ids);
    priorities[at] = ticket?.fields.priority ?? 2;
  }
  const { encoding, bytes: hot } = encoded(texts.names + texts.titles + texts.deps);
  const size = {
    count,
    statuses: [...statuses.keys()],
    hot: hot.length,
    encoding,
  };
  const numbers = [stamps, ends.names, ends.titles, ends.deps, rows, rank, statusCodes, traits, priorities].map(
    ({ buffer }) => padded(Buffer.from(buffer)),
  );
  return { size, parts: [...numbers, padded(Buffer.from(oids.join(""), "hex")), padded(hot), ...rowTexts] };
}

/** A table in bytes that {@link tableBytes} made, from `start` on. @throws RangeError where they are fewer */
export function openTable(bytes: Buffer, start: number, size: TableSize): TicketTable {
  const { count } = size;
  let at = start;
  const take = (length: number): ArrayBuffer => {
    const end = at + length;
    if (end > bytes.length) throw new RangeError("the table is cut off");
    const part = bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + end) as ArrayBuffer;
    at = end + (-length & (ALIGN - 1));
    return part;
  };
  const stamps = new Float64Array(take(count * 32));
  const [nameEnds, titleEnds, depEnds, rowEnds, ranks] = Array.from(
    { length: 5 },
    () => new Uint32Array(take(count * 4)),
  );
  const statusCodes = new Uint16Array(take(count * 2));
  const traits = new Uint16Array(take(count * 2));
  const priorities = new Uint8Array(take(count));
  const oids = Buffer.from(take(count * 20));
  const hot = Buffer.from(take(size.hot)).toString(size.encoding);
  const numbers = { stamps, nameEnds, titleEnds, depEnds, rowEnds, ranks, statusCodes, traits, priorities };
  if (rowEnds !== undefined && count > 0 && at + (rowEnds[count - 1] as number) > bytes.length)
    throw new RangeError("the table is cut off");
  return new TicketTable({ ...numbers, count, statuses: size.statuses, oids, hot, rows: bytes.subarray(at) } as never);
}

/** A text in bytes that give it back: YAML can escape halves of characters (`"\\ud800"`), which UTF-8 has no bytes for. */
function encoded(text: string): { readonly encoding: BufferEncoding; readonly bytes: Buffer } {
  const bytes = Buffer.from(text);
  if (bytes.length === text.length) return { encoding: "latin1", bytes };
  return bytes.toString() === text
    ? { encoding: "utf8", bytes }
    : { encoding: "utf16le", bytes: Buffer.from(text, "utf16le") };
}

function padded(bytes: Buffer): Buffer {
  const rest = -bytes.length & (ALIGN - 1);
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(rest)]);
}

/** Places in the order of ready lists. */
function ranksOf(all: readonly (readonly [string, Entry])[]): Map<string, number> {
  const tickets = all.flatMap(([, { ticket }]) => ticket ?? []).sort(compareReady);
  return new Map(tickets.map(({ path }, rank) => [path, rank]));
}

function codeOf(statuses: Map<string, number>, status: string): number {
  const known = statuses.get(status);
  if (known !== undefined) return known;
  statuses.set(status, statuses.size);
  return statuses.size - 1;
}

function traitsOf(file: string, { ticket, problem, racy, oid }: Entry, ids: ReadonlySet<string>): number {
  const common =
    (racy ? TRAITS.racy : 0) | (problem === undefined ? 0 : TRAITS.problem) | (isTopTicket(file) ? TRAITS.top : 0);
  if (ticket === undefined) return common;
  const { deps = [], parent } = ticket.fields;
  const waitsForAbsent = deps.some((id) => !ids.has(id)) || (parent !== undefined && !ids.has(parent));
  return (
    common |
    TRAITS.ticket |
    (`${ticket.id}.md` === file ? 0 : TRAITS.oddId) |
    (deps.length > 0 ? TRAITS.deps : 0) |
    (deps.some((id) => id.includes(SEPARATOR)) ? TRAITS.oddDeps : 0) |
    (parent === undefined ? 0 : TRAITS.parent) |
    (isUnmarked(ticket) ? TRAITS.unmarked : 0) |
    (ticket.fields.reviewer === undefined ? 0 : TRAITS.reviewer) |
    (ticket.fields.assignee?.some(isAgent) === true ? TRAITS.agent : 0) |
    (ticket.version === oid ? 0 : TRAITS.converted) |
    (waitsForAbsent ? TRAITS.absent : 0)
  );
}

/** Whether nobody holds a ticket and nothing of it waits for a person's yes. */
function isUnmarked({ fields: { claimedBy, lease, unconfirmed } }: Ticket): boolean {
  return claimedBy === undefined && lease === undefined && unconfirmed === undefined;
}
