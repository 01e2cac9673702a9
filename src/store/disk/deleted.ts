import path from "node:path";
import { AyoError } from "../../error.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Store } from "../open/store.ts";
import { readAtHead } from "./followHead.ts";

/** One id a line: ids that were deleted and must never be given out again. */
export const DELETED_FILE = "archive/deleted";

/** The ids that tickets of this store once had, as far as the record can be read. */
export function deletedIds(dir: string): ReadonlySet<string> {
  const text = readDeleted(dir);
  return idsIn(text instanceof Unread ? "" : text);
}

/** The same for who gives out ids: while the record cannot be read, the last committed one. */
export async function idsEverDeleted({ dir, journal }: Pick<Store, "dir" | "journal">): Promise<ReadonlySet<string>> {
  const text = readDeleted(dir);
  if (!(text instanceof Unread)) return idsIn(text);
  const bytes = journal === undefined ? undefined : await readAtHead(journal, DELETED_FILE);
  return idsIn(bytes?.toString("utf8") ?? "");
}

/** Whether ids can be added to the record. */
export function canRecordDeleted(dir: string): boolean {
  return !(readDeleted(dir) instanceof Unread);
}

/**
 * The record's text with `ids` added.
 * @throws store_not_writable while the record cannot be read: the ids in it must not be lost
 */
export function withDeleted(dir: string, ids: readonly string[]): string {
  const text = recordOf(dir);
  const known = idsIn(text);
  const fresh = ids.filter((id) => !known.has(id));
  return `${text}${fresh.map((id) => `${id}\n`).join("")}`;
}

/** The record's text without `ids`; null where nothing is left of it. */
export function withoutDeleted(dir: string, ids: readonly string[]): string | null {
  const left = [...idsIn(recordOf(dir))].filter((id) => !ids.includes(id));
  return left.length === 0 ? null : left.map((id) => `${id}\n`).join("");
}

function recordOf(dir: string): string {
  const text = readDeleted(dir);
  if (!(text instanceof Unread)) return text;
  const message = `${DELETED_FILE}, the record of deleted ids, must be read first: ${text.message}`;
  throw new AyoError("store_not_writable", message, { data: { path: DELETED_FILE, dir: path.join(dir, "archive") } });
}

function readDeleted(dir: string): string | Unread {
  const read = readStoreFile(path.join(dir, DELETED_FILE));
  if (read === undefined || read instanceof Unread) return read ?? "";
  const text = read.bytes.toString("utf8");
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function idsIn(text: string): Set<string> {
  return new Set(text.split("\n").filter((line) => line !== ""));
}
