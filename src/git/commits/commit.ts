import { AyoError } from "../../error.ts";
import { type ObjectType, readObject, writeObject } from "../objects/objects.ts";
import { formatPerson, parsePerson } from "../repository/person.ts";
import type { Repository } from "../repository/repository.ts";
import { findInTree, type SplicedItem, spliceTree } from "../trees/tree.ts";

/** Who, and when in seconds since 1970 with an offset like `+0000`. */
export interface CommitPerson {
  readonly name: string;
  readonly email: string;
  readonly time: number;
  readonly timezone: string;
}

/** A commit's parts. */
export interface CommitParts {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: CommitPerson;
  readonly committer: CommitPerson;
  readonly message: string;
}

/** What a path becomes: new bytes, or an object that exists; without `mode` a file that is there keeps its own. */
export type TreeChange = ({ readonly bytes: Buffer } | { readonly oid: string }) & { readonly mode?: FileMode };

/** A plain file's mode as git writes it. */
export type FileMode = "100644" | "100755";

/** The bytes of a commit object. */
export function formatCommit({ tree, parents, author, committer, message }: CommitParts): Buffer {
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${formatPerson(author)}`,
    `committer ${formatPerson(committer)}`,
  ];
  return Buffer.from(`${lines.join("\n")}\n\n${message.replaceAll("\0", "")}`);
}

/** The parts of a commit object. */
export function parseCommit(bytes: Buffer): CommitParts {
  const text = bytes.toString("utf8");
  const end = text.indexOf("\n\n");
  const lines = (end < 0 ? text : text.slice(0, end)).split("\n");
  const all = (key: string): string[] =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    tree: all("tree")[0] ?? "",
    parents: all("parent"),
    author: parsePerson(all("author")[0] ?? ""),
    committer: parsePerson(all("committer")[0] ?? ""),
    message: end < 0 ? "" : text.slice(end + 2),
  };
}

/** A commit that was built, not yet on any branch. */
export interface BuiltCommit {
  readonly oid: string;
  readonly tree: string;
  /** Path to blob id, null for a removed one. */
  readonly blobs: ReadonlyMap<string, string | null>;
  /** Those of the changed paths that are executable. */
  readonly executables: ReadonlySet<string>;
}

/** Where a commit's objects are read from and go to; by default the repository, one by one. */
export interface ObjectPlace {
  /** Stores an object and returns its id. */
  readonly write: (type: ObjectType, bytes: Buffer) => string;
  /** An object that `write` got and the repository may not have yet. */
  readonly unwritten?: (oid: string) => Buffer | undefined;
}

/**
 * Builds a commit on `base` (undefined: a first one) in which exactly `changes` differ; null removes a path, and a
 * folder that becomes empty goes with it.
 * @throws bad_input for a path that git would refuse; not_found when an object of `base` is missing; disk_full,
 * store_not_writable
 */
export async function buildCommit(
  repository: Repository,
  base: string | undefined,
  changes: ReadonlyMap<string, TreeChange | null>,
  meta: Pick<CommitParts, "author" | "committer" | "message"> & Partial<Pick<CommitParts, "parents">>,
  { write, unwritten = () => undefined }: ObjectPlace = {
    write: (type, bytes) => writeObject(repository, type, bytes),
  },
): Promise<BuiltCommit> {
  const read = async (oid: string): Promise<Buffer> => unwritten(oid) ?? (await readObject(repository, oid)).bytes;
  for (const path of changes.keys()) assertPath(path);
  const blobs = new Map<string, string | null>();
  for (const [path, change] of changes) blobs.set(path, change === null ? null : blobOf(change, write));
  const old = base === undefined ? undefined : parseCommit(await read(base)).tree;
  const executables = new Set<string>();
  const setMode = (path: string, is: string): string => {
    const mode = changes.get(path)?.mode ?? is;
    if (mode === "100755") executables.add(path);
    return mode;
  };
  const tree = (await buildTree({ read, setMode, write }, old, blobs)) ?? write("tree", Buffer.alloc(0));
  const parents = base === undefined ? [] : [base];
  // A merge says its parents itself.
  return { oid: write("commit", formatCommit({ tree, parents, ...meta })), tree, blobs, executables };
}

function assertPath(path: string): void {
  const isBad = (name: string): boolean => /^(?:\.{0,2}|\.git)$/i.test(name) || name.includes("\0");
  if (path.split("/").some(isBad)) throw new AyoError("bad_input", `'${path}' is no path that git can hold`);
}

function blobOf(change: TreeChange, write: ObjectPlace["write"]): string {
  return "oid" in change ? change.oid : write("blob", change.bytes);
}

interface Build {
  readonly read: (oid: string) => Promise<Buffer>;
  /** The mode that a changed path gets, which had or would have `is`. */
  readonly setMode: (path: string, is: string) => string;
  readonly write: ObjectPlace["write"];
}

/** The id of a tree with blobs changed at paths below it; undefined when nothing is left in it. `above`: its own path. */
async function buildTree(
  build: Build,
  oid: string | undefined,
  blobs: ReadonlyMap<string, string | null>,
  above = "",
): Promise<string | undefined> {
  const old = oid === undefined ? undefined : await build.read(oid);
  const { files, folders } = splitByFolder(blobs);
  const items = new Map<string, SplicedItem | null>();
  for (const [name, blob] of files) {
    const mode = (had: string | undefined): string => build.setMode(above + name, had === "100755" ? had : "100644");
    items.set(name, blob === null ? null : { mode, oid: blob });
  }
  for (const [name, inside] of folders) {
    const entry = old === undefined ? undefined : findInTree(old, name);
    const below = entry?.mode === "40000" ? entry.oid : undefined;
    const built = await buildTree(build, below, inside, `${above}${name}/`);
    if (built !== undefined) items.set(name, { mode: "40000", oid: built });
    else if (below !== undefined && !files.has(name)) items.set(name, null);
  }
  const bytes = spliceTree(old, items);
  return bytes.length === 0 ? undefined : build.write("tree", bytes);
}

type Blobs = Map<string, string | null>;

/** The paths of this folder, and those of each folder in it. @throws bad_input for a file that is a folder too */
function splitByFolder(blobs: ReadonlyMap<string, string | null>): { files: Blobs; folders: Map<string, Blobs> } {
  const files: Blobs = new Map();
  const folders = new Map<string, Blobs>();
  for (const [path, blob] of blobs) {
    const slash = path.indexOf("/");
    if (slash < 0) files.set(path, blob);
    else {
      const folder: Blobs = folders.get(path.slice(0, slash)) ?? new Map();
      folders.set(path.slice(0, slash), folder.set(path.slice(slash + 1), blob));
    }
  }
  for (const [name, inside] of folders) {
    if (typeof files.get(name) === "string" && [...inside.values()].some((blob) => blob !== null))
      throw new AyoError("bad_input", `'${name}' cannot be a file and a folder at once`);
  }
  return { files, folders };
}
