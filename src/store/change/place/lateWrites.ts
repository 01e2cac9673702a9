import { existsSync, lstatSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../../folderOwner.ts";
import { removeFile } from "../../../git/disk/removeFile.ts";
import { hashObject } from "../../../git/objects/objects.ts";
import { archiveFolders } from "../../disk/archive/archiveFolders.ts";
import { isCutOff } from "../../files/cutOff.ts";
import { stageOne } from "../../files/stage.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { noteLook, replacedToLookAt } from "./lookedAt.ts";
import { isReadable, mergeForDisk } from "./mergeForDisk.ts";
import { type Placing, putInPlace } from "./putInPlace.ts";
import {
  forgetReplaced,
  isSilent,
  keepReplaced,
  mergedBase,
  type Replaced,
  replacedFiles,
  writtenSince,
} from "./replaced.ts";

/** Whoever writes faster than we merge is merged by the next command. */
const MAX_ROUNDS = 5;

/** How often a live process looks at what was replaced: at once, then after twice the time each. In milliseconds. */
const FIRST_LOOK_MS = 50;
const LAST_LOOK_MS = 5_000;
const looks = new Map<string, { next: number; wait: number }>();

/**
 * Merges what writers that kept their files open have written to files that were replaced, and forgets those that have
 * been silent. Returns what to tell the user.
 */
export async function mergeLateWrites(placing: Placing): Promise<string[]> {
  const notices: string[] = [];
  const { files, all } = replacedToLookAt(placing.stateDir, placing.host, (name) => !isSeen(name));
  let forgotten = 0;
  for (const replaced of files) {
    const outcome = await mergeLateWrite(placing, replaced);
    if (outcome === "merged") notices.push(`merged what was still written to the replaced ${replaced.file}`);
    if (!isSilent(replaced, placing.host)) continue;
    const last = writtenSince(replaced);
    if (last !== undefined) notices.push(setAside(placing, replaced, last));
    forgetReplaced(replaced);
    forgotten++;
    looks.delete(replaced.name);
  }
  if (all !== undefined) noteLook(placing.stateDir, placing.host, all - forgotten);
  return notices;
}

/** Whether a writer that kept its file open has written to what was replaced; what was looked at just now is left out. */
export function hasNewWriting(stateDir: string): boolean {
  const found = replacedFiles(stateDir, (name) => !isSeen(name)).find(
    (replaced) => writtenSince(replaced) !== undefined,
  );
  if (found !== undefined) looks.delete(found.name);
  return found !== undefined;
}

/** Whether a live process has looked at it just now. */
function isSeen(name: string): boolean {
  const now = performance.now();
  const look = looks.get(name);
  if (look !== undefined && now < look.next) return true;
  const wait = look === undefined ? FIRST_LOOK_MS : Math.min(look.wait * 2, LAST_LOOK_MS);
  looks.set(name, { next: now + wait, wait });
  return false;
}

/**
 * Merges what was written to a replaced file since into the one that has its name now, until nothing new is there.
 * `later`: it is half of a save, or our lock is lost: the next command sees to it.
 */
export async function mergeLateWrite(
  placing: Placing,
  first: Replaced,
  depth = 0,
): Promise<"nothing" | "merged" | "later"> {
  let replaced = first;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const written = writtenSince(replaced);
    if (written === undefined) return round === 0 ? "nothing" : "merged";
    if (!(await isWhole(placing, replaced, written))) return "later";
    const next = await mergeOne(placing, replaced, written, depth);
    if (next === "later") return "later";
    if (next === "again") continue;
    if (next === undefined) return "merged";
    replaced = next;
  }
  return "later";
}

/** Returns the replaced file as it is known from now on; undefined where nothing is left of it. */
async function mergeOne(
  placing: Placing,
  replaced: Replaced,
  written: Buffer,
  depth: number,
): Promise<Replaced | "again" | "later" | undefined> {
  const target = await targetOf(placing, replaced, written);
  if (target === "half") return "later";
  if (target === undefined) {
    setAside(placing, replaced, written);
    forgetReplaced(replaced);
    return undefined;
  }
  if (!target.merged.equals(target.current)) {
    const { file, current } = target;
    const temporary = stage(placing, file, target.merged);
    const put = putInPlace(placing, { file, temporary, disk: current });
    if (typeof put === "string") removeFile(temporary);
    if (put === "others") return "later";
    if (typeof put === "string") return "again";
    if (put.replaced !== undefined && depth < MAX_ROUNDS) await mergeLateWrite(placing, put.replaced, MAX_ROUNDS);
  }
  const known = { file: replaced.file, target: replaced.name, merged: written, isCommitted: false };
  const next = keepReplaced(placing.stateDir, known, placing.host);
  forgetReplaced(replaced);
  return next === "gone" ? undefined : next;
}

/** Where the ticket is now, what stands there, and what should; undefined where it cannot be merged; `half` of a save. */
async function targetOf(
  placing: Placing,
  replaced: Replaced,
  written: Buffer,
): Promise<{ file: string; current: Buffer; merged: Buffer } | "half" | undefined> {
  const file = homeOf(placing.dir, replaced.file);
  const own = await baseOf(placing, replaced, written);
  const current = file === undefined ? undefined : readStoreFile(path.join(placing.dir, file));
  if (file === undefined || own === undefined || current === undefined || current instanceof Unread) return undefined;
  const base = (await baseOfTwin(placing, replaced, written, { own, current: current.bytes })) ?? own;
  const full = path.join(placing.dir, file);
  if ([base, written].some((known) => isCutOff(full, current.bytes, known))) {
    // What stands there as it was merged last, or as a change made it, is no half of anything.
    const isKnown = current.bytes.equals(base) || hashObject("blob", current.bytes) === (await placing.inBranch(file));
    if (!isKnown) return "half";
  }
  const merged = await mergeForDisk(file, current.bytes, base, written);
  return merged === undefined ? undefined : { file, current: current.bytes, merged: merged.bytes };
}

async function isWhole(placing: Placing, replaced: Replaced, written: Buffer): Promise<boolean> {
  if (isCutOff(replaced.name, written, await baseOf(placing, replaced, written))) return false;
  return isReadable(replaced.file, written);
}

async function baseOf(placing: Placing, replaced: Replaced, written: Buffer): Promise<Buffer | undefined> {
  return mergedBase(replaced, written) ?? (await placing.base(replaced.oid));
}

/**
 * What others know of the very same file, which they replaced while we were at it: what was written before they did so is
 * merged already, if the ticket has it.
 */
async function baseOfTwin(
  placing: Placing,
  { name }: Replaced,
  written: Buffer,
  { own, current }: { readonly own: Buffer; readonly current: Buffer },
): Promise<Buffer | undefined> {
  const stat = lstatSync(name, { throwIfNoEntry: false });
  if (stat === undefined || stat.nlink < 2) return undefined;
  const twins = replacedFiles(placing.stateDir, (other) => other !== name);
  for (const twin of twins.filter((one) => lstatSync(one.name, { throwIfNoEntry: false })?.ino === stat.ino)) {
    const known = await baseOf(placing, twin, written);
    if (known !== undefined && known.length > own.length && hasLinesOf(current, known)) return known;
  }
  return undefined;
}

/** Whether a text has every line of another, as often. */
function hasLinesOf(text: Buffer, other: Buffer): boolean {
  const left = new Map<string, number>();
  const linesOf = (bytes: Buffer): string[] => bytes.toString("latin1").split("\n");
  for (const line of linesOf(text)) left.set(line, (left.get(line) ?? 0) + 1);
  return linesOf(other).every((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count > 0;
  });
}

function stage(placing: Placing, file: string, bytes: Buffer): string {
  const mode = lstatSync(path.join(placing.dir, file), { throwIfNoEntry: false })?.mode;
  const place = { dir: placing.dir, tmpDir: path.join(placing.stateDir, "tmp"), pid: placing.host.pid };
  return stageOne(place, { file, bytes, mode: mode === undefined ? undefined : mode & 0o777 }, true);
}

/** Where a ticket is now: it may have been archived, or come back, since its file was replaced. */
function homeOf(dir: string, file: string): string | undefined {
  if (existsSync(path.join(dir, file))) return file;
  const name = path.posix.basename(file);
  const months = [...archiveFolders(dir).months.keys()].map((month) => `archive/${month}/${name}`);
  return [name, ...months].find((candidate) => file.endsWith(".md") && existsSync(path.join(dir, candidate)));
}

/** Keeps what cannot be merged where a person, and doctor, find it. */
function setAside({ stateDir, host }: Placing, { file }: Replaced, written: Buffer): string {
  const target = path.join(stateDir, "set-aside", String(host.now()), file);
  makeFolders(path.dirname(target));
  writeOwned(target, written);
  const why = "was written to after it had been replaced, and could not be merged";
  writeOwned(`${target}.txt`, `${file} ${why}\n`);
  return `${file} ${why}: it is in ${target}`;
}
