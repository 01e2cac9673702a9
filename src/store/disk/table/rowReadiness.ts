import type { Board } from "../../../ticket/rules/board.ts";
import { categoryOf, columnAt } from "../../../ticket/rules/columns.ts";
import { isOpenChild } from "../../../ticket/rules/readiness.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import type { TableEntries } from "./entries.ts";
import { TableTicket } from "./tableTicket.ts";
import type { TicketTable } from "./ticketTable.ts";
import { TRAITS } from "./traits.ts";

/** What a column means for tickets in it that nobody holds. */
const CLOSED = 0;
const OPEN_TO_ALL = 1;
const OPEN_TO_AGENTS = 2;

/** What numbers alone tell of a ticket; undefined where they do not: then its fields have to be read. */
export interface RowRules {
  /** The yes or no of `isReady`. */
  isReady(ticket: Ticket): boolean | undefined;
  /** Ids of what it waits for and is not done. */
  blockers(ticket: Ticket): readonly string[] | undefined;
  /** What is ready, as far as rows tell; undefined where there are none. */
  ready(): ReadyRows | undefined;
}

/** What rows tell of what is ready. */
export interface ReadyRows {
  /** How many are ready for whoever asks, whatever else there is. */
  readonly count: number;
  /** The first of them in the order of ready lists. */
  first(limit: number): Ticket[];
  /** Those of which rows do not tell enough. */
  readonly others: readonly Ticket[];
}

/** Tells nothing. */
export const NO_ROWS: RowRules = {
  isReady: () => undefined,
  blockers: () => undefined,
  ready: () => undefined,
};

/** The rules for the rows of a table. */
export function rowRules(entries: TableEntries, board: Board): RowRules {
  const { table, replaced } = entries;
  const offers = Uint8Array.from(table.statuses, (status) => {
    const column = columnAt(board, status);
    if (column?.category === "todo") return OPEN_TO_ALL;
    if (column?.category !== "active") return CLOSED;
    return column.role === undefined ? OPEN_TO_AGENTS : OPEN_TO_ALL;
  });
  const isDone = table.statuses.map((status) => categoryOf(board, status) === "done");
  const done = { isDone, mustLand: board.landsOn !== undefined, hasParts: lazyParts(entries) };
  let parents: Uint8Array | undefined;
  const rowOf = (ticket: Ticket): number | undefined =>
    ticket instanceof TableTicket && ticket.table === table && replaced[ticket.at] === 0 ? ticket.at : undefined;
  const isReadyAt = (at: number): boolean | undefined => {
    const offer = offers[table.statusCodes[at] as number];
    if (offer === CLOSED) return false;
    if (!table.has(at, TRAITS.unmarked)) return undefined;
    if (offer === OPEN_TO_AGENTS && !table.has(at, TRAITS.agent)) return false;
    parents ??= openParents(entries, board);
    if (parents[at] !== 0) return false;
    return areDone(table, replaced, done, at);
  };
  const isReady = (ticket: Ticket): boolean | undefined => {
    const at = rowOf(ticket);
    return at === undefined ? undefined : isReadyAt(at);
  };
  // Of what agents made, or what is a part of it, it matters who asks.
  const ready = () =>
    readyRows(entries, (at) => {
      const isReadyHere = isReadyAt(at);
      return isReadyHere === true && table.has(at, TRAITS.kin) ? undefined : isReadyHere;
    });
  const blockers = (ticket: Ticket): readonly string[] | undefined => {
    const at = rowOf(ticket);
    const isFree = at === undefined ? undefined : areDone(table, replaced, done, at);
    if (at === undefined || isFree === undefined || isFree) return isFree === undefined ? undefined : NONE;
    return openDeps(table, replaced, done, at);
  };
  return { isReady, blockers, ready };
}

/** Sorts rows by what is told of them; of what is not ready nothing is made an object. */
function readyRows(entries: TableEntries, isReadyAt: (at: number) => boolean | undefined): ReadyRows {
  const { table, replaced } = entries;
  const ranks = new Float64Array(table.count);
  let count = 0;
  for (let at = 0; at < table.count; at++) {
    const isSure = replaced[at] === 0 && table.has(at, TRAITS.ticket) && isReadyAt(at) === true;
    if (isSure) ranks[count++] = (table.ranks[at] as number) * table.count + at;
  }
  const sorted = ranks.subarray(0, count).sort();
  const first = (limit: number) => Array.from(sorted.subarray(0, limit), (rank) => table.ticket(rank % table.count));
  return { count, first, others: entries.ticketsWhere((at) => isReadyAt(at) === undefined) };
}

const NONE: readonly string[] = [];

/** What being done is. */
interface Done {
  /** By the code of a status. */
  readonly isDone: readonly boolean[];
  /** Its commits must be on the base branch, too. */
  readonly mustLand: boolean;
  /** The rows that have parts: what is to land of them, too, rows do not tell. */
  readonly hasParts: () => Uint8Array;
}

function isFinished(table: TicketTable, { isDone, mustLand }: Done, dep: number): boolean {
  return isDone[table.statusCodes[dep] as number] === true && !(mustLand && table.has(dep, TRAITS.unlanded));
}

/** What of a row's dependencies is not done, each once; undefined where that is not told by rows. */
function openDeps(table: TicketTable, replaced: Uint8Array, done: Done, at: number) {
  const open: string[] = [];
  const { depRows, depRowEnds } = table;
  for (let next = startOf(depRowEnds, at); next < (depRowEnds[at] as number); next++) {
    const dep = depRows[next] as number;
    if (dep < 0 || replaced[dep] !== 0 || !table.has(dep, TRAITS.ticket)) return undefined;
    const isOver = isFinished(table, done, dep);
    if (isOver && (!table.has(dep, TRAITS.unmarked) || (done.mustLand && done.hasParts()[dep] !== 0))) return undefined;
    const { id } = table.ticket(dep);
    if (!isOver && !open.includes(id)) open.push(id);
  }
  return open;
}

/** Whether all that a row waits for is done; undefined where one of it changed, or is elsewhere. */
function areDone(table: TicketTable, replaced: Uint8Array, done: Done, at: number): boolean | undefined {
  // Of ten thousand rows a view of the array each would cost more than all else.
  const { depRows, depRowEnds } = table;
  for (let next = startOf(depRowEnds, at); next < (depRowEnds[at] as number); next++) {
    const dep = depRows[next] as number;
    if (dep < 0 || replaced[dep] !== 0 || !table.has(dep, TRAITS.ticket)) return undefined;
    if (!isFinished(table, done, dep)) return false;
    if (!table.has(dep, TRAITS.unmarked) || (done.mustLand && done.hasParts()[dep] !== 0)) return undefined;
  }
  return true;
}

/** The rows that have, or had, a child, whatever came of it. */
function lazyParts({ table, changed }: TableEntries): () => Uint8Array {
  let parents: Uint8Array | undefined;
  return () => {
    if (parents !== undefined) return parents;
    parents = new Uint8Array(table.count);
    for (const parent of table.parentRows) if (parent >= 0) parents[parent] = 1;
    for (const entry of changed.values()) {
      const parent = entry?.ticket?.fields.parent;
      const row = parent === undefined ? -1 : table.find(`${parent}.md`);
      if (row >= 0) parents[row] = 1;
    }
    return parents;
  };
}

/** The rows that have an open child. */
function openParents({ table, replaced, changed }: TableEntries, board: Board): Uint8Array {
  const isParent = new Uint8Array(table.count);
  const isFinal = table.statuses.map((status) => {
    const category = categoryOf(board, status);
    return category === "done" || category === "cancelled" || category === "failed";
  });
  for (let at = 0; at < table.count; at++) {
    const parent = table.parentRows[at] as number;
    if (parent < 0 || replaced[at] !== 0 || isParent[parent] !== 0) continue;
    const isClosed = isFinal[table.statusCodes[at] as number] && table.has(at, TRAITS.unmarked);
    if (!isClosed && isOpenChild(board, table.ticket(at))) isParent[parent] = 1;
  }
  for (const entry of changed.values()) {
    const parent = entry?.ticket?.fields.parent;
    const row = parent === undefined ? -1 : table.find(`${parent}.md`);
    if (row >= 0 && entry?.ticket !== undefined && isOpenChild(board, entry.ticket)) isParent[row] = 1;
  }
  return isParent;
}

function startOf(ends: Uint32Array, at: number): number {
  return at === 0 ? 0 : (ends[at - 1] as number);
}
