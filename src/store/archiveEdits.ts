import { lstatSync, readdirSync, readFileSync, type Stats } from "node:fs";
import path from "node:path";
import { lsTree, treeAt } from "../git/lsTree.ts";
import { hashObject } from "../git/objects.ts";
import { type Index, sameStamp, stampOf } from "./entry.ts";
import { inRepository } from "./plan.ts";
import { parse } from "./readFile.ts";
import { isTopTicket } from "./refresh.ts";
import type { Journal, Store } from "./store.ts";

/** A change that somebody made to a file without ayo. */
export interface HandEdit {
  readonly file: string;
  readonly before: string | null;
  readonly bytes: Buffer | null;
  readonly oid: string | null;
}

/** Month folders stand for their files: only one whose stamp changed, or a new commit, is looked into. */
export async function findArchiveEdits(store: Store, journal: Journal, index: Index): Promise<HandEdit[]> {
  const folders = archiveFolders(store.dir);
  const same = [...folders].every(([name, stat]) => sameStamp(index.archive[name], stat));
  const gone = Object.keys(index.archive).some((name) => !folders.has(name));
  if (index.archiveTree !== undefined && same && !gone) return [];
  const tree = await archiveTree(journal, index.head);
  const committed = tree === "" ? new Map() : await lsTree(journal.repository, tree, { recursive: true });
  const edits = await compareArchive(store, journal, committed);
  if (edits.length === 0) rememberArchive(store, index, tree);
  return edits;
}

/** The id of archive/ in a commit, or "" where that has none. */
export async function archiveTree(journal: Journal, commit: string | undefined): Promise<string> {
  if (commit === undefined) return "";
  return (await treeAt(journal.repository, commit, inRepository(journal, "archive"))) ?? "";
}

/** Records that archive/ is as the commit has it; call after committing changes to it. */
export function rememberArchive(store: Store, index: Index, tree: string): void {
  index.archive = Object.fromEntries([...archiveFolders(store.dir)].map(([name, stat]) => [name, stampOf(stat)]));
  index.archiveTree = tree;
}

async function compareArchive(
  store: Store,
  journal: Journal,
  committed: ReadonlyMap<string, { readonly oid: string }>,
): Promise<HandEdit[]> {
  const edits: HandEdit[] = [];
  const seen = new Set<string>();
  for (const file of ["", ...archiveFolders(store.dir).keys()].flatMap((month) => archiveFiles(store.dir, month))) {
    seen.add(file);
    const edit = await editOf(store, file, committed.get(file)?.oid ?? null);
    if (edit !== undefined) edits.push(edit);
  }
  if (journal.mode === "inline") return edits;
  const gone = [...committed].filter(([file]) => !seen.has(file));
  return [
    ...edits,
    ...gone.map(([file, { oid }]) => ({ file: `archive/${file}`, before: oid, bytes: null, oid: null })),
  ];
}

/** How a file differs from its commit, if it does and can be read as what it should be. */
async function editOf(store: Store, name: string, before: string | null): Promise<HandEdit | undefined> {
  const file = `archive/${name}`;
  const bytes = readFileSync(path.join(store.dir, file));
  const oid = hashObject("blob", bytes);
  if (oid === before) return undefined;
  const readable = !name.endsWith(".md") || "id" in (await parse(bytes, file, oid));
  return readable ? { file, before, bytes, oid } : undefined;
}

function archiveFiles(dir: string, month: string): string[] {
  const folder = path.join(dir, "archive", month);
  const wanted = (name: string): boolean => (month === "" ? name === "deleted" : isTopTicket(name));
  return names(folder)
    .filter((name) => wanted(name) && lstatSync(path.join(folder, name)).isFile())
    .map((name) => (month === "" ? name : `${month}/${name}`));
}

/** The month folders of archive/, with their stats. */
export function archiveFolders(dir: string): Map<string, Stats> {
  const found = new Map<string, Stats>();
  for (const name of names(path.join(dir, "archive"))) {
    if (!/^\d{4}-\d{2}$/.test(name)) continue;
    const stat = lstatSync(path.join(dir, "archive", name));
    if (stat.isDirectory()) found.set(name, stat);
  }
  return found;
}

function names(folder: string): string[] {
  try {
    return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder).sort() : [];
  } catch {
    return [];
  }
}
