import path from "node:path";
import { readHead } from "../../git/refs/refs.ts";
import { isTicketPath } from "../events/commitEvents.ts";
import type { Store } from "../open/store.ts";
import { lastOf, load } from "./historyFile.ts";
import { type HistoryRow, parseRow, type ReadRow } from "./historyRow.ts";

/**
 * Every commit of the store's branch with the files that it changed: one line each, parents before children. Kept in
 * a file that grows with the branch, so that one ticket's history costs a scan and not ten thousand trees.
 */
export interface HistoryTable {
  /** Lines of historyRow.ts, each with its line end. Bytes, since making a text of megabytes costs more than a search. */
  readonly bytes: Buffer;
}

const TAB = 9;
const NEWLINE = 10;
const BLANK = 32;
const SLASH = 47;

/** The history of the store's branch up to now; the file is brought up to date on the way, and made again if lost. */
export async function readHistory(store: Store): Promise<HistoryTable> {
  const { journal } = store;
  const head = journal === undefined ? undefined : readHead(journal.repository).oid;
  if (journal === undefined || head === undefined) return { bytes: Buffer.alloc(0) };
  const known = load(journal.stateDir);
  if (lastOf(known) === head) return { bytes: known };
  // What reads git is not loaded where there is nothing to read.
  const { followHistory } = await import("./followHistory.ts");
  return { bytes: await followHistory(store, journal, known, head) };
}

/**
 * The commits that touched a file of one of these names in whatever folder, or moved one, with those changes only;
 * oldest first.
 */
export function rowsNamed({ bytes }: HistoryTable, names: Iterable<string>): HistoryRow[] {
  const hits = new Set<number>();
  for (const name of names) {
    const coded = encodeURI(name);
    for (let at = bytes.indexOf(coded); at >= 0; at = bytes.indexOf(coded, at + 1)) {
      // As the path of a change, or as where one came from; in a folder or not.
      const [before, after] = [bytes[at - 1] ?? 0, bytes[at + coded.length] ?? 0];
      const isWhole = [TAB, SLASH, BLANK].includes(before) && [TAB, NEWLINE, BLANK].includes(after);
      if (isWhole) hits.add(bytes.lastIndexOf(TAB, at) + 1);
    }
  }
  const rows = new Map<string, { head: string; changes: Set<string> }>();
  for (const start of [...hits].sort((left, right) => left - right)) {
    const line = bytes.lastIndexOf(NEWLINE, start) + 1;
    const oid = bytes.toString("latin1", line, line + 40);
    const row = rows.get(oid) ?? { head: bytes.toString("latin1", line, bytes.indexOf(TAB, line)), changes: new Set() };
    rows.set(oid, row);
    const [tab, newline] = [bytes.indexOf(TAB, start), bytes.indexOf(NEWLINE, start)];
    row.changes.add(bytes.toString("latin1", start, tab < 0 ? newline : Math.min(tab, newline)));
  }
  return [...rows.values()].flatMap(({ head, changes }) => parseRow([head, ...changes].join("\t")) ?? []);
}

/** Every row, newest first, read as far as the caller wants. */
export function* rowsBackwards({ bytes }: HistoryTable): Generator<ReadRow> {
  const text = bytes.toString("latin1");
  const seen = new Set<string>();
  for (let end = text.length - 1; end > 0; ) {
    const start = text.lastIndexOf("\n", end - 1) + 1;
    const row = parseRow(text.slice(start, end));
    if (row !== undefined && !seen.has(row.oid)) yield row;
    if (row !== undefined) seen.add(row.oid);
    end = start - 1;
  }
}

/** The rows of edits by hand since a time, in seconds, that changed tickets; the newest first. */
export function* handRows({ bytes }: HistoryTable, since: number): Generator<ReadRow> {
  for (let at = bytes.lastIndexOf(" hand "); at >= 0; at = bytes.lastIndexOf(" hand ", at - 1)) {
    const start = bytes.lastIndexOf(NEWLINE, at) + 1;
    const row = parseRow(bytes.toString("latin1", start, bytes.indexOf(NEWLINE, at)));
    if (row !== undefined && row.time < since) return;
    if (row?.byHand && row.parents.length < 2 && row.mayHaveTickets) yield row;
    at = start;
    if (at === 0) return;
  }
}

/** The row of a commit, by its id or at least 7 digits of it; undefined where none or several begin so. */
export function findRow({ bytes }: HistoryTable, wanted: string): HistoryRow | undefined {
  const needle = wanted.toLowerCase();
  if (!/^[0-9a-f]{7,40}$/.test(needle)) return undefined;
  const found = new Map<string, number>();
  const isFirst = bytes.toString("latin1", 0, needle.length) === needle;
  for (let at = isFirst ? 0 : bytes.indexOf(`\n${needle}`) + 1; isFirst || at > 0; ) {
    found.set(bytes.toString("latin1", at, at + 40), at);
    at = bytes.indexOf(`\n${needle}`, at) + 1;
    if (at === 0) break;
  }
  const [first] = found.values();
  if (first === undefined || found.size > 1) return undefined;
  return parseRow(bytes.toString("latin1", first, bytes.indexOf(NEWLINE, first)));
}

/** When somebody first changed the store, in seconds since 1970. */
export function firstTimeOf({ bytes }: HistoryTable, actor: string): number | undefined {
  const wanted = ` ${encodeURI(actor)} `;
  for (let hit = bytes.indexOf(wanted); hit >= 0; hit = bytes.indexOf(wanted, hit + 1)) {
    const start = bytes.lastIndexOf(NEWLINE, hit) + 1;
    const row = parseRow(bytes.toString("latin1", start, bytes.indexOf(NEWLINE, hit)));
    if (row?.actor === actor) return row.time;
  }
  return undefined;
}

/** The names of all ticket files that there ever were, without `.md`. */
export function namesEver({ bytes }: HistoryTable): Set<string> {
  const names = new Set<string>();
  for (const [, file = ""] of bytes.toString("latin1").matchAll(/\t([^ ]+)\.md /g)) {
    const decoded = decodeURI(file);
    if (isTicketPath(`${decoded}.md`)) names.add(path.posix.basename(decoded));
  }
  return names;
}
