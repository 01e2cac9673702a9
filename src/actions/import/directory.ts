import { lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { decodeText, MAX_TICKET_BYTES } from "../../store/disk/readFile.ts";

/** The markdown files of a folder, in order, hidden ones and the README left out; none where there is no such folder. */
export function markdownFiles(folder: string): string[] {
  return namesIn(folder).filter((name) => /\.md$/.test(name) && !/^(?:\.|readme\.md$)/i.test(name));
}

/** The names in a real folder, in order; a link to one is none. @throws bad_input where it cannot be read */
export function namesIn(folder: string): string[] {
  if (!isFolder(folder)) return [];
  try {
    return readdirSync(folder).sort((left, right) => left.localeCompare(right, "en", { numeric: true }));
  } catch (error) {
    throw new AyoError("bad_input", `cannot read ${folder}: ${(error as Error).message}`, { cause: error });
  }
}

/** Whether there is a real folder here; somebody else's links are not followed out of it. */
export function isFolder(where: string): boolean {
  return lstatSync(where, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * The text of a file that somebody else wrote.
 * @throws bad_input for links, devices and files too large or not readable, bad_ticket for what is not UTF-8
 */
export function readForeignText(file: string): string {
  const stat = lstatSync(file);
  const refuse = (message: string) => new AyoError("bad_input", message);
  if (stat.isSymbolicLink()) throw refuse("a symbolic link: import what it points to");
  if (!stat.isFile()) throw refuse("not a file");
  if (stat.size > MAX_TICKET_BYTES) throw refuse(`larger than ${MAX_TICKET_BYTES / 1024 / 1024} MiB`);
  return decodeText(readOrRefuse(file), path.basename(file));
}

function readOrRefuse(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new AyoError("bad_input", `cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
