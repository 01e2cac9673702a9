import { lstatSync } from "node:fs";
import path from "node:path";
import { removeFile } from "../../../git/disk/removeFile.ts";
import { hashObject } from "../../../git/objects/objects.ts";
import { conflictLine } from "../../../ticket/text/conflictMarkers.ts";
import { archiveFolders } from "../../disk/archive/archiveFolders.ts";
import { isCutOff } from "../../files/cutOff.ts";
import { stageOne } from "../../files/stage.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { mergeLateWrite } from "./lateWrites.ts";
import { forgetLeftAlone, keptAlone } from "./leftAlone.ts";
import { isReadable, mergeForDisk } from "./mergeForDisk.ts";
import { type Placing, putInPlace } from "./putInPlace.ts";

/** What is to stand on the disk, `null` for nothing, where that is not what stands there; and what to tell of it. */
interface Wanted {
  readonly bytes: Buffer | null | "same";
  readonly notice: string;
}

/**
 * Merges what the branch has into files that were left alone because nobody could read them, and that somebody has
 * mended since: what he mended has none of it, and would take it back. Returns what to tell the user.
 */
export async function mergeLeftAlone(placing: Placing): Promise<string[]> {
  const notices: string[] = [];
  const waiting = keptAlone(placing.stateDir);
  if (waiting === undefined) {
    forgetLeftAlone(placing.stateDir, []);
    return ["ayo/left-alone.json could not be read: a file that was left alone may lack what others changed"];
  }
  for (const [file, from] of waiting) {
    const disk = readStoreFile(path.join(placing.dir, file));
    if (disk instanceof Unread) continue;
    const wanted =
      (await mergeAway(placing, file, from, disk?.bytes)) ?? (await wantedOn(placing, file, from, disk?.bytes));
    if (wanted === "later") continue;
    if (wanted !== "done") {
      if (wanted.bytes !== "same" && !(await put(placing, file, disk?.bytes, wanted.bytes))) continue;
      notices.push(`${file} ${wanted.notice}`);
    }
    forgetLeftAlone(placing.stateDir, [file]);
  }
  return notices;
}

async function wantedOn(
  placing: Placing,
  file: string,
  from: string,
  disk: Buffer | undefined,
): Promise<Wanted | "done" | "later"> {
  const head = await placing.inBranch(file);
  const stands = disk === undefined ? null : hashObject("blob", disk);
  if (stands === head || head === from) return "done";
  const base = await placing.base(from);
  const branch = head === null ? null : await placing.base(head);
  // What git has lost is doctor's to tell.
  if (branch === undefined) return "later";
  if (disk === undefined)
    return { bytes: branch, notice: "was deleted by hand, and others have changed it: it is back" };
  if (isCutOff(path.join(placing.dir, file), disk, base) || !(await isMended(file, disk))) return "later";
  if (branch === null)
    return stands === from
      ? { bytes: null, notice: "can be read again: others have deleted it" }
      : { bytes: "same", notice: "was deleted by others, and changed by hand: it is back" };
  const merged = await mergeEdit(placing, file, { disk, base, branch });
  if (merged !== undefined)
    return { bytes: merged, notice: "can be read again: what others changed is merged into it" };
  const theirs = `what others made of it is in git's history ('git show ${head?.slice(0, 8)}' in ${placing.dir})`;
  return { bytes: "same", notice: `can be read again, and stays as it is: ${theirs}` };
}

/**
 * A ticket that the branch has at another place by now, in the archive or back from it: what was mended goes into the
 * file there. Undefined where it has not.
 */
async function mergeAway(
  placing: Placing,
  file: string,
  from: string,
  disk: Buffer | undefined,
): Promise<Wanted | "later" | undefined> {
  const home = disk === undefined ? undefined : await movedTo(placing, file);
  if (disk === undefined || home === undefined) return undefined;
  const base = await placing.base(from);
  const there = readStoreFile(path.join(placing.dir, home));
  if (there === undefined || there instanceof Unread || !(await isMended(home, there.bytes))) return "later";
  if (isCutOff(path.join(placing.dir, file), disk, base) || !(await isMended(file, disk))) return "later";
  const isSame = hashObject("blob", disk) === from;
  const merged = isSame ? there.bytes : await mergeEdit(placing, home, { disk, base, branch: there.bytes });
  if (merged === undefined) return "later";
  if (!merged.equals(there.bytes) && !(await put(placing, home, there.bytes, merged))) return "later";
  return { bytes: null, notice: `can be read again: others have moved it, and what it says is merged into ${home}` };
}

async function movedTo(placing: Placing, file: string): Promise<string | undefined> {
  if (!file.endsWith(".md") || (await placing.inBranch(file)) !== null) return undefined;
  const name = path.posix.basename(file);
  const months = [...archiveFolders(placing.dir).months.keys()].map((month) => `archive/${month}/${name}`);
  for (const home of [name, ...months]) if (home !== file && (await placing.inBranch(home)) !== null) return home;
  return undefined;
}

async function isMended(file: string, disk: Buffer): Promise<boolean> {
  const isOpen = file.endsWith(".md") && conflictLine(disk.toString("latin1")) !== undefined;
  return !isOpen && (await isReadable(file, disk));
}

interface Versions {
  readonly disk: Buffer;
  readonly base: Buffer | undefined;
  readonly branch: Buffer;
}

/** A ticket by field, as all that comes from elsewhere; another file by line. Undefined where neither can be. */
async function mergeEdit(
  placing: Placing,
  file: string,
  { disk, base, branch }: Versions,
): Promise<Buffer | undefined> {
  const { mergeHandEdit } = await import("./mergeHandEdit.ts");
  const byField = await mergeHandEdit(placing, file, { disk, base, branch });
  if (byField !== undefined) return byField;
  return base === undefined ? undefined : (await mergeForDisk(file, branch, base, disk))?.bytes;
}

/** Returns whether it stands there now; else somebody was quicker, and the next command looks again. */
async function put(placing: Placing, file: string, disk: Buffer | undefined, bytes: Buffer | null): Promise<boolean> {
  const temporary = bytes === null ? undefined : stage(placing, file, bytes);
  const done = putInPlace(placing, { file, temporary, disk });
  if (typeof done === "string") {
    if (temporary !== undefined) removeFile(temporary);
    return false;
  }
  if (done.replaced !== undefined) await mergeLateWrite(placing, done.replaced);
  return true;
}

function stage(placing: Placing, file: string, bytes: Buffer): string {
  const mode = lstatSync(path.join(placing.dir, file), { throwIfNoEntry: false })?.mode;
  const place = { dir: placing.dir, tmpDir: path.join(placing.stateDir, "tmp"), pid: placing.host.pid };
  return stageOne(place, { file, bytes, mode: mode === undefined ? undefined : mode & 0o777 }, true);
}
