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
  const wanted = [...changes].map(([name, item]) => ({ name: Buffer.from(name), item })).sort(byName);
  const names = new Set(changes.keys());
  const parts: Buffer[] = [];
  let next = 0;
  let kept = 0;
  for (let at = 0; at < old.length; ) {
    const { space, end } = entryAt(old, at);
    const isTree = old[at] === 0x34; // "40000"; files begin with 1
    while (next < wanted.length && precedes(wanted[next] as Wanted, old, space + 1, end, isTree)) {
      parts.push(old.subarray(kept, at), entryBytes(wanted[next] as Wanted));
      kept = at;
      next++;
    }
    if (isChanged(names, old, space + 1, end)) {
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
  readonly item: TreeItem | null;
}

function isChanged(names: ReadonlySet<string>, bytes: Buffer, start: number, end: number): boolean {
  return names.has(bytes.toString("utf8", start, end));
}

function entryAt(bytes: Buffer, at: number): { space: number; end: number } {
  const space = bytes.indexOf(32, at);
  const end = bytes.indexOf(0, space + 1);
  if (space < 0 || end < 0 || end + 21 > bytes.length) throw new AyoError("not_found", "a git tree object is damaged");
  return { space, end };
}

function entryBytes({ name, item }: Wanted): Buffer {
  if (item === null) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from(`${item.mode} `), name, Buffer.from([0]), Buffer.from(item.oid, "hex")]);
}

/** Git orders a folder as if its name ended in a slash. */
function sortKey({ name, item }: Wanted): Buffer {
  return item?.mode === "40000" ? Buffer.concat([name, Buffer.from("/")]) : name;
}

function byName(left: Wanted, right: Wanted): number {
  return Buffer.compare(sortKey(left), sortKey(right));
}

function precedes(wanted: Wanted, bytes: Buffer, start: number, end: number, isTree: boolean): boolean {
  const key = sortKey(wanted);
  const length = end - start;
  const shared = Math.min(key.length, length);
  const order = key.compare(bytes, start, start + shared, 0, shared);
  if (order !== 0) return order < 0;
  if (key.length <= length) return key.length < length || isTree;
  return isTree && (key[length] as number) < 0x2f;
}
