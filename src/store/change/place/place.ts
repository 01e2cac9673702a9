import { statSync } from "node:fs";
import path from "node:path";
import { hashObject } from "../../../git/objects/objects.ts";
import { isCutOff, SAVING_MS } from "../../files/cutOff.ts";
import { mergeLines, type Onto } from "../../files/mergeLines.ts";
import { type Staged, stageOne, unstage } from "../../files/stage.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { mergeLateWrite } from "./lateWrites.ts";
import { isReadable, mergeForDisk } from "./mergeForDisk.ts";
import { type Placing, type PutResult, putInPlace } from "./putInPlace.ts";

/**
 * How a file was put in place. `gaveWay`: somebody changed the same lines meanwhile, and his stay; `disk`: what stands
 * there stays whole and is a hand edit; `others`: whoever took the change over put it in place.
 */
export type Placed = "placed" | "gaveWay" | "disk" | "others";

/** After so many looks at a file that is saved all the time it is replaced, and what was saved is merged afterwards. */
const MAX_ROUNDS = 10;
const STEP_MS = 5;
/** After a file was replaced it is looked at so often, a millisecond apart, whether the last save is whole. */
const LAST_LOOKS = 10;

/**
 * Puts one file in place if the disk still has `before` there. A file that somebody changed meanwhile is merged by
 * line; where that cannot be, the disk's stays (it becomes a hand edit of its own). What was replaced keeps a name, and
 * what was written to it in the last moment is merged too. `movesTo`: the file gets another place, and takes along what
 * was changed meanwhile.
 */
export async function placeFile(
  placing: Placing,
  staged: Staged,
  before: string | null,
  movesTo?: string,
): Promise<Placed> {
  let current: Staged = staged;
  for (let round = 1; ; round++) {
    const disk = await readWhole(placing, staged, before);
    const wanted = await wantedOn(placing, staged, { before, disk, movesTo });
    if (typeof wanted === "string") {
      unstage([current]);
      return wanted;
    }
    current = stagedAs(placing, current, wanted.bytes);
    const { temporary } = current;
    const force = round >= MAX_ROUNDS;
    const put = putInPlace(placing, { ...wanted, file: staged.file, temporary, force });
    if (put === "moved" && !force) continue;
    // Whoever swept what we staged did not finish for us, or the next look would say so: again, from memory.
    if (put === "vanished") continue;
    unstage([current]);
    if (typeof put === "string") return put === "others" ? "others" : "disk";
    await absorbLast(placing, put);
    return wanted.gaveWay ? "gaveWay" : "placed";
  }
}

/** Whoever was just saving has done so in a moment; the next command hears of him who takes longer. */
async function absorbLast(placing: Placing, { replaced }: Exclude<PutResult, string>): Promise<void> {
  for (let look = 0; replaced !== undefined && look < LAST_LOOKS; look++) {
    if ((await mergeLateWrite(placing, replaced)) !== "later") return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The staged file with other bytes, if it has not got these; one that is not as it was made is made anew. */
function stagedAs({ dir, stateDir, host }: Placing, staged: Staged, bytes: Buffer | undefined): Staged {
  if (bytes === undefined || (bytes === staged.bytes && isWhole(staged.temporary, bytes))) return staged;
  unstage([staged]);
  const place = { dir, tmpDir: path.join(stateDir, "tmp"), pid: host.pid };
  const { file, mode } = staged;
  return { file, mode, bytes, temporary: stageOne(place, { file, mode, bytes }, true) };
}

/** What was appended to a staged file has made another of it. */
function isWhole(temporary: string | undefined, bytes: Buffer): boolean {
  return temporary !== undefined && statSync(temporary, { throwIfNoEntry: false })?.size === bytes.length;
}

interface Wanted {
  readonly bytes: Buffer | undefined;
  /** What is known to stand on the disk and is part of `bytes`. */
  readonly disk: Buffer | undefined;
  readonly gaveWay: boolean;
  readonly isMoved: boolean;
}

interface Found {
  readonly before: string | null;
  readonly disk: Buffer | Unread | undefined;
  readonly movesTo: string | undefined;
}

/** What is to stand on the disk now that `disk` stands there. */
async function wantedOn(
  placing: Placing,
  { file, bytes }: Staged,
  { before, disk, movesTo }: Found,
): Promise<Wanted | "placed" | "disk"> {
  // What cannot be read any more stays as it is.
  if (disk instanceof Unread) return "disk";
  const current = disk === undefined ? null : hashObject("blob", disk);
  const common = { gaveWay: false, isMoved: movesTo !== undefined };
  if (current === before) return { ...common, bytes, disk };
  if (current === (bytes === undefined ? null : hashObject("blob", bytes))) return "placed";
  if (disk === undefined || before === null) return "disk";
  const base = await placing.base(before);
  if (base === undefined) return "disk";
  // Taken away as what it was before: what is more of it then counts as written after that, and is merged at its new place.
  if (bytes === undefined)
    return (await mayMove(placing, file, disk, movesTo)) ? { ...common, bytes, disk: base } : "disk";
  const merged =
    (await mergeForDisk(file, bytes, base, disk)) ?? (await mergeWithBroken(placing, file, { bytes, base, disk }));
  return merged === undefined ? "disk" : { bytes: merged.bytes, disk, gaveWay: merged.gaveWay, isMoved: false };
}

/** Whether what was changed meanwhile goes along: what nobody can read is merged at its new place once it is mended. */
async function mayMove({ isOwn }: Placing, file: string, disk: Buffer, movesTo: string | undefined): Promise<boolean> {
  return movesTo !== undefined && (!isOwn || (await isReadable(file, disk)));
}

/**
 * A ticket that somebody made unreadable meanwhile gets our lines too where they touch none of his: else who mends it
 * would take our change away.
 */
async function mergeWithBroken(
  { dir }: Placing,
  file: string,
  { bytes, base, disk }: { readonly bytes: Buffer; readonly base: Buffer; readonly disk: Buffer },
): Promise<Onto | undefined> {
  if (!file.endsWith(".md") || isCutOff(path.join(dir, file), disk, base) || (await isReadable(file, disk))) {
    return undefined;
  }
  const clean = await mergeLines(bytes, base, disk);
  return clean === undefined ? undefined : { bytes: clean, gaveWay: false };
}

/** What stands on the disk; the half of a save, or the moment without a file, is waited out. */
async function readWhole(
  placing: Placing,
  { file }: Staged,
  before: string | null,
): Promise<Buffer | Unread | undefined> {
  const target = path.join(placing.dir, file);
  for (const deadline = performance.now() + SAVING_MS; ; ) {
    const read = readStoreFile(target);
    if (read instanceof Unread) return read;
    const disk = read?.bytes;
    const isBefore = (disk === undefined ? null : hashObject("blob", disk)) === before;
    const isWhole =
      isBefore || (disk !== undefined && (before === null || (await isWholeSave(placing, file, before, disk))));
    if (isWhole || performance.now() > deadline) return disk;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

async function isWholeSave({ dir, base }: Placing, file: string, before: string, disk: Buffer): Promise<boolean> {
  return !isCutOff(path.join(dir, file), disk, await base(before)) && (await isReadable(file, disk));
}
