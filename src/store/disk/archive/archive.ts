import { randomUUID } from "node:crypto";
import { readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { writeOwned } from "../../../folderOwner.ts";
import { removeFile } from "../../../git/disk/removeFile.ts";
import { hashObject } from "../../../git/objects/objects.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { NO_STAMP, type Stamp, sameStamp } from "../../open/entry.ts";
import type { Store } from "../../open/store.ts";
import { committedAt } from "../followHead.ts";
import { MAX_TICKET_BYTES, parse } from "../readFile.ts";
import {
  type ArchiveFolders,
  archivedFiles,
  archiveFolders,
  isMonthUnread,
  listArchive,
  monthStamps,
} from "./archiveFolders.ts";
import { formatLineTable, type LineTable, readLineTable } from "./archiveTable.ts";

/** What look-ups need of an archived ticket. */
export interface ArchivedTicket {
  readonly id: string;
  /** From the store's directory: `archive/2026-11/ayo-x7k2.md`. */
  readonly path: string;
  readonly status: string;
  readonly title: string;
}

/** The archive, searchable by id without reading its files. */
export interface Archive {
  find(id: string): ArchivedTicket | undefined;
  ids(): Iterable<string>;
  /** The archived parts of a ticket. */
  children(id: string): ArchivedTicket[];
}

/** An archive without a ticket. */
export const EMPTY_ARCHIVE: Archive = { find: () => undefined, ids: () => [], children: () => [] };

const FILE = "archive.table";
const VERSION = 4;
/** Begins the line of a file whose id another file of the archive has: nothing looks for it by its id. */
const COPY = "\u0001";

/**
 * The look-up table of archive/: one line a ticket, rebuilt for a month folder whose stamp changed. A file edited in
 * place there is noticed when it is read, not here. Of what cannot be read it keeps what it knew: tickets that wait for
 * an archived one go on being ready.
 */
export async function openArchive(store: Store): Promise<Archive> {
  const now = store.host.now();
  const folders = archiveFolders(store.dir);
  const { months, unread } = folders;
  if (months.size === 0 && unread.size === 0) return EMPTY_ARCHIVE;
  const stateDir = store.journal?.stateDir;
  const known = stateDir === undefined ? undefined : loadTable(stateDir);
  const stale = [...months].filter(([month, stat]) => !sameStamp(known?.stamps[month], stat)).map(([month]) => month);
  const before = Object.keys(known?.stamps ?? {});
  const gone = before.some((month) => !months.has(month) && !isMonthUnread(folders, month));
  if (known !== undefined && stale.length === 0 && !gone) return search(known.table);
  const lines = (known?.table.lines() ?? []).map((line) => (line.startsWith(COPY) ? line.slice(COPY.length) : line));
  const kept = lines.filter((line) => isKept(line, folders, stale));
  const fresh = await Promise.all(stale.map((month) => readMonth(store, month, lines)));
  const bytes = formatLineTable(await markCopies(store, [...kept, ...fresh.flatMap((month) => month.lines)]));
  const stamps = monthStamps(folders, before, now);
  for (const { month, isWhole } of fresh) if (!isWhole) stamps[month] = NO_STAMP;
  if (stateDir !== undefined) saveTable(stateDir, stamps, bytes);
  return search(readLineTable(bytes));
}

/**
 * Every archived ticket that is not `active` too, read from its file; unreadable ones are left out here and reported by
 * doctor, and of several files with one id all but the one that is looked up.
 */
export async function readArchive(store: Store, active: ReadonlyMap<string, unknown>): Promise<Ticket[]> {
  const tickets = new Map<string, Ticket>();
  for (const file of listArchive(store.dir).files) {
    const ticket = await readArchived(store, file);
    if (ticket === undefined || active.has(ticket.id)) continue;
    const isSecond = tickets.has(ticket.id);
    if (!isSecond || (await openArchive(store)).find(ticket.id)?.path === file) tickets.set(ticket.id, ticket);
  }
  return [...tickets.values()];
}

/** One archived ticket, or undefined when its file is gone or cannot be read. */
export async function readArchived(store: Store, file: string): Promise<Ticket | undefined> {
  const ticket = await readTicketAt(store, file);
  return ticket instanceof Unread ? undefined : ticket;
}

/** The same, and why a file that is there cannot be read at all. */
async function readTicketAt(store: Store, file: string): Promise<Ticket | Unread | undefined> {
  const read = readStoreFile(path.join(store.dir, file), { limit: MAX_TICKET_BYTES });
  if (read === undefined || read instanceof Unread) return read;
  const parsed = await parse(read.bytes, file, hashObject("blob", read.bytes));
  return "id" in parsed ? parsed : undefined;
}

/** The first line of the file. */
interface Header {
  readonly version: number;
  /** Bytes of what follows. */
  readonly size: number;
  readonly stamps: Table["stamps"];
}

interface Table {
  readonly stamps: Readonly<Record<string, Stamp>>;
  readonly table: LineTable;
}

function loadTable(stateDir: string): Table | undefined {
  try {
    const bytes = readFileSync(path.join(stateDir, FILE));
    const end = bytes.indexOf(10);
    const { version, size, stamps } = JSON.parse(bytes.toString("utf8", 0, end)) as Header;
    const table = bytes.subarray(end + 1);
    return version === VERSION && size === table.length ? { stamps, table: readLineTable(table) } : undefined;
  } catch {
    return undefined;
  }
}

function saveTable(stateDir: string, stamps: Table["stamps"], table: Buffer): void {
  const temporary = path.join(stateDir, `${FILE}.${randomUUID()}`);
  const header: Header = { version: VERSION, size: table.length, stamps };
  try {
    writeOwned(temporary, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), table]));
    renameSync(temporary, path.join(stateDir, FILE));
  } catch {
    removeFile(temporary);
  }
}

/** Of files with one id the ticket is the one that is committed, then the one that is named after it, then the first. */
async function markCopies(store: Store, lines: readonly string[]): Promise<readonly string[]> {
  const ids = new Set<string>();
  const twice = new Set<string>();
  for (const id of lines.map(idOf)) (ids.has(id) ? twice : ids).add(id);
  if (twice.size === 0) return lines;
  const first = new Map<string, { readonly line: string; readonly rank: number }>();
  for (const line of lines.filter((one) => twice.has(idOf(one))).toSorted()) {
    const rank = await rankOf(store, parseLine(line) as ArchivedTicket);
    if (rank > (first.get(idOf(line))?.rank ?? -1)) first.set(idOf(line), { line, rank });
  }
  return lines.map((line) => (first.has(idOf(line)) && first.get(idOf(line))?.line !== line ? COPY + line : line));
}

async function rankOf({ journal }: Store, { id, path: file }: ArchivedTicket): Promise<number> {
  const isCommitted = journal !== undefined && (await committedAt(journal, file)) !== undefined;
  return (isCommitted ? 2 : 0) + (path.posix.basename(file) === `${id}.md` ? 1 : 0);
}

interface Month {
  readonly month: string;
  readonly lines: readonly string[];
  /** Everything in it was read, or known before. */
  readonly isWhole: boolean;
}

async function readMonth(store: Store, month: string, known: readonly string[]): Promise<Month> {
  const lines: string[] = [];
  const old = known.filter((line) => line.split("\t")[1] === month);
  const files = archivedFiles(store.dir, month);
  if (files instanceof Unread) return { month, lines: old, isWhole: false };
  let isWhole = true;
  for (const file of files) {
    const ticket = await readTicketAt(store, file);
    if (ticket instanceof Unread) {
      const line = old.find((one) => parseLine(one)?.path === file);
      if (line === undefined) isWhole = false;
      else lines.push(line);
    }
    if (ticket === undefined || ticket instanceof Unread) continue;
    const title = ticket.title.replaceAll(/[\t\n\r]/g, " ").slice(0, 200);
    const parent = ticket.fields.parent?.replaceAll(/[\t\n\r]/g, " ") ?? "";
    lines.push([ticket.id, month, path.posix.basename(file, ".md"), ticket.status, title, parent].join("\t"));
  }
  return { month, lines, isWhole };
}

function isKept(line: string, folders: ArchiveFolders, stale: readonly string[]): boolean {
  const month = line.split("\t")[1] ?? "";
  return isMonthUnread(folders, month) || (folders.months.has(month) && !stale.includes(month));
}

function search(table: LineTable): Archive {
  return {
    find: (id) => parseLine(table.find(id)),
    ids: () => table.lines().filter(isNoCopy).map(idOf),
    children: (id) =>
      table
        .endingIn(id)
        .filter(isNoCopy)
        .flatMap((line) => parseLine(line) ?? []),
  };
}

function isNoCopy(line: string): boolean {
  return !line.startsWith(COPY);
}

function idOf(line: string): string {
  return line.slice(0, line.indexOf("\t"));
}

function parseLine(line: string | undefined): ArchivedTicket | undefined {
  if (line === undefined) return undefined;
  const [id = "", month = "", name = "", status = "", title = ""] = line.split("\t");
  return { id, path: `archive/${month}/${name}.md`, status, title };
}
