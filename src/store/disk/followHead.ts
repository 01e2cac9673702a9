import { AyoError } from "../../error.ts";
import { readObject } from "../../git/objects/objects.ts";
import { readHead } from "../../git/refs/refs.ts";
import { blobAt, lsTree } from "../../git/trees/lsTree.ts";
import { TOP_FILES } from "../open/config/values.ts";
import { type Index, isTopTicket, setCommitted } from "../open/entry.ts";
import { inRepository, type Journal } from "../open/store.ts";
import { FOLDERS } from "./otherFiles.ts";

/** When the branch moved without us, reads what the new commit has; true then. */
export async function followHead(index: Index, journal: Journal): Promise<boolean> {
  const { oid } = readHead(journal.repository);
  if (oid === index.head && oid !== undefined) return false;
  const changes =
    index.head === undefined || oid === undefined ? undefined : await diffOrNone(journal, index.head, oid);
  if (changes === undefined) await readCommitted(index, journal, oid);
  else for (const { path: file, after } of changes) if (isFollowed(file)) setCommitted(index, file, after ?? undefined);
  index.archiveTree = undefined;
  dropNowhere(index);
  index.head = oid;
  return true;
}

/** The bytes that the last commit has of a file; undefined where there is no such file, or no commit. */
export async function readAtHead({ repository, prefix }: Journal, file: string): Promise<Buffer | undefined> {
  const { oid } = readHead(repository);
  if (oid === undefined) return undefined;
  const at = file.lastIndexOf("/");
  const folder = [prefix, file.slice(0, Math.max(at, 0))].filter((part) => part !== "").join("/");
  const blob = (await lsTree(repository, oid, { prefix: folder })).get(file.slice(at + 1));
  return blob?.mode.startsWith("100") ? (await readObject(repository, blob.oid)).bytes : undefined;
}

/**
 * The blob that the last commit has of a file, found by its folders alone; undefined where it has none, or git has lost
 * what tells.
 */
export async function committedAt(journal: Journal, file: string): Promise<string | undefined> {
  const { oid } = readHead(journal.repository);
  if (oid === undefined) return undefined;
  return blobAt(journal.repository, oid, inRepository(journal, file)).catch(() => undefined);
}

/** Forgets paths that are neither on disk nor in the commit. */
function dropNowhere(index: Index): void {
  for (const [file, blob] of index.uncommitted) {
    if (blob === null && !index.entries.has(file)) index.uncommitted.delete(file);
  }
}

/** What changed between two commits; undefined where the old one is gone, as after a rewrite and a gc. */
async function diffOrNone(journal: Journal, from: string, to: string) {
  const { diffCommits } = await import("../../git/trees/diffTrees.ts");
  try {
    return await diffCommits(journal.repository, from, to, journal.prefix);
  } catch (error) {
    if (error instanceof AyoError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** Whether the index keeps a path: a ticket, or a journalled file outside archive/. */
function isFollowed(file: string): boolean {
  return isTopTicket(file) || TOP_FILES.includes(file) || FOLDERS.some((folder) => file.startsWith(`${folder}/`));
}

async function readCommitted(index: Index, journal: Journal, oid: string | undefined): Promise<void> {
  const committed = oid === undefined ? new Map() : await lsTree(journal.repository, oid, { prefix: journal.prefix });
  for (const file of [...index.entries.keys(), ...index.uncommitted.keys()]) {
    if (!committed.has(file)) setCommitted(index, file, undefined);
  }
  for (const [file, { oid: blob }] of committed) {
    if (isTopTicket(file) || TOP_FILES.includes(file)) setCommitted(index, file, blob);
  }
  if (oid !== undefined) await followFolders(index, journal, oid);
}

async function followFolders(index: Index, journal: Journal, oid: string): Promise<void> {
  for (const folder of FOLDERS) {
    const prefix = journal.prefix === "" ? folder : `${journal.prefix}/${folder}`;
    const files = await lsTree(journal.repository, oid, { prefix, recursive: true });
    for (const [file, { oid: blob }] of files) setCommitted(index, `${folder}/${file}`, blob);
  }
}
