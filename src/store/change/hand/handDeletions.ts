import path from "node:path";
import { ensureDir, writeDurable } from "../../../git/disk/durable.ts";
import { hashObject, readObject } from "../../../git/objects/objects.ts";
import { openArchive } from "../../disk/archive/archive.ts";
import type { HandEdit } from "../../disk/archive/archiveEdits.ts";
import { DELETED_FILE, withDeleted } from "../../disk/deleted.ts";
import { parse } from "../../disk/readFile.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import type { Index } from "../../open/entry.ts";
import type { Journal, Store } from "../../open/store.ts";

/**
 * Adds to hand edits the record of the ids whose files are gone, so that they are never given out again.
 * A ticket that was only moved keeps its id. The record is written at once: it only grows, and what a
 * crash leaves of it is found again with the deletion.
 */
export async function recordHandDeletions(
  store: Store,
  journal: Journal,
  index: Index,
  edits: readonly HandEdit[],
): Promise<readonly HandEdit[]> {
  const gone = edits.filter(({ file, bytes }) => bytes === null && file.endsWith(".md"));
  if (gone.length === 0) return edits;
  const archive = await openArchive(store);
  const alive = new Set([...index.entries.values()].flatMap(({ ticket }) => ticket?.id ?? []));
  const ids = await Promise.all(gone.map((edit) => idOf(journal, edit)));
  const lost = ids.filter((id) => id !== undefined && !alive.has(id) && archive.find(id) === undefined) as string[];
  if (lost.length === 0) return edits;
  const target = path.join(store.dir, DELETED_FILE);
  const before = hashOf(target);
  const bytes = Buffer.from(withDeleted(store.dir, lost));
  ensureDir(path.dirname(target));
  writeDurable(target, bytes, { tmpDir: path.join(journal.stateDir, "tmp") });
  const record: HandEdit = { file: DELETED_FILE, before, bytes, oid: hashObject("blob", bytes) };
  return [...edits.filter(({ file }) => file !== DELETED_FILE), record];
}

/** The id that a file had in its last commit; the README and other files that were no tickets had none. */
async function idOf({ repository }: Journal, { file, before }: HandEdit): Promise<string | undefined> {
  if (before === null || file.startsWith("projects/") || file.startsWith("templates/")) return undefined;
  if (/(?:^|\/)readme\.md$/i.test(file)) return undefined;
  const old = await readObject(repository, before).catch(() => undefined);
  const ticket = old === undefined ? undefined : await parse(old.bytes, file, before);
  return ticket !== undefined && "id" in ticket ? ticket.id : path.posix.basename(file, ".md");
}

function hashOf(file: string): string | null {
  const read = readStoreFile(file);
  return read === undefined || read instanceof Unread ? null : hashObject("blob", read.bytes);
}
