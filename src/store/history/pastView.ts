import path from "node:path";
import { lsTree } from "../../git/trees/lsTree.ts";
import type { TreeItem } from "../../git/trees/tree.ts";
import { parse } from "../disk/readFile.ts";
import { type View, viewOf } from "../disk/view.ts";
import { isTicketPath } from "../events/commitEvents.ts";
import { DEFAULT_CONFIG, parseConfig } from "../open/config/config.ts";
import { CONFIG_FILE } from "../open/config/values.ts";
import { type Entry, emptyIndex, type Index, isTopTicket } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import type { HistoryObjects } from "./historyObjects.ts";
import type { HistoryRow } from "./historyRow.ts";
import { type HistoryTable, rowsBackwards } from "./historyTable.ts";
import type { PointInHistory } from "./pointInHistory.ts";

/** The commit that the store's branch was at; undefined before its first. By first parents, as `git log -1 --before`. */
export function commitOf(table: HistoryTable, point: PointInHistory): HistoryRow | undefined {
  if ("row" in point) return point.row;
  let wanted: string | undefined;
  for (const row of rowsBackwards(table)) {
    if (row.oid !== (wanted ?? row.oid)) continue;
    if (row.time * 1000 <= point.time) return row;
    wanted = row.parents[0] ?? "";
  }
  return undefined;
}

/** The blob that a commit has at a path of the store; null where it has none. */
export async function blobIn({ repository, prefix }: Journal, commit: string, file: string): Promise<string | null> {
  const folder = path.posix.join(prefix, path.posix.dirname(file));
  const names = await lsTree(repository, commit, { prefix: folder === "." ? "" : folder });
  return names.get(path.posix.basename(file))?.oid ?? null;
}

/**
 * The store as it was at a commit, at that time: leases too are as live as they were then. Versions that the index
 * still has are not read again. Of the archive it knows what is in it today.
 */
export async function pastView(
  store: Store,
  journal: Journal,
  row: HistoryRow,
  objects: HistoryObjects,
): Promise<View> {
  const files = await lsTree(journal.repository, row.oid, { prefix: journal.prefix });
  const entries = new Map<string, Entry>();
  for (const [file, { oid }] of files) {
    if (isTopTicket(file) && isTicketPath(file)) entries.set(file, await entryAt(store, objects, file, oid));
  }
  const index: Index = { ...emptyIndex(), head: row.oid, entries, config: await configAt(objects, files) };
  const host = { ...store.host, now: () => row.time * 1000 };
  return viewOf({ ...store, host }, index);
}

async function entryAt(store: Store, objects: HistoryObjects, file: string, oid: string): Promise<Entry> {
  const common = { stamp: [0, 0, 0, 0], racy: false, oid } as const;
  const known = store.index?.entries.get(file)?.ticket;
  if (known?.version === oid) return { ...common, ticket: known };
  const parsed = await parse(await objects.bytes(file, oid), file, oid);
  return "id" in parsed ? { ...common, ticket: parsed } : { ...common, problem: parsed };
}

async function configAt(objects: HistoryObjects, files: ReadonlyMap<string, TreeItem>): Promise<Index["config"]> {
  const text = await objects.text(CONFIG_FILE, files.get(CONFIG_FILE)?.oid ?? null);
  try {
    return text === null ? DEFAULT_CONFIG : await parseConfig(text);
  } catch {
    return DEFAULT_CONFIG;
  }
}
