import path from "node:path";
import { hashObject, type ObjectType } from "../../git/objects/objects.ts";
import { checkIndex, treesOf } from "../../git/repair/repair.ts";
import { filesBelow } from "../../git/repair/strayFiles.ts";
import { ROOT_COMMIT, rootBytes } from "../../git/repository/initRepository.ts";
import type { TreeItem } from "../../git/trees/tree.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Journal, Store } from "../open/store.ts";
import { inRepository } from "../open/store.ts";

/** An object's bytes, found outside git's object store. */
export interface SpareObject {
  readonly type: ObjectType;
  /** Where they are: a file of the store, or "the git index". */
  readonly from: string;
  readonly read: () => Buffer;
}

/**
 * Everything that git's objects could be written again from, by id: the files of the store, what was staged or set
 * aside, and the folders as the git index or the disk has them.
 */
export function spareObjects(store: Store, journal: Journal): Map<string, SpareObject> {
  const spares = new Map<string, SpareObject>();
  const disk = new Map<string, TreeItem>();
  const state = [path.join(journal.stateDir, "tmp"), path.join(journal.stateDir, "set-aside")].flatMap(filesBelow);
  for (const file of [...state, ...storeFiles(store.dir)]) {
    const name = path.relative(store.dir, file).split(path.sep).join("/");
    const oid = addBlob(spares, file, name);
    if (oid !== undefined && !state.includes(file)) disk.set(inRepository(journal, name), { mode: "100644", oid });
  }
  addTrees(spares, disk, "the files");
  const index = checkIndex(journal.repository);
  if (index.state === "whole") addTrees(spares, index.entries, "the git index");
  const empty = Buffer.alloc(0);
  const tree = hashObject("tree", empty);
  spares.set(tree, { type: "tree", from: "ayo itself", read: () => empty });
  spares.set(ROOT_COMMIT, { type: "commit", from: "ayo itself", read: () => rootBytes(tree) });
  return spares;
}

/** The id of the top folder as the git index has it: HEAD's, since ayo writes both at once. */
export function indexTree({ repository }: Journal): string | undefined {
  const index = checkIndex(repository);
  return index.state === "whole" ? treesOf(index.entries).top : undefined;
}

function storeFiles(dir: string): string[] {
  return filesBelow(dir).filter((file) => !path.relative(dir, file).split(path.sep).includes(".git"));
}

/** Undefined for what cannot be read. */
function addBlob(spares: Map<string, SpareObject>, file: string, name: string): string | undefined {
  const bytes = bytesOf(file);
  if (bytes === undefined) return undefined;
  const plain = Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  const add = (content: Buffer, read: () => Buffer): string => {
    const oid = hashObject("blob", content);
    spares.set(oid, { type: "blob", from: name, read });
    return oid;
  };
  // As git commits it where the project converts line ends.
  if (plain.length < bytes.length)
    add(plain, () => Buffer.from(again(file).toString("latin1").replaceAll("\r\n", "\n"), "latin1"));
  return add(bytes, () => again(file));
}

function bytesOf(file: string): Buffer | undefined {
  const read = readStoreFile(file);
  return read === undefined || read instanceof Unread ? undefined : read.bytes;
}

/** What was read before and is gone by now is other bytes, which whoever asked compares. */
function again(file: string): Buffer {
  return bytesOf(file) ?? Buffer.alloc(0);
}

function addTrees(spares: Map<string, SpareObject>, files: ReadonlyMap<string, TreeItem>, from: string): void {
  for (const [oid, bytes] of treesOf(files).trees) spares.set(oid, { type: "tree", from, read: () => bytes });
}
