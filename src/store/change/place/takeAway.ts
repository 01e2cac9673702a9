import { existsSync, linkSync, lstatSync, renameSync, rmdirSync } from "node:fs";
import path from "node:path";
import { removeFile } from "../../../git/disk/removeFile.ts";
import { hashObject } from "../../../git/objects/objects.ts";
import type { Placing, Put, PutResult } from "./putInPlace.ts";
import { forgetReplaced, keepReplaced, type Replaced, writtenSince } from "./replaced.ts";

/**
 * Deletes a file by giving it another name, so that it is known what was deleted. What stood there while the change was
 * ours is rightly gone, also where others have finished the change since; what they have put there goes back.
 */
export function takeAway(placing: Placing, { file, disk, isMoved = false }: Put): PutResult {
  const target = path.join(placing.dir, file);
  if (disk === undefined) return { replaced: undefined };
  const standing = standingAt(target);
  if (!placing.isOurs()) return "others";
  const replaced = keep(placing, file, disk, true);
  if (replaced === "gone") return { replaced: undefined };
  if (replaced === undefined) removeFile(target);
  else {
    const taken = standingAt(replaced.name);
    // Whoever merges what is still written to it was quicker, and keeps it by a name of his.
    if (taken === undefined) return { replaced: undefined };
    const isOthers = taken !== standing && !placing.isOurs();
    if (isOthers || (!isMoved && writtenSince(replaced) !== undefined)) {
      putBack(replaced, target);
      return placing.isOurs() ? "moved" : "others";
    }
  }
  removeEmptyMonth(target);
  return { replaced };
}

/** Tells a file that stands at a place from every other that may stand there later. */
function standingAt(target: string): string | undefined {
  const stat = lstatSync(target, { throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
}

/** Gives a file its name back. Where there is another by now, what was written to this one is merged into it later. */
function putBack(replaced: Replaced, target: string): void {
  try {
    linkSync(replaced.name, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" || existsSync(target)) return;
    renameSync(replaced.name, target);
  }
  forgetReplaced(replaced);
}

/** Gives a file that is about to lose its place a second name, or that one instead. */
export function keep(placing: Placing, file: string, merged: Buffer, isTaken = false): Replaced | "gone" | undefined {
  const isCommitted = placing.isCommitted(hashObject("blob", merged));
  const target = path.join(placing.dir, file);
  return keepReplaced(placing.stateDir, { file, target, merged, isCommitted, isTaken }, placing.host);
}

function removeEmptyMonth(target: string): void {
  const folder = path.dirname(target);
  if (path.basename(path.dirname(folder)) !== "archive") return;
  try {
    rmdirSync(folder);
  } catch {
    // Not empty.
  }
}
