import { INDEX_FIXED, INDEX_HEADER } from "./indexEntries.ts";

/** What git compares of a file to see that nobody wrote to it. */
export interface FileStat {
  /** In ASCII. */
  readonly name: string;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly size: number;
  readonly ino: number;
  /** Said otherwise than it is: git tells of such a file in any case. */
  readonly isDoubtful: boolean;
}

const REGULAR = 0o100644;
/** No content has this blob id, so git never finds that a file whose stamps differ says the same. */
const NOTHING = Buffer.alloc(20, 1);
/** The longest length that an entry's flags say. */
const LONG = 0xfff;
const CHECKSUM = 20;

/**
 * An index for git that says when files were written, and nothing of what is in them; in the order of their names.
 * Its checksum is left out: git reads none.
 */
export function statIndex(
  files: readonly FileStat[],
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Buffer {
  const sizes = files.map(({ name }) => (INDEX_FIXED + name.length + 8) & ~7);
  const bytes = Buffer.alloc(sizes.reduce((sum, size) => sum + size, INDEX_HEADER + CHECKSUM));
  bytes.write("DIRC", 0, "latin1");
  bytes.writeUInt32BE(2, 4);
  bytes.writeUInt32BE(files.length, 8);
  let at = INDEX_HEADER;
  for (const [row, { name, mtimeMs, ctimeMs, size, ino, isDoubtful }] of files.entries()) {
    bytes.writeUInt32BE(Math.floor(ctimeMs / 1000) >>> 0, at);
    bytes.writeUInt32BE(Math.floor(mtimeMs / 1000) >>> 0, at + 8);
    bytes.writeUInt32BE(ino >>> 0, at + 20);
    bytes.writeUInt32BE(REGULAR, at + 24);
    bytes.writeUInt32BE(uid, at + 28);
    bytes.writeUInt32BE(gid, at + 32);
    bytes.writeUInt32BE((isDoubtful ? size + 1 : size) >>> 0, at + 36);
    NOTHING.copy(bytes, at + 40);
    bytes.writeUInt16BE(Math.min(name.length, LONG), at + 60);
    bytes.write(name, at + INDEX_FIXED, "latin1");
    at += sizes[row] as number;
  }
  return bytes;
}
