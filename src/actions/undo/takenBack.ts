import path from "node:path";
import type { HistoryRow } from "../../store/history/historyRow.ts";
import { stepsOf } from "../../store/history/ticketHistory.ts";

/** Whether a commit takes back another one, be it a change or an undo of one. */
export function isUndo({ undoes }: HistoryRow): boolean {
  return undoes !== undefined;
}

/** Whether a commit takes an undo back. */
export function isRedo(row: HistoryRow): boolean {
  return isUndo(row) && row.subject.startsWith("redo ");
}

/** A row, and whether a later one took back what it did, as far as that stands. */
export interface Judged<R extends HistoryRow> {
  readonly row: R;
  readonly isTakenBack: boolean;
}

/**
 * Rows, newest first, each with whether it still stands: an undo that was undone itself takes nothing back. With `name`
 * it is asked of that ticket's file alone.
 */
export function* judged<R extends HistoryRow>(rows: Iterable<R>, name?: string): Generator<Judged<R>> {
  const undone = new Map<string, Set<string> | "all">();
  for (const row of rows) {
    const isTakenBack = covers(undone.get(row.oid), row, name);
    if (row.undoes !== undefined && !isTakenBack) remember(undone, row.undoes);
    yield { row, isTakenBack };
  }
}

function covers(undone: Set<string> | "all" | undefined, row: HistoryRow, name: string | undefined): boolean {
  if (undone === undefined || undone === "all") return undone === "all";
  if (name !== undefined) return undone.has(encodeURIComponent(name));
  const files = stepsOf(row).map((step) => encodeURIComponent(nameOf(step.path)));
  return files.length > 0 && files.every((file) => undone.has(file));
}

function remember(undone: Map<string, Set<string> | "all">, undoes: string): void {
  const [oid = "", ...names] = undoes.split(" ");
  const known = undone.get(oid);
  if (known === "all") return;
  undone.set(oid, names.length === 0 ? "all" : new Set([...(known ?? []), ...names]));
}

/** How a commit's trailer names what it takes back; `files` where that is not all of the row. */
export function undoesOf({ oid }: HistoryRow, files?: readonly string[]): string {
  return [oid, ...(files ?? []).map((file) => encodeURIComponent(nameOf(file)))].join(" ");
}

/** The name of a ticket's file, without `.md`. */
export function nameOf(file: string): string {
  return path.posix.basename(file, ".md");
}
