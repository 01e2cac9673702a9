import { readFileSync } from "node:fs";
import path from "node:path";
import type { Draft } from "./draft.ts";

/** One id a line: ids that were deleted and must never be given out again (amendment 15). */
export const DELETED_FILE = "archive/deleted";

/** The ids that tickets of this store once had. */
export function deletedIds(dir: string): ReadonlySet<string> {
  return new Set(
    readDeleted(dir)
      .split("\n")
      .filter((line) => line !== ""),
  );
}

/** Adds ids to the record of deleted ones as part of a change. */
export function recordDeleted(draft: Draft, dir: string, ids: readonly string[]): void {
  draft.put(DELETED_FILE, withDeleted(dir, ids));
}

/** Takes ids from the record: their tickets are back. Call it once a change. */
export function recordRestored(draft: Draft, dir: string, ids: readonly string[]): void {
  const left = [...deletedIds(dir)].filter((id) => !ids.includes(id));
  draft.put(DELETED_FILE, left.length === 0 ? null : left.map((id) => `${id}\n`).join(""));
}

/** The record's text with `ids` added. */
export function withDeleted(dir: string, ids: readonly string[]): string {
  const known = deletedIds(dir);
  const fresh = ids.filter((id) => !known.has(id));
  return `${readDeleted(dir)}${fresh.map((id) => `${id}\n`).join("")}`;
}

function readDeleted(dir: string): string {
  try {
    const text = readFileSync(path.join(dir, DELETED_FILE), "utf8");
    return text === "" || text.endsWith("\n") ? text : `${text}\n`;
  } catch {
    return "";
  }
}
