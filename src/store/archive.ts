import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { hashObject } from "../git/objects.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { archiveFolders } from "./archiveEdits.ts";
import { formatLineTable, type LineTable, readLineTable } from "./archiveTable.ts";
import { type Stamp, sameStamp, stampOf } from "./entry.ts";
import { parse } from "./readFile.ts";
import type { Store } from "./store.ts";

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
const VERSION = 2;

/**
 * The look-up table of archive/: one line a ticket, rebuilt for a month folder whose stamp changed. A file edited in
 * place there is noticed when it is read, not here.
 */
export async function openArchive(store: Store): Promise<Archive> {
  const folders = archiveFolders(store.dir);
  if (folders.size === 0) return EMPTY_ARCHIVE;
  const stateDir = store.journal?.stateDir;
  const known = stateDir === undefined ? undefined : loadTable(stateDir);
  const stamps = Object.fromEntries([...folders].map(([month, stat]) => [month, stampOf(stat)]));
  const stale = [...folders].filter(([month, stat]) => !sameStamp(known?.stamps[month], stat)).map(([month]) => month);
  const gone = Object.keys(known?.stamps ?? {}).some((month) => !folders.has(month));
  if (known !== undefined && stale.length === 0 && !gone) return search(known.table);
  const kept = known === undefined ? [] : known.table.lines().filter((line) => isKept(line, folders, stale));
  const fresh = await Promise.all(stale.map((month) => readMonth(store, month)));
  const bytes = formatLineTable([...kept, ...fresh.flat()]);
  if (stateDir !== undefined) saveTable(stateDir, stamps, bytes);
  return search(readLineTable(bytes));
}

/** Every archived ticket, read from its file; unreadable ones are left out here and reported by doctor. */
export async function readArchive(store: Store): Promise<Ticket[]> {
  const tickets: Ticket[] = [];
  for (const month of archiveFolders(store.dir).keys()) {
    for (const file of filesOf(store, month)) {
      const ticket = await readArchived(store, file);
      if (ticket !== undefined) tickets.push(ticket);
    }
  }
  return tickets;
}

/** One archived ticket, or undefined when its file is gone or cannot be read. */
export async function readArchived(store: Store, file: string): Promise<Ticket | undefined> {
  try {
    const bytes = readFileSync(path.join(store.dir, file));
    const parsed = await parse(bytes, file, hashObject("blob", bytes));
    return "id" in parsed ? parsed : undefined;
  } catch {
    return undefined;
  }
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
    writeFileSync(temporary, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), table]));
    renameSync(temporary, path.join(stateDir, FILE));
  } catch {
    rmSync(temporary, { force: true });
  }
}

async function readMonth(store: Store, month: string): Promise<string[]> {
  const lines: string[] = [];
  for (const file of filesOf(store, month)) {
    const ticket = await readArchived(store, file);
    if (ticket === undefined) continue;
    const title = ticket.title.replaceAll(/[\t\n\r]/g, " ").slice(0, 200);
    const parent = ticket.fields.parent?.replaceAll(/[\t\n\r]/g, " ") ?? "";
    lines.push([ticket.id, month, path.posix.basename(file, ".md"), ticket.status, title, parent].join("\t"));
  }
  return lines;
}

function filesOf(store: Store, month: string): string[] {
  return readdirSync(path.join(store.dir, "archive", month))
    .filter((name) => name.endsWith(".md") && !name.startsWith("."))
    .map((name) => `archive/${month}/${name}`);
}

function isKept(line: string, folders: ReadonlyMap<string, unknown>, stale: readonly string[]): boolean {
  const month = line.split("\t")[1] ?? "";
  return folders.has(month) && !stale.includes(month);
}

function search(table: LineTable): Archive {
  return {
    find: (id) => parseLine(table.find(id)),
    ids: () => table.lines().map((line) => line.slice(0, line.indexOf("\t"))),
    children: (id) => table.endingIn(id).flatMap((line) => parseLine(line) ?? []),
  };
}

function parseLine(line: string | undefined): ArchivedTicket | undefined {
  if (line === undefined) return undefined;
  const [id = "", month = "", name = "", status = "", title = ""] = line.split("\t");
  return { id, path: `archive/${month}/${name}.md`, status, title };
}
