import { AyoError } from "../../error.ts";

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
    const end = endOfName(bytes, at);
    entries.push(entryOf(bytes, at, end));
    at = end + 21;
  }
  return entries;
}

/** The entry of one name, or undefined. */
export function findInTree(bytes: Buffer, name: string): TreeEntry | undefined {
  const wanted = Buffer.from(name);
  for (let at = 0; at < bytes.length; ) {
    const end = endOfName(bytes, at);
    const start = startOfName(bytes, at);
    if (end - start === wanted.length && orderOf(wanted, bytes, start, end, false) === 0)
      return entryOf(bytes, at, end);
    at = end + 21;
  }
  return undefined;
}

/**
 * The entries in which two trees differ, of each. What is equal before and after them is skipped byte by byte, so
 * that one change in a folder of 10,000 files costs a scan.
 */
export function differingEntries(before: Buffer, after: Buffer): readonly [TreeEntry[], TreeEntry[]] {
  const first = firstDifference(before, after);
  let at = 0;
  for (;;) {
    if (at >= before.length) break;
    const end = endOfName(before, at) + 21;
    if (end > first) break;
    at = end;
  }
  const tail = commonTail(before, after, Math.min(before.length, after.length) - at);
  const sides = [before, after].map((bytes) => ({ bytes, at, entries: [] as TreeEntry[] })) as [Side, Side];
  for (;;) {
    const rest = sides.map((side) => side.bytes.length - side.at) as [number, number];
    if (rest[0] === rest[1] && rest[0] <= tail) break;
    takeEntry(sides[rest[0] >= rest[1] ? 0 : 1]);
  }
  return [sides[0].entries, sides[1].entries];
}

interface Side {
  readonly bytes: Buffer;
  readonly entries: TreeEntry[];
  at: number;
}

function takeEntry(side: Side): void {
  const end = endOfName(side.bytes, side.at);
  side.entries.push(entryOf(side.bytes, side.at, end));
  side.at = end + 21;
}

/** The offset of the first byte that differs, or the shorter one's length. */
function firstDifference(left: Buffer, right: Buffer): number {
  let low = 0;
  let high = Math.min(left.length, right.length);
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (left.compare(right, low, middle, low, middle) === 0) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many bytes at the end are equal, at most `limit`. */
function commonTail(left: Buffer, right: Buffer, limit: number): number {
  let low = 0;
  let high = limit;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    const [l, r] = [left.length - middle, right.length - middle];
    if (left.compare(right, r, right.length - low, l, left.length - low) === 0) low = middle;
    else high = middle - 1;
  }
  return low;
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
  const hasFolders = wanted.some(({ item }) => item !== null && isFolder(item.mode));
  const parts: Buffer[] = [];
  let next = 0;
  let kept = 0;
  for (let at = 0; at < old.length; ) {
    const start = startOfName(old, at);
    const end = endOfName(old, at);
    const isTree = isTreeAt(old, at);
    let order = next < wanted.length ? orderOf((wanted[next] as Wanted).key, old, start, end, isTree) : 1;
    while (order < 0) {
      parts.push(old.subarray(kept, at), entryBytes(wanted[next++] as Wanted));
      kept = at;
      order = next < wanted.length ? orderOf((wanted[next] as Wanted).key, old, start, end, isTree) : 1;
    }
    if (order === 0 || ((isTree || hasFolders) && changes.has(old.toString("utf8", start, end)))) {
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

const SLASH = 0x2f;

/** A folder's mode is 40000, which old tools padded with a zero; every other begins with 1. */
function isTreeAt(bytes: Buffer, at: number): boolean {
  return bytes[at] !== 0x31;
}

function isFolder(mode: string): boolean {
  return mode === "40000";
}

function startOfName(bytes: Buffer, at: number): number {
  const start = at + (bytes[at] === 0x34 ? 6 : 7);
  if (bytes[start - 1] !== 0x20) throw damaged();
  return start;
}

function endOfName(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(0, at + 6);
  if (end < 0 || end + 21 > bytes.length) throw damaged();
  return end;
}

function entryOf(bytes: Buffer, at: number, end: number): TreeEntry {
  const start = startOfName(bytes, at);
  return {
    mode: bytes.toString("latin1", at, start - 1).replace(/^0/, ""),
    name: bytes.toString("utf8", start, end),
    oid: bytes.toString("hex", end + 1, end + 21),
  };
}

function damaged(): AyoError {
  return new AyoError("not_found", "a git tree object is damaged", { try: ["ayo", "doctor"] });
}

function entryBytes({ name, item }: Wanted): Buffer {
  if (item === null) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from(`${item.mode} `), name, Buffer.from([0]), Buffer.from(item.oid, "hex")]);
}

/** Git orders a folder as if its name ended in a slash. */
function sortKey(name: string, item: TreeItem | null): Buffer {
  return Buffer.from(item !== null && isFolder(item.mode) ? `${name}/` : name);
}

/** How `key` compares with a name in `bytes`; by hand, since a native call per entry takes ten times as long. */
function orderOf(key: Buffer, bytes: Buffer, start: number, end: number, isTree: boolean): number {
  const length = end - start;
  const shared = Math.min(key.length, length);
  for (let at = 0; at < shared; at++) {
    const difference = (key[at] as number) - (bytes[start + at] as number);
    if (difference !== 0) return difference;
  }
  if (!isTree || key.length < length) return key.length - length;
  return key.length === length ? -1 : (key[length] as number) - SLASH || key.length - length - 1;
}
