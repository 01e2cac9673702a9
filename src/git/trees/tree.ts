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
    // Names are in order, but for what follows their first difference: a folder's ends in a slash.
    if ((bytes[start] as number) > (wanted[0] as number)) return undefined;
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

/** What to put under a name; a mode can be made of the one that the name had. */
export interface SplicedItem {
  readonly mode: string | ((had: string | undefined) => string);
  readonly oid: string;
}

/**
 * A tree with some names changed (null: removed). The bytes between changes are copied, not parsed, so that a
 * folder of 10,000 files costs a scan.
 */
export function spliceTree(bytes: Buffer | undefined, changes: ReadonlyMap<string, SplicedItem | null>): Buffer {
  const old = bytes ?? Buffer.alloc(0);
  const starts = entryStarts(old);
  const edits = [...changes].flatMap(([name, item]) => editsOf(old, starts, name, item));
  edits.sort((left, right) => left.entry - right.entry || Buffer.compare(left.key, right.key));
  const parts: Buffer[] = [];
  let kept = 0;
  for (const { entry, bytes: added, drops } of edits) {
    const at = starts[entry] as number;
    if (at > kept) parts.push(old.subarray(kept, at));
    parts.push(added);
    kept = Math.max(kept, drops ? (starts[entry + 1] as number) : at);
  }
  parts.push(old.subarray(kept));
  return Buffer.concat(parts);
}

/** What is done at one place of a tree: bytes are put before an entry, which may go. */
interface Edit {
  readonly entry: number;
  readonly key: Buffer;
  readonly bytes: Buffer;
  readonly drops: boolean;
}

/** A name's new entry and its old one, which has another place where a file takes a folder's name or the other way round. */
function editsOf(old: Buffer, starts: Int32Array, name: string, item: SplicedItem | null): Edit[] {
  const places = [name, `${name}/`].map((text) => {
    const key = Buffer.from(text);
    return { key, ...placeOf(old, starts, key) };
  }) as [Place, Place];
  const had = places.find(({ isThere }) => isThere);
  const mode =
    typeof item?.mode === "function" ? item.mode(had && modeAt(old, starts[had.entry] as number)) : item?.mode;
  const own = mode !== undefined && isFolder(mode) ? places[1] : places[0];
  return places.flatMap((place) => {
    const { entry, key, isThere: drops } = place;
    const bytes = item === null || place !== own ? Buffer.alloc(0) : entryBytes(name, mode as string, item.oid);
    return drops || bytes.length > 0 ? [{ entry, key, bytes, drops }] : [];
  });
}

interface Place {
  readonly key: Buffer;
  /** The first entry that is not before the key. */
  readonly entry: number;
  /** Whether it is the key's. */
  readonly isThere: boolean;
}

function placeOf(bytes: Buffer, starts: Int32Array, key: Buffer): Omit<Place, "key"> {
  const orderAt = (entry: number): number => {
    const at = starts[entry] as number;
    const end = (starts[entry + 1] as number) - 21;
    return orderOf(key, bytes, startOfName(bytes, at), end, isTreeAt(bytes, at));
  };
  const count = starts.length - 1;
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (orderAt(middle) > 0) low = middle + 1;
    else high = middle;
  }
  return { entry: low, isThere: low < count && orderAt(low) === 0 };
}

/** Where the entries begin, and behind them the end. By hand, since a native call per entry takes ten times as long. */
function entryStarts(bytes: Buffer): Int32Array {
  const starts = new Int32Array(Math.floor(bytes.length / MIN_ENTRY) + 1);
  const { length } = bytes;
  let count = 0;
  for (let at = 0; at < length; ) {
    starts[count++] = at;
    if (bytes[at + (bytes[at] === 0x34 ? 5 : 6)] !== 0x20) throw damaged();
    at += MIN_ENTRY - 21;
    while (at < length && bytes[at] !== 0) at++;
    at += 21;
    if (at > length) throw damaged();
  }
  starts[count] = length;
  return starts.subarray(0, count + 1);
}

/** `40000`, a space, one letter, a zero and the id. */
const MIN_ENTRY = 28;
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
  let end = at + MIN_ENTRY - 21;
  while (end < bytes.length && bytes[end] !== 0) end++;
  if (end + 21 > bytes.length) throw damaged();
  return end;
}

function entryOf(bytes: Buffer, at: number, end: number): TreeEntry {
  const start = startOfName(bytes, at);
  return {
    mode: modeAt(bytes, at),
    name: bytes.toString("utf8", start, end),
    oid: bytes.toString("hex", end + 1, end + 21),
  };
}

function modeAt(bytes: Buffer, at: number): string {
  return bytes.toString("latin1", at, startOfName(bytes, at) - 1).replace(/^0/, "");
}

function damaged(): AyoError {
  return new AyoError("not_found", "a git tree object is damaged", { try: ["ayo", "doctor"] });
}

function entryBytes(name: string, mode: string, oid: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")]);
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
