import { type HistoryRow, parseRow } from "./historyRow.ts";
import type { HistoryTable } from "./historyTable.ts";

/** A commit that changed a ticket, without what else it changed. */
export type PastRow = Pick<HistoryRow, "oid" | "parents" | "time" | "actor" | "event" | "byHand" | "subject">;

const FILE = /[\t/]([^\t/ ]+)\.md /g;

/**
 * The commits that changed each of these tickets' files at the top or in the archive, the newest first, by the file's name
 * without `.md`: one walk over the history, however many are asked for.
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
    if (found.size > 0) {
      const row = parseRow(text.slice(start, text.indexOf("\t", start)));
      // A row that was written twice is one.
      if (row !== undefined && !seen.has(row.oid)) {
        seen.add(row.oid);
        for (const name of found) put(pasts, name, row);
      }
    }
    end = start - 1;
  }
  return pasts;
}

/** Which of the wanted files a line names. */
function namesIn(text: string, start: number, end: number, coded: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  FILE.lastIndex = text.indexOf("\t", start);
  if (FILE.lastIndex <= 0) return found;
  for (let hit = FILE.exec(text); hit !== null && hit.index < end; hit = FILE.exec(text)) {
    const name = coded.get(hit[1] ?? "");
    if (name !== undefined) found.add(name);
  }
  return found;
}

function put(pasts: Map<string, PastRow[]>, name: string, row: PastRow): void {
  const rows = pasts.get(name);
  if (rows === undefined) pasts.set(name, [row]);
  else rows.push(row);
}
