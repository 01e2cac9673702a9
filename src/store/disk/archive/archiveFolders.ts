import type { Stats } from "node:fs";
import path from "node:path";
import { listStoreFolder, lookAt, notFolder, Unread } from "../../files/storeFile.ts";
import { isRacy, NO_STAMP, type Stamp, stampOf } from "../../open/entry.ts";

/** What archive/ holds, as far as that can be told. */
export interface ArchiveFolders {
  /** The month folders, with their stats. */
  readonly months: ReadonlyMap<string, Stats>;
  /** What is there and cannot be looked into, by its path in the store: `archive`, or `archive/2026-11`. */
  readonly unread: ReadonlyMap<string, Unread>;
}

/** Finds the month folders of archive/. */
export function archiveFolders(dir: string): ArchiveFolders {
  const months = new Map<string, Stats>();
  const unread = new Map<string, Unread>();
  const names = listStoreFolder(path.join(dir, "archive")) ?? [];
  if (names instanceof Unread) return { months, unread: unread.set("archive", names) };
  for (const name of names.filter((one) => /^\d{4}-\d{2}$/.test(one))) {
    const full = path.join(dir, "archive", name);
    const stat = lookAt(full);
    if (stat instanceof Unread) unread.set(`archive/${name}`, stat);
    else if (stat?.isDirectory()) months.set(name, stat);
    else if (stat !== undefined) unread.set(`archive/${name}`, notFolder(stat, full));
  }
  return { months, unread };
}

/** The ticket files of a month, from the store's directory; none where it has vanished. */
export function archivedFiles(dir: string, month: string): string[] | Unread {
  const names = listStoreFolder(path.join(dir, "archive", month));
  if (names === undefined || names instanceof Unread) return names ?? [];
  return names
    .filter((name) => name.endsWith(".md") && !name.startsWith("."))
    .map((name) => `archive/${month}/${name}`);
}

/** The ticket files of archive/, or of some months of it, and which folders could not be looked into. */
export interface ArchiveListing {
  readonly files: readonly string[];
  readonly unread: ReadonlyMap<string, Unread>;
}

/** Lists archive/, month by month; `only` these where it is given. */
export function listArchive(dir: string, folders = archiveFolders(dir), only?: ReadonlySet<string>): ArchiveListing {
  const files: string[] = [];
  const unread = new Map(folders.unread);
  for (const month of folders.months.keys()) {
    if (only?.has(month) === false) continue;
    const found = archivedFiles(dir, month);
    if (found instanceof Unread) unread.set(`archive/${month}`, found);
    else files.push(...found);
  }
  return { files, unread };
}

/** Whether a month is there, or may be, and cannot be looked into. */
export function isMonthUnread({ unread }: Pick<ArchiveFolders, "unread">, month: string): boolean {
  return unread.has("archive") || unread.has(`archive/${month}`);
}

/** The stamps by which the months are known again; none for what may change without its stamp changing. */
export function monthStamps(folders: ArchiveFolders, known: Iterable<string>, now: number): Record<string, Stamp> {
  const stamps: Record<string, Stamp> = {};
  for (const month of known) if (isMonthUnread(folders, month)) stamps[month] = NO_STAMP;
  for (const folder of folders.unread.keys()) if (folder !== "archive") stamps[path.basename(folder)] = NO_STAMP;
  for (const [month, stat] of folders.months) {
    const stamp = stampOf(stat);
    stamps[month] = isRacy(stamp, now) ? NO_STAMP : stamp;
  }
  return stamps;
}
