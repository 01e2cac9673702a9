import { AyoError } from "../../error.ts";
import { unsupported } from "../repository/repository.ts";

/** Where an entry of the index and its name lie. One object moves over all of them: there may be ten thousand. */
export interface IndexPlace {
  at: number;
  nameStart: number;
  nameEnd: number;
  size: number;
  /** Whether an entry so far had no name: only a split index has such. */
  isNameless: boolean;
}

/** An extension of the index: its four letters, and where its content lies. */
export interface IndexExtension {
  readonly signature: string;
  readonly start: number;
  readonly end: number;
}

/** The bytes before the first entry. */
export const INDEX_HEADER = 12;
/** The bytes of an entry before its name. */
export const INDEX_FIXED = 62;
/** The bytes at the end. */
export const CHECKSUM = 20;
/** Where in an entry lie the second of its file's last change and its size. */
const MTIME = 8;
const SIZE = 36;
/** The flag of an entry that has two bytes of flags more. */
export const EXTENDED = 0x4000;
/** The bits of an entry that say which side of a conflict it is. */
export const STAGE = 0x3000;

/**
 * Refuses an index that cannot be spliced.
 * @throws git_unsupported for damage, and for versions that git itself does not know
 */
export function assertIndex(bytes: Buffer, file: string): void {
  if (bytes.length < INDEX_HEADER + CHECKSUM || bytes.toString("latin1", 0, 4) !== "DIRC") throw damagedIndex(file);
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) throw unsupported(file, `index version ${version}`);
}

/** How many entries the index has. */
export function countEntries(bytes: Buffer): number {
  return bytes.readUInt32BE(8);
}

/** Before the first entry of an index. */
export function beforeEntries(): IndexPlace {
  return { at: INDEX_HEADER, nameStart: 0, nameEnd: 0, size: 0, isNameless: false };
}

/** Moves on to the next entry. @throws git_unsupported where there is none: the index is damaged */
export function moveToNext(bytes: Buffer, place: IndexPlace): void {
  const at = place.at + place.size;
  const flags = ((bytes[at + 60] ?? 0) << 8) | (bytes[at + 61] ?? 0);
  const length = flags & 0xfff;
  place.at = at;
  place.nameStart = at + INDEX_FIXED + ((flags & EXTENDED) === 0 ? 0 : 2);
  place.nameEnd = length < 0xfff ? place.nameStart + length : bytes.indexOf(0, place.nameStart);
  place.size = (place.nameEnd - at + 8) & ~7;
  place.isNameless ||= length === 0;
  if (place.nameEnd < place.nameStart || at + place.size > bytes.length - CHECKSUM) throw damagedIndex("the git index");
}

/** Where the entries of an index begin, and behind them where the last one ends. */
export interface EntryStarts {
  readonly starts: Int32Array;
  /** Whether an entry has no name: only a split index has such. */
  readonly isNameless: boolean;
}

/**
 * Finds all entries, and takes the size from those whose file was written in the second `written` or later. A change of
 * one of ten thousand passes them all: for one that stays nothing is made, called or compared.
 * @throws git_unsupported for a damaged index
 */
export function findEntries(bytes: Buffer, written: number): EntryStarts {
  const count = countEntries(bytes);
  const end = bytes.length - CHECKSUM;
  const starts = new Int32Array(Math.min(count, end) + 1);
  // Half of the number tells of most that they are older.
  const writtenHigh = Math.floor(written / 0x10000);
  let isNameless = false;
  let at = INDEX_HEADER;
  for (let entry = 0; entry < count; entry++) {
    starts[entry] = at;
    const flags = bytes[at + 60] as number;
    const length = ((flags & 0x0f) << 8) | (bytes[at + 61] as number);
    const nameAt = at + INDEX_FIXED + (flags & 0x40 ? 2 : 0);
    const nameEnd = length < 0xfff ? nameAt + length : bytes.indexOf(0, nameAt);
    const next = at + ((nameEnd - at + 8) & ~7);
    if (!(next > at && next <= end)) throw damagedIndex("the git index");
    isNameless ||= length === 0;
    const high = ((bytes[at + MTIME] as number) << 8) | (bytes[at + MTIME + 1] as number);
    if (high >= writtenHigh && bytes.readUInt32BE(at + MTIME) >= written) bytes.writeUInt32BE(0, at + SIZE);
    at = next;
  }
  starts[count] = at;
  return { starts, isNameless };
}

/**
 * Refuses to put anything in the place of an entry that two sides changed: only a person says how that ends.
 * @throws bad_ticket
 */
export function assertMerged(bytes: Buffer, { at, nameStart, nameEnd }: IndexPlace): void {
  if ((bytes.readUInt16BE(at + 60) & STAGE) === 0) return;
  const path = bytes.toString("utf8", nameStart, nameEnd);
  throw new AyoError("bad_ticket", `${path} is unmerged in git: settle it, then 'git add ${path}'`, { data: { path } });
}

/**
 * The extensions that follow the last entry, which ends at `from`.
 * @throws git_unsupported for a split or sparse index, which leave out entries: a tree made from one is corrupt
 */
export function extensionsAfter(bytes: Buffer, from: number, isNameless: boolean): IndexExtension[] {
  const found: IndexExtension[] = [];
  for (let at = from; at + 8 <= bytes.length - CHECKSUM; ) {
    const signature = bytes.toString("latin1", at, at + 4);
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    if (end > bytes.length - CHECKSUM) throw damagedIndex("the git index");
    if (signature === "link")
      throw unsupported("the git index", "a split index", ["git", "update-index", "--no-split-index"]);
    if (signature === "sdir")
      throw unsupported("the git index", "a sparse index", ["git", "sparse-checkout", "init", "--no-sparse-index"]);
    found.push({ signature, start: at + 8, end });
    at = end;
  }
  if (isNameless) throw damagedIndex("the git index");
  return found;
}

/** The error for an index that git cannot read either. */
export function damagedIndex(file: string): AyoError {
  return new AyoError("git_unsupported", `${file} is damaged; nothing was changed`, {
    try: ["ayo", "doctor"],
    data: { file },
  });
}
