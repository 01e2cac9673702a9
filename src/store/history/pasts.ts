import { type HistoryRow, parseRow } from "./historyRow.ts";
import type { HistoryTable } from "./historyTable.ts";

/** A commit that changed a ticket, without what else it changed. */
export type PastRow = Pick<HistoryRow, "oid" | "parents" | "time" | "actor" | "event" | "byHand" | "subject">;

const FILE = /[\t/]([^\t/ ]+)\.md /g;

/** The rest of a change: what was there before, what is there now, and the file that was moved here. */
const MOVED = /\S+ \S+ (?:[^\t\n]*\/)?([^\t\n/ ]+)\.md(?=[\t\n]|$)/y;

/**
 * The commits that changed each of these tickets' files at the top or in the archive, the newest first, by the file's name
 * without `.md`, also under the names that the file had before: one walk over the history, however many are asked for.
 */
export function pastsOf({ bytes }: HistoryTable, names: ReadonlySet<string>): Map<string, PastRow[]> {
  const pasts = new Map<string, PastRow[]>();
  if (names.size === 0) return pasts;
  const coded = new Map([...names].map((name) => [encodeURI(name), name]));
  const text = bytes.toString("latin1");
  const seen = new Set<string>();
  for (let end = text.length - 1; end > 0; ) {
    const start = text.lastIndexOf("\n", end - 1) + 1;
    const found = namesIn(text, start, end, coded);
    const row = found.size > 0 ? parseRow(text.slice(start, text.indexOf("\t", start))) : undefined;
    // A row that was written twice is one.
    if (row !== undefined && !seen.has(row.oid)) {
      seen.add(row.oid);
      for (const name of found.keys()) put(pasts, name, row);
      follow(coded, row, found);
    }
    end = start - 1;
  }
  return pasts;
}

type Names = Map<string, string | undefined>;

/** Which of the wanted files a line names, each with what it was called before where it was moved. */
function namesIn(text: string, start: number, end: number, coded: ReadonlyMap<string, string>): Names {
  const found: Names = new Map();
  FILE.lastIndex = text.indexOf("\t", start);
  if (FILE.lastIndex <= 0) return found;
  for (let hit = FILE.exec(text); hit !== null && hit.index < end; hit = FILE.exec(text)) {
    const name = coded.get(hit[1] ?? "");
    if (name === undefined) continue;
    MOVED.lastIndex = FILE.lastIndex;
    found.set(name, MOVED.exec(text)?.[1] ?? found.get(name));
  }
  return found;
}

/** Has older rows looked for the names that files had before. What a merge gave another name shared its old one with another ticket. */
function follow(coded: Map<string, string>, { parents }: PastRow, found: Names): void {
  if (parents.length > 1) return;
  for (const [name, from] of found) if (from !== undefined && !coded.has(from)) coded.set(from, name);
}

function put(pasts: Map<string, PastRow[]>, name: string, row: PastRow): void {
  const rows = pasts.get(name);
  if (rows === undefined) pasts.set(name, [row]);
  else rows.push(row);
}
