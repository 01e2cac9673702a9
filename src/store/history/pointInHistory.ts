import { AyoError } from "../../error.ts";
import { pastMoment } from "../../ticket/moments.ts";
import type { HistoryRow } from "./historyRow.ts";
import { findRow, type HistoryTable, rowsBackwards } from "./historyTable.ts";

/** A point in a store's history: a commit, or a time in milliseconds since 1970. */
export type PointInHistory = { readonly row: HistoryRow } | { readonly time: number };

/**
 * Reads `2026-11-21`, `2026-11-21T22:00`, `7d` (ago), or the id of a commit or 7 digits of it; `name` is for errors.
 * @throws bad_input for anything else, not_found for a commit that the history does not have
 */
export function readPoint(table: HistoryTable, name: string, text: string, now: number): PointInHistory {
  const wanted = text.trim();
  const row = findRow(table, wanted);
  if (row !== undefined) return { row };
  const time = pastMoment(wanted, now);
  if (time !== undefined) return { time };
  if (/^[0-9a-f]{4,40}$/i.test(wanted)) throw unknownCommit(wanted);
  throw new AyoError(
    "bad_input",
    `${name} '${text}' is neither a time (yesterday, 2026-11-21, 2026-11-21T22:00, 7d) nor a commit of the store`,
    { data: { field: name } },
  );
}

/** What to say of a commit that the store's branch does not have. */
export function unknownCommit(wanted: string): AyoError {
  const hint = wanted.length < 7 ? "; give at least 7 digits" : "";
  return new AyoError("not_found", `the store's history has no commit '${wanted}'${hint}`, {
    try: ["ayo", "ticket", "history"],
    data: { commit: wanted },
  });
}

/** The ids of the commits that came after a moment: as `git log COMMIT..` has them, or those made since a time. */
export function isAfter(table: HistoryTable, point: PointInHistory): (row: HistoryRow) => boolean {
  if ("time" in point) return ({ time }) => time * 1000 >= point.time;
  const before = new Set([point.row.oid]);
  for (const { oid, parents } of rowsBackwards(table)) {
    if (before.has(oid)) for (const parent of parents) before.add(parent);
  }
  return ({ oid }) => !before.has(oid);
}
