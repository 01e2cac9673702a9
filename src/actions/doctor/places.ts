import { closeSync, type Dirent, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";
import { ILL_NAMED } from "../../store/disk/scan/scan.ts";
import { splitDocument } from "../../ticket/text/splitDocument.ts";
import type { Examination, Places, TicketFinding } from "./shape.ts";

/** Folders of the store that are read, besides its archive. */
const FOLDERS = ["projects", "hooks", "templates", "schemas", "pipelines", "outputs", "attachments"];
const KNOWN = ["config.yml", "archive", ...FOLDERS];
/** A front matter is at the beginning; files are not read to their end for it. */
const HEAD_BYTES = 8192;

type Found = { [K in keyof Places]: string[] };

/** Looks into every folder of the store but its git directory; links are not followed. */
export function placesOf(dir: string): Places {
  const found: Found = { others: [], misplaced: [], illNamed: [], links: [] };
  lookInto(dir, "", found);
  return found;
}

function lookInto(dir: string, folder: string, found: Found): void {
  for (const entry of entriesOf(path.join(dir, folder))) {
    const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (isIllNamed(dir, file, entry.name)) found.illNamed.push(file);
    else if (entry.isDirectory() && entry.name !== ".git") lookInto(dir, file, found);
    else if (entry.isSymbolicLink() && isRead(file)) found.links.push(file);
    else if (entry.isFile()) sort(dir, file, found);
  }
}

function sort(dir: string, file: string, found: Found): void {
  const kind = kindOf(dir, file);
  if (kind !== undefined) found[kind].push(file);
}

/** Whether Node could only read the name in part: no file has what it made of it. */
function isIllNamed(dir: string, file: string, name: string): boolean {
  return name.includes("\uFFFD") && lstatSync(path.join(dir, file), { throwIfNoEntry: false }) === undefined;
}

/** Files that no command reads, since their names are no UTF-8. */
export function illNamed({ places }: Examination): TicketFinding[] {
  const message = ILL_NAMED;
  return places.illNamed.map((file) => ({ finding: { code: "bad_name", severity: "warning", path: file, message } }));
}

/** Whether a name is one that is read as part of the store, besides tickets at its top. */
function isRead(file: string): boolean {
  const [top = ""] = file.split("/");
  return KNOWN.includes(top) && !/(?:^|\/)\.[^/]*$|~$/.test(file);
}

function kindOf(dir: string, file: string): "others" | "misplaced" | undefined {
  // What somebody attached may look like anything.
  if (file.startsWith("attachments/")) return undefined;
  const folder = path.posix.dirname(file);
  const isTicketsPlace = folder === "." || /^archive\/\d{4}-\d\d$/.test(folder);
  if (isTicketsPlace && /(?:^|\/)[^/.][^/]*\.md$/.test(file)) return undefined;
  const looksSo = /\.md$/i.test(file) && (folder === "archive" || isTicket(path.join(dir, file)));
  if (looksSo) return "misplaced";
  return isRead(file) && !file.startsWith("archive/") ? "others" : undefined;
}

/** Tickets where none is looked for, a folder at a time. */
export function misplaced({ store, places }: Examination): TicketFinding[] {
  const folders = new Map<string, string[]>();
  for (const file of places.misplaced) {
    const folder = path.posix.dirname(file);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...folders].flatMap(([folder, files]): TicketFinding[] => {
    const isOne = files.length === 1 || folder === "archive" || folder === ".";
    if (isOne) return files.map((file) => ticketFinding(file, `is never read: ${whereTo(store.dir, folder)}`));
    const names = files.map((file) => path.posix.basename(file));
    const shown = names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
    return [ticketFinding(folder, `its tickets ${shown} are never read: ${whereTo(store.dir, folder)}`)];
  });
}

function ticketFinding(file: string, message: string): TicketFinding {
  return { finding: { code: "misplaced", severity: "warning", path: file, message } };
}

function whereTo(dir: string, folder: string): string {
  if (folder === "archive") return "archived tickets lie in month folders, archive/YYYY-MM/";
  if (folder === ".") return "a ticket's file is named <id>.md";
  const isStore = entriesOf(path.join(dir, folder)).some(({ name }) => name === ".git" || name === "config.yml");
  if (isStore) return `a store of its own lies in ${folder}/, which 'ayo --dir' opens and 'ayo import' takes over`;
  return "tickets lie at the top of the store; move them there, or 'ayo import' them";
}

/** Links in the place of files and folders of the store; a ticket that is one cannot be read, and says so itself. */
export function links({ places }: Examination): TicketFinding[] {
  const message = "a symbolic link, which no commit holds what it leads to of: put the file or folder itself here";
  // Of outputs and schemas it is said what to do with them.
  return places.links
    .filter((file) => !/^(?:outputs|schemas)(?:\/[^/]*\.json)?$/.test(file))
    .map((file) => ({ finding: { code: "link", severity: "warning", path: file, message } }));
}

/** Whether a file has the front matter of a ticket: a status, and another key that tickets have. */
function isTicket(file: string): boolean {
  const text = headOf(file);
  const { front } = splitDocument(text);
  if (front === null) return false;
  const yaml = text.slice(front.start, front.end);
  return /^status[ \t]*:/m.test(yaml) && /^(?:id|deps|created|priority|type)[ \t]*:/m.test(yaml);
}

function headOf(file: string): string {
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.toString("utf8", 0, readSync(handle, bytes, 0, HEAD_BYTES, 0));
  } catch {
    // Gone or closed: what may not be read is told with its error elsewhere.
    return "";
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
