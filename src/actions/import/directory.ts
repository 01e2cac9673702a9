import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
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

/** Every real folder within one, by its path from there; hidden ones left out, and what is deeper than anybody files. */
export function foldersBelow(dir: string, depth = 8): string[] {
  const here = namesIn(dir).filter((name) => !name.startsWith(".") && isFolder(path.join(dir, name)));
  if (depth === 1) return here;
  return here.flatMap((name) => [
    name,
    ...foldersBelow(path.join(dir, name), depth - 1).map((one) => `${name}/${one}`),
  ]);
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

/** What a folder holds besides what is read of it, in a sentence; hidden names, the README and empty folders are nothing. */
export function leftIn(dir: string, shown: string, isRead: (name: string) => boolean): string[] {
  const isNothing = (name: string): boolean => {
    const where = path.join(dir, name);
    return /^(?:\.|readme\.md$)/i.test(name) || (isFolder(where) && namesIn(where).length === 0);
  };
  return leftNotice(
    shown,
    namesIn(dir).filter((name) => !isRead(name) && !isNothing(name)),
  );
}

/** Names what is not imported of a source; none where nothing is left. */
export function leftNotice(shown: string, names: readonly string[]): string[] {
  const more = names.length - MAX_LEFT;
  if (names.length === 0) return [];
  return [`left in ${shown}: ${names.slice(0, MAX_LEFT).join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
}

const MAX_LEFT = 20;

/** Whether there is a real file here. */
export function isRealFile(where: string): boolean {
  return lstatSync(where, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** How a real file begins, to tell what it is; nothing where it cannot be read, which whoever reads it will say. */
export function beginningOf(file: string): Buffer {
  if (!isRealFile(file)) return Buffer.alloc(0);
  try {
    const handle = openSync(file, "r");
    try {
      const bytes = Buffer.alloc(BEGINNING);
      return bytes.subarray(0, readSync(handle, bytes, 0, BEGINNING, 0));
    } finally {
      closeSync(handle);
    }
  } catch {
    return Buffer.alloc(0);
  }
}

const BEGINNING = 16 * 1024;

/** The bytes of a file that the user named. @throws bad_input where it cannot be read */
export function readNamed(file: string, shown: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new AyoError("bad_input", `cannot read ${shown}: ${(error as Error).message}`, { cause: error });
  }
}

function readOrRefuse(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new AyoError("bad_input", `cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
