import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolders } from "../../folderOwner.ts";
import { createExclusive, mapAside } from "../../git/disk/durable.ts";
import { removeFile } from "../../git/disk/removeFile.ts";
import { isProvablyDead, type ProcessIdentity, processIdentity } from "../../processes.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Store } from "../open/store.ts";
import { type RunName, type RunRecord, readRun, runFolder, runsFolder } from "./record.ts";

type Place = Pick<Store, "dir" | "host">;

const MAX_BYTES = 4096;
const OWNER = /^owner\.(\d{1,6})$/;

/** Names of what has begun and is not known to be over; of thousands of runs only these are read. */
export function liveRuns(place: Place): RunRecord[] {
  return namesIn(liveFolder(place)).flatMap((name) => {
    const at = name.lastIndexOf("~");
    const record = readRun(place, { ticket: name.slice(0, at), n: Number(name.slice(at + 1)) });
    return record === undefined || record.state === "ended" ? [] : [record];
  });
}

/** Says that a run begins, before anything of it is written. @throws store_not_writable, disk_full */
export function markLive(place: Place, run: RunName): void {
  const folder = liveFolder(place);
  try {
    makeFolders(folder, 0o700);
    createExclusive(path.join(folder, markOf(run)), Buffer.from(""), folder);
  } catch (error) {
    throw mapAside(error, folder);
  }
}

/** Says that it is over: its record says how. */
export function markOver(place: Place, run: RunName): void {
  removeFile(path.join(liveFolder(place), markOf(run)));
}

/** Takes a run away of which nothing came: its ticket was not claimed. */
export function forgetRun(place: Place, run: RunName): void {
  markOver(place, run);
  rmSync(runFolder(place, run), { recursive: true, force: true });
}

/**
 * Makes this process the one that looks after a run. Whoever did so before has to be gone for certain; of two that come
 * at once one gets it. False where somebody else has it.
 */
export function takeOver(place: Place, run: RunName, isTaken = isAlive): boolean {
  const folder = runFolder(place, run);
  const { n, owner } = ownerOf(folder);
  if (owner !== undefined && isTaken(owner)) return false;
  const me = Buffer.from(JSON.stringify(processIdentity(place.host.pid)));
  try {
    return createExclusive(path.join(folder, `owner.${n + 1}`), me, folder);
  } catch (error) {
    throw mapAside(error, folder);
  }
}

/** Whether somebody looks after a run now: this process, or another that is not provably gone. */
export function isLookedAfter(place: Place, run: RunName): boolean {
  const { owner } = ownerOf(runFolder(place, run));
  return owner !== undefined && isAlive(owner);
}

/** Whether it is this process. */
export function isMine(place: Place, run: RunName): boolean {
  const { owner } = ownerOf(runFolder(place, run));
  const me = processIdentity(place.host.pid);
  return owner?.pid === me.pid && owner.startTime === me.startTime;
}

function isAlive(owner: ProcessIdentity): boolean {
  return !isProvablyDead(owner);
}

/** The last who took a run over, and how many before. */
function ownerOf(folder: string): { readonly n: number; readonly owner?: ProcessIdentity } {
  const n = Math.max(0, ...namesIn(folder).flatMap((name) => Number(OWNER.exec(name)?.[1] ?? [])));
  const read = readStoreFile(path.join(folder, `owner.${n}`), { limit: MAX_BYTES });
  if (read === undefined || read instanceof Unread) return { n };
  try {
    return { n, owner: JSON.parse(read.bytes.toString("utf8")) as ProcessIdentity };
  } catch {
    // Half of it was written when the machine went down.
    return { n };
  }
}

function liveFolder(place: Place): string {
  return path.join(runsFolder(place), ".live");
}

function markOf({ ticket, n }: RunName): string {
  return `${ticket}~${n}`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw mapAside(error, folder);
  }
}
