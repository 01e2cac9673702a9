import { readFileSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Repository } from "../repository/repository.ts";
import {
  assertIndex,
  beforeEntries,
  countEntries,
  EXTENDED,
  INDEX_FIXED,
  type IndexPlace,
  moveToNext,
  STAGE,
} from "./indexEntries.ts";
import { expandVersion4, isVersion4 } from "./indexVersion4.ts";

const ASSUME_UNCHANGED = 0x8000;
const SKIP_WORKTREE = 0x4000;
const FOLDER_MODE = 0o40000;

/** What git's index says of the files below a folder besides their contents; paths are from that folder. */
export interface IndexMarks {
  /** Need not be on the disk, and are not gone where they are not: skip-worktree, assume-unchanged. */
  readonly leftOut: ReadonlySet<string>;
  /** Folders of a sparse index, with a slash at the end, that stand for everything below; "" for the whole. */
  readonly leftOutFolders: readonly string[];
  /** Two sides changed them, and nobody has settled that (stages 1 to 3). */
  readonly unmerged: ReadonlySet<string>;
}

/** An index that says nothing of the kind. */
export const NO_MARKS: IndexMarks = { leftOut: new Set(), leftOutFolders: [], unmerged: new Set() };

/**
 * The marks of a worktree's index below `prefix` ("": all of it). An index that nobody can read has none: what writes
 * refuses it, and doctor names it.
 */
export function readMarks({ gitDir }: Pick<Repository, "gitDir">, prefix: string): IndexMarks {
  const file = path.join(gitDir, "index");
  try {
    const bytes = readFileSync(file);
    assertIndex(bytes, file);
    return marksIn(isVersion4(bytes) ? expandVersion4(bytes) : bytes, prefix === "" ? "" : `${prefix}/`);
  } catch (error) {
    if (error instanceof AyoError || (error as NodeJS.ErrnoException).code !== undefined) return NO_MARKS;
    throw error;
  }
}

/** Whether a file need not be on the disk. */
export function isLeftOutBy({ leftOut, leftOutFolders }: IndexMarks, file: string): boolean {
  return leftOut.has(file) || leftOutFolders.some((folder) => file.startsWith(folder));
}

function marksIn(bytes: Buffer, prefix: string): IndexMarks {
  const marks = { leftOut: new Set<string>(), leftOutFolders: [] as string[], unmerged: new Set<string>() };
  const place = beforeEntries();
  const start = Buffer.from(prefix);
  for (let left = countEntries(bytes); left > 0; left--) {
    moveToNext(bytes, place);
    const isUnmerged = (bytes.readUInt16BE(place.at + 60) & STAGE) !== 0;
    if (!isUnmerged && !isLeftOutAt(bytes, place)) continue;
    const name = bytes.subarray(place.nameStart, place.nameEnd);
    const isFolder = bytes.readUInt32BE(place.at + 24) === FOLDER_MODE;
    if (isFolder && start.subarray(0, name.length).equals(name)) marks.leftOutFolders.push("");
    if (name.length <= start.length || !name.subarray(0, start.length).equals(start)) continue;
    const inside = name.toString("utf8", start.length);
    if (isUnmerged) marks.unmerged.add(inside);
    else if (isFolder) marks.leftOutFolders.push(inside);
    else marks.leftOut.add(inside);
  }
  return marks;
}

function isLeftOutAt(bytes: Buffer, { at }: IndexPlace): boolean {
  const flags = bytes.readUInt16BE(at + 60);
  if ((flags & ASSUME_UNCHANGED) !== 0) return true;
  return (flags & EXTENDED) !== 0 && (bytes.readUInt16BE(at + INDEX_FIXED) & SKIP_WORKTREE) !== 0;
}
