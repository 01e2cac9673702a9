import { lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One step of a recorded run (see recordDisk.cjs); paths are relative to its root. */
export type Step =
  | { readonly step: "open"; readonly file: string; readonly flags: string; readonly handle: number }
  | { readonly step: "write"; readonly handle: number; readonly at: number | null; readonly bytes: string }
  | { readonly step: "truncate"; readonly handle: number; readonly length: number }
  | { readonly step: "sync"; readonly handle: number }
  | { readonly step: "rename" | "link"; readonly from: string; readonly to: string }
  | { readonly step: "unlink" | "mkdir"; readonly file: string }
  /** The process printed its answer. */
  | { readonly step: "answer" };

/** A file: what is certainly on the disk (undefined: nothing yet), and what processes see. */
interface FileNode {
  synced: Buffer | undefined;
  now: Buffer;
}

/** A folder: the names that are certainly on the disk, and those that processes see. */
interface FolderNode {
  readonly synced: Map<string, Node>;
  readonly now: Map<string, Node>;
}

type Node = FileNode | FolderNode;

/**
 * A change of names that no sync has made certain yet: all of it is on the disk, or nothing. Of a rename from one folder
 * into another the sync of a folder makes only that folder's part certain.
 */
interface Naming {
  readonly what: string;
  readonly effects: readonly Effect[];
}

/** What a change of names does to one folder; null: the name goes. */
type Effect = readonly [folder: FolderNode, name: string, node: Node | null];

/** Every file below a folder by its path, and folders as null. */
export type Tree = ReadonlyMap<string, Buffer | null>;

/** What may be on the disk at a moment, as choices. */
export interface Choices {
  /** Changes of names that are not certain, in their order. */
  readonly namings: readonly string[];
  /** Files whose content is not certain; their paths, as processes see them, come with the tree. */
  readonly files: number;
  /** The disk with these changes of names, and for each uncertain file this content. */
  readonly tree: (keeps: (naming: number) => boolean, content: (file: number) => Content) => Tree;
}

/** What the disk has of a file that was not synced: all, what the last sync left, nothing, the first half, or zeros. */
export type Content = "all" | "old" | "empty" | "half" | "zeros";

/** A disk on which a run is played back. */
export interface DiskModel {
  readonly play: (step: Step) => void;
  readonly choices: () => Choices;
  /** What processes see. */
  readonly seen: () => Tree;
}

/** Reads a folder as a tree. */
export function readTree(root: string): Tree {
  const tree = new Map<string, Buffer | null>();
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    const full = path.join(root, name);
    tree.set(name, lstatSync(full).isDirectory() ? null : readFileSync(full));
  }
  return tree;
}

/** A disk that certainly has `before`. What it does not promise after a power cut is what POSIX does not. */
export function diskModel(before: Tree): DiskModel {
  const root: FolderNode = { synced: new Map(), now: new Map() };
  let pending: Naming[] = [];
  const open = new Map<number, { readonly node: Node; readonly appends: boolean; at: number }>();

  const folderOf = (file: string): FolderNode => {
    let folder: Node | undefined = root;
    for (const part of file.split("/").slice(0, -1)) folder = isFolder(folder) ? folder.now.get(part) : undefined;
    if (!isFolder(folder)) throw new Error(`the record names ${file}, whose folder is not there`);
    return folder;
  };
  const find = (file: string): Node | undefined =>
    file === "" ? root : folderOf(file).now.get(path.posix.basename(file));
  const nameAll = (what: string, effects: readonly Effect[]): void => {
    for (const [folder, name, node] of effects) put(folder.now, name, node);
    pending.push({ what, effects });
  };
  const name = (what: string, file: string, node: Node | null): void => {
    nameAll(what, [[folderOf(file), path.posix.basename(file), node]]);
  };
  const openFile = (file: string, flags: string): Node => {
    let node = find(file);
    if (node === undefined) {
      node = { synced: undefined, now: Buffer.alloc(0) };
      name(`new ${file}`, file, node);
    } else if (!isFolder(node) && flags.startsWith("w")) node.now = Buffer.alloc(0);
    return node;
  };
  const sync = (node: Node): void => {
    if (!isFolder(node)) node.synced = node.now;
    else pending = pending.flatMap((naming) => settle(naming, node));
  };
  const fileAt = (handle: number) => {
    const found = open.get(handle);
    if (found === undefined || isFolder(found.node))
      throw new Error(`the record uses handle ${handle}, which is no file`);
    return found as typeof found & { node: FileNode };
  };

  for (const [file, bytes] of before) {
    const node: Node = bytes === null ? { synced: new Map(), now: new Map() } : { synced: bytes, now: bytes };
    const folder = folderOf(file);
    put(folder.now, path.posix.basename(file), node);
    put(folder.synced, path.posix.basename(file), node);
  }

  const play = (step: Step): void => {
    switch (step.step) {
      case "open":
        open.set(step.handle, { node: openFile(step.file, step.flags), appends: step.flags.startsWith("a"), at: 0 });
        return;
      case "write": {
        const file = fileAt(step.handle);
        const at = step.at ?? (file.appends ? file.node.now.length : file.at);
        const bytes = Buffer.from(step.bytes, "base64");
        file.node.now = overwrite(file.node.now, at, bytes);
        file.at = at + bytes.length;
        return;
      }
      case "truncate": {
        const { node } = fileAt(step.handle);
        node.now = overwrite(node.now.subarray(0, step.length), step.length, Buffer.alloc(0));
        return;
      }
      case "sync":
        sync(open.get(step.handle)?.node ?? root);
        return;
      case "mkdir":
        name(`folder ${step.file}`, step.file, { synced: new Map(), now: new Map() });
        return;
      case "unlink":
        name(`no ${step.file}`, step.file, null);
        return;
      case "link":
        name(`${step.to} = ${step.from}`, step.to, find(step.from) ?? null);
        return;
      case "rename": {
        const node = find(step.from) ?? null;
        const [from, to] = [folderOf(step.from), folderOf(step.to)];
        // Two names of one file are left as they are.
        if (node !== null && node === find(step.to)) return;
        nameAll(`${step.from} -> ${step.to}`, [
          [from, path.posix.basename(step.from), null],
          [to, path.posix.basename(step.to), node],
        ]);
      }
    }
  };

  const choices = (): Choices => {
    const namings = [...pending];
    const files = unsynced(root, namings);
    return {
      namings: namings.map(({ what }) => what),
      files: files.length,
      tree: (keeps, content) => {
        const entries = new Map<FolderNode, Map<string, Node>>();
        const entriesOf = (folder: FolderNode): Map<string, Node> => {
          const known = entries.get(folder) ?? new Map(folder.synced);
          entries.set(folder, known);
          return known;
        };
        for (const [at, naming] of namings.entries()) if (keeps(at)) apply(naming, entriesOf);
        const chosen = new Map(files.map((file, at) => [file, contentOf(file, content(at))]));
        return flatten(root, entriesOf, (file) => chosen.get(file) ?? file.now);
      },
    };
  };
  return {
    play,
    choices,
    seen: () =>
      flatten(
        root,
        ({ now }) => now,
        ({ now }) => now,
      ),
  };
}

/** Makes the part of a change of names that lies in a folder certain, and returns the rest. */
function settle({ what, effects }: Naming, folder: FolderNode): Naming[] {
  const [here, rest] = [true, false].map((is) => effects.filter(([one]) => (one === folder) === is)) as [
    Effect[],
    Effect[],
  ];
  for (const [, name, node] of here) put(folder.synced, name, node);
  return rest.length === 0 ? [] : [{ what: here.length === 0 ? what : `the rest of ${what}`, effects: rest }];
}

function isFolder(node: Node | undefined): node is FolderNode {
  return node !== undefined && node.now instanceof Map;
}

function put(entries: Map<string, Node>, name: string, node: Node | null): void {
  if (node === null) entries.delete(name);
  else entries.set(name, node);
}

function apply({ effects }: Naming, entriesOf: (folder: FolderNode) => Map<string, Node>): void {
  for (const [folder, name, node] of effects) put(entriesOf(folder), name, node);
}

function overwrite(old: Buffer, at: number, bytes: Buffer): Buffer {
  const fresh = Buffer.alloc(Math.max(old.length, at + bytes.length));
  old.copy(fresh);
  bytes.copy(fresh, at);
  return fresh;
}

/** Files with bytes that were written and not synced, wherever a name may lead to them. */
function unsynced(root: FolderNode, namings: readonly Naming[]): FileNode[] {
  const found = new Set<FileNode>();
  const seen = new Set<Node>();
  const visit = (node: Node | null): void => {
    if (node === null || seen.has(node)) return;
    seen.add(node);
    if (!isFolder(node)) {
      if (node.synced === undefined || !node.synced.equals(node.now)) found.add(node);
      return;
    }
    for (const child of [...node.synced.values(), ...node.now.values()]) visit(child);
  };
  visit(root);
  for (const { effects } of namings) for (const [, , node] of effects) visit(node);
  return [...found];
}

function contentOf({ synced, now }: FileNode, content: Content): Buffer {
  if (content === "all") return now;
  if (content === "empty") return Buffer.alloc(0);
  const old = synced ?? Buffer.alloc(0);
  if (content === "old") return old;
  // What was there and is written over or added to: the new part is torn, the old one is whole.
  const isAdded = now.subarray(0, old.length).equals(old);
  const start = isAdded ? old.length : 0;
  if (content === "half") return now.subarray(0, start + Math.floor((now.length - start) / 2));
  return Buffer.concat([now.subarray(0, start), Buffer.alloc(now.length - start)]);
}

function flatten(
  root: FolderNode,
  entriesOf: (folder: FolderNode) => ReadonlyMap<string, Node>,
  bytesOf: (file: FileNode) => Buffer,
): Tree {
  const tree = new Map<string, Buffer | null>();
  const visit = (folder: FolderNode, prefix: string): void => {
    for (const [name, node] of entriesOf(folder)) {
      if (isFolder(node)) {
        tree.set(prefix + name, null);
        visit(node, `${prefix}${name}/`);
      } else tree.set(prefix + name, bytesOf(node));
    }
  };
  visit(root, "");
  return tree;
}
