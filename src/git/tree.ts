import { AyoError } from "../error.ts";

/** One line of a tree. */
export interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

/** What to put under a name. */
export interface TreeItem {
  readonly mode: string;
  readonly oid: string;
}

/** The entries of a tree object, in git's order. */
export function parseTree(bytes: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { space, end } = entryAt(bytes, at);
    entries.push({
      mode: bytes.toString("latin1", at, space),
      name: bytes.toString("utf8", space + 1, end),
      oid: bytes.toString("hex", end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

/** The entry of one name, or undefined. */
export function findInTree(bytes: Buffer, name: string): TreeEntry | undefined {
  const wanted = Buffer.from(name);
  for (let at = 0; at < bytes.length; ) {
    const { space, end } = entryAt(bytes, at);
    if (end - space - 1 === wanted.length && bytes.subarray(space + 1, end).equals(wanted)) {
      return { mode: bytes.toString("latin1", at, space), name, oid: bytes.toString("hex", end + 1, end + 21) };
    }
    at = end + 21;
  }
  return undefined;
}

/**
 * A tree with some names changed (null: removed). The bytes between changes are copied, not parsed, so that a
 * folder of 10,000 files costs a scan.
 */
export function spliceTree(bytes: Buffer | undefined, changes: ReadonlyMap<string, TreeItem | null>): Buffer {
  const old = bytes ?? Buffer.alloc(0);
  const wanted = [...changes].map(([name, item]) => ({ name: Buffer.from(name), key: sortKey(name, item), item }));
  wanted.sort((left, right) => Buffer.compare(left.key, right.key));
  // Only where a file takes a folder's name, or the other way round, does an entry leave another place than its own.
  const folders = new Set([...changes].filter(([, item]) => item?.mode === "40000").map(([name]) => name));
  const parts: Buffer[] = [];
  let next = 0;
  let kept = 0;
  for (let at = 0; at < old.length; ) {
    const { space, end } = entryAt(old, at);
    const isTree = old[at] === FOUR;
    for (
      let one = wanted[next];
      one !== undefined && precedes(one.key, old, space + 1, end, isTree);
      one = wanted[++next]
    ) {
      parts.push(old.subarray(kept, at), entryBytes(one));
      kept = at;
    }
    const name = wanted[next]?.name;
    const isNamed = name !== undefined && name.compare(old, space + 1, end) === 0;
    if (isNamed || ((isTree || folders.size > 0) && changes.has(old.toString("utf8", space + 1, end)))) {
      parts.push(old.subarray(kept, at));
      kept = end + 21;
    }
    at = end + 21;
  }
  parts.push(old.subarray(kept));
  for (; next < wanted.length; next++) parts.push(entryBytes(wanted[next] as Wanted));
  return Buffer.concat(parts);
}

interface Wanted {
  readonly name: Buffer;
  readonly key: Buffer;
  readonly item: TreeItem | null;
}

/** "4": a folder's mode is 40000, every other begins with 1. */
const FOUR = 0x34;

function entryAt(bytes: Buffer, at: number): { space: number; end: number } {
  const space = at + (bytes[at] === FOUR ? 5 : 6);
  const end = bytes.indexOf(0, space + 1);
  if (bytes[space] !== 32 || end < 0 || end + 21 > bytes.length)
    throw new AyoError("not_found", "a git tree object is damaged");
  return { space, end };
}

function entryBytes({ name, item }: Wanted): Buffer {
  if (item === null) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from(`${item.mode} `), name, Buffer.from([0]), Buffer.from(item.oid, "hex")]);
}

/** Git orders a folder as if its name ended in a slash. */
function sortKey(name: string, item: TreeItem | null): Buffer {
  return Buffer.from(item?.mode === "40000" ? `${name}/` : name);
}

function precedes(key: Buffer, bytes: Buffer, start: number, end: number, isTree: boolean): boolean {
  if (!isTree) return key.compare(bytes, start, end) < 0;
  return key.compare(Buffer.concat([bytes.subarray(start, end), Buffer.from("/")])) < 0;
}
