import { existsSync } from "node:fs";
import path from "node:path";
import { hashObject, readObject } from "../../../git/objects/objects.ts";
import type { Version } from "../../../ticket/rules/handGates.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import type { HandEdit } from "../../disk/archive/archiveEdits.ts";
import { archiveFolders } from "../../disk/archive/archiveFolders.ts";
import { decodeText, parse } from "../../disk/readFile.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import type { Index } from "../../open/entry.ts";
import type { Journal, Store } from "../../open/store.ts";

/**
 * Tells what a ticket was before hand edits: by its file, else by its id wherever its file lay. A copy is no new
 * ticket, nor is one that was deleted and is made again.
 */
export async function knownBefore(
  store: Store,
  journal: Journal,
  index: Index,
  edits: readonly HandEdit[],
  olds: ReadonlyMap<string, Ticket>,
): Promise<(file: string, id: string) => Promise<Ticket | undefined>> {
  const edited = new Set(edits.map(({ file }) => file));
  const others = [...index.entries].flatMap(([file, { ticket }]) => (edited.has(file) ? [] : (ticket ?? [])));
  const byId = new Map([...others, ...olds.values()].map((ticket) => [ticket.id, ticket]));
  const gone = await idsGone(store, edits);
  return async (file, id) => {
    const same = olds.get(file);
    if (same?.id === id) return same;
    return byId.get(id) ?? (gone.has(id) ? lastKnown(store, journal, id) : undefined);
  };
}

/** The ids that tickets had which were deleted; nobody asks where no file is new. */
async function idsGone(store: Store, edits: readonly HandEdit[]): Promise<ReadonlySet<string>> {
  if (!edits.some(({ before, file }) => before === null && file.endsWith(".md"))) return new Set();
  const { idsEverDeleted } = await import("../../disk/deleted.ts");
  return idsEverDeleted(store);
}

/** A deleted ticket as it was last. */
async function lastKnown(store: Store, journal: Journal, id: string): Promise<Ticket | undefined> {
  // biome-ignore lint/style/noRestrictedImports: the one look upwards, at the history of an id that comes back.
  const { readHistory, rowsNamed } = await import("../../history/historyTable.ts");
  const rows = rowsNamed(await readHistory(store), [`${id}.md`]).toReversed();
  for (const { path: file, before } of rows.flatMap(({ changes }) => changes)) {
    const ticket = await ticketAt(journal, file, before);
    if (ticket?.id === id) return ticket;
  }
  return undefined;
}

/** The ticket that an edit leaves: its file, or a copy in the archive where that is gone; undefined for none. */
export async function versionNow(
  store: Store,
  index: Index,
  { file, bytes, oid }: HandEdit,
  edits: readonly HandEdit[],
): Promise<Version | undefined> {
  if (!file.endsWith(".md")) return undefined;
  if (bytes === null || oid === null) return copyOf(store, file, edits);
  const ticket = index.entries.get(file)?.ticket ?? (await parsed(bytes, file, oid));
  return ticket === undefined ? undefined : { ticket, text: decodeText(bytes, file) };
}

/** A copy that is an edit itself is judged as one. */
async function copyOf(store: Store, file: string, edits: readonly HandEdit[]): Promise<Version | undefined> {
  const name = path.posix.basename(file);
  const months = [...archiveFolders(store.dir).months.keys()].map((month) => `archive/${month}/${name}`);
  const copy = months.find((one) => existsSync(path.join(store.dir, one)));
  if (copy === undefined || edits.some((edit) => edit.file === copy)) return undefined;
  const read = readStoreFile(path.join(store.dir, copy));
  if (read === undefined || read instanceof Unread) return undefined;
  const ticket = await parsed(read.bytes, copy, hashObject("blob", read.bytes));
  return ticket === undefined ? undefined : { ticket, text: decodeText(read.bytes, copy) };
}

/** The tickets that the edited files held, by file. */
export async function ticketsBefore(journal: Journal, edits: readonly HandEdit[]): Promise<Map<string, Ticket>> {
  const olds = new Map<string, Ticket>();
  for (const { file, before } of edits) {
    const old = await ticketAt(journal, file, before);
    if (old !== undefined) olds.set(file, old);
  }
  return olds;
}

/** The ticket of a committed version; one that git has lost tells of none. */
async function ticketAt(journal: Journal, file: string, oid: string | null): Promise<Ticket | undefined> {
  if (oid === null || !file.endsWith(".md")) return undefined;
  const read = await readObject(journal.repository, oid).catch(() => undefined);
  return read === undefined ? undefined : parsed(read.bytes, file, oid);
}

async function parsed(bytes: Buffer, file: string, oid: string): Promise<Ticket | undefined> {
  const ticket = await parse(bytes, file, oid);
  return "id" in ticket ? ticket : undefined;
}
