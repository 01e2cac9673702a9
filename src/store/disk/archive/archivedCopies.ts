import path from "node:path";
import { readObject } from "../../../git/objects/objects.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { type Index, isTopTicket } from "../../open/entry.ts";
import type { Journal, Store } from "../../open/store.ts";
import { committedAt } from "../followHead.ts";
import { parse } from "../readFile.ts";
import { type Archive, openArchive, readArchived } from "./archive.ts";
import type { HandEdit } from "./archiveEdits.ts";

/** A file that has an id which it did not have in the last commit. */
interface Newcomer {
  readonly ticket: Ticket;
  /** The blob that the last commit has of the file. */
  readonly before: string | null;
}

/**
 * Notes in `index.copies` which files at the top are copies of archived tickets, as sync tools and file managers leave
 * them. The archive is asked only where a file is new, or has got another id by hand: else this costs nothing.
 */
export async function noteCopies(store: Store, index: Index): Promise<void> {
  const { journal } = store;
  index.copies.clear();
  if (journal === undefined || index.uncommitted.size === 0) return;
  const newcomers = [...index.uncommitted].flatMap(([file, before]) => newcomerOf(index, file, before) ?? []);
  if (newcomers.length === 0) return;
  const archive = await openArchive(store);
  for (const newcomer of newcomers) {
    const holder = await holderInArchive(store, journal, archive, newcomer);
    if (holder !== undefined) index.copies.set(newcomer.ticket.path, holder);
  }
}

function newcomerOf({ entries }: Index, file: string, before: string | null): Newcomer | undefined {
  const ticket = isTopTicket(file) ? entries.get(file)?.ticket : undefined;
  return ticket !== undefined && mayBeNew(ticket, before) ? { ticket, before } : undefined;
}

/**
 * The hand edits of the archive without files that are copies of other tickets, active or archived; these are noted in
 * `index.copies`.
 */
export async function withoutCopies(
  store: Store,
  journal: Journal,
  index: Index,
  edits: readonly HandEdit[],
): Promise<HandEdit[]> {
  const newcomers = await newcomersAmong(edits);
  if (newcomers.size === 0) return [...edits];
  const archive = await openArchive(store);
  const active = activeTickets(index);
  for (const [file, newcomer] of newcomers) {
    const holder =
      holderAtTop(index, active.get(newcomer.ticket.id), newcomer) ??
      (await holderInArchive(store, journal, archive, newcomer));
    if (holder !== undefined && !(await hadItsId(journal, newcomer))) index.copies.set(file, holder);
  }
  return edits.filter(({ file }) => !index.copies.has(file));
}

async function newcomersAmong(edits: readonly HandEdit[]): Promise<Map<string, Newcomer>> {
  const newcomers = new Map<string, Newcomer>();
  for (const { file, before, bytes, oid } of edits) {
    const ticket = bytes === null || oid === null || !file.endsWith(".md") ? undefined : await parse(bytes, file, oid);
    if (ticket !== undefined && "id" in ticket && mayBeNew(ticket, before)) newcomers.set(file, { ticket, before });
  }
  return newcomers;
}

/** A file that was committed and is named after its ticket has had its id. */
function mayBeNew(ticket: Ticket, before: string | null): boolean {
  return before === null || !isNamedAfter(ticket.path, ticket.id);
}

function isNamedAfter(file: string, id: string): boolean {
  return path.posix.basename(file) === `${id}.md`;
}

/** The active tickets by id; what is a copy is none. */
function activeTickets({ entries, copies }: Index): Map<string, Ticket> {
  const active = new Map<string, Ticket>();
  for (const { ticket } of entries.values()) {
    if (ticket !== undefined && !copies.has(ticket.path)) active.set(ticket.id, ticket);
  }
  return active;
}

/** Where the other file has changed too, one that was created at another time is another ticket. */
function holderAtTop({ uncommitted }: Index, top: Ticket | undefined, { ticket }: Newcomer): string | undefined {
  const isCopy = top !== undefined && (isSameTicket(top, ticket) || !uncommitted.has(top.path));
  return isCopy ? top.path : undefined;
}

/** The archived file that has the id of a newcomer, where that one is its copy. */
async function holderInArchive(
  store: Store,
  journal: Journal,
  archive: Archive,
  newcomer: Newcomer,
): Promise<string | undefined> {
  const { ticket } = newcomer;
  const archived = archive.find(ticket.id);
  if (archived === undefined || archived.path === ticket.path) return undefined;
  const holder = await readArchived(store, archived.path);
  if (holder?.id !== ticket.id || (await hadItsId(journal, newcomer))) return undefined;
  const committed = await committedAt(journal, archived.path);
  const isFirst = isNamedAfter(ticket.path, ticket.id) || !isNamedAfter(archived.path, ticket.id);
  // Of two that are new the active one is looked up, unless it has the name of a copy.
  if (committed === undefined && isTopTicket(ticket.path) && isFirst) return undefined;
  return isSameTicket(holder, ticket) || holder.version === committed ? archived.path : undefined;
}

function isSameTicket(one: Ticket, other: Ticket): boolean {
  return one.fields.created === other.fields.created;
}

/** Whether the file was this ticket in the last commit already; a version that git has lost tells of none. */
async function hadItsId({ repository }: Journal, { ticket, before }: Newcomer): Promise<boolean> {
  if (before === null) return false;
  const read = await readObject(repository, before).catch(() => undefined);
  const old = read === undefined ? undefined : await parse(read.bytes, ticket.path, before);
  return old !== undefined && "id" in old && old.id === ticket.id;
}
