import { existsSync, linkSync, lstatSync, readdirSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../../folderOwner.ts";
import { removeFile } from "../../../git/disk/removeFile.ts";
import { hashObject } from "../../../git/objects/objects.ts";
import type { Host } from "../../../host.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";

/** How long what a change replaced must have been silent before its name goes; tests set AYO_REPLACED_MS. */
const SILENT_MS = 60_000;
/** A file whose stamp is this much older than its replacement was not written since. File systems count in 2 s at worst. */
const COARSE_MS = 2_100;
/** Longer names of tickets are kept beside, since a file's name has an end. */
const MAX_NAME = 150;

/**
 * A file that a change of ours took the name of. Whoever had it open goes on writing to it, so it keeps a name in
 * `ayo/replaced/` for a while, and what is written to it is merged into the ticket.
 */
export interface Replaced {
  /** The kept name. */
  readonly name: string;
  /** Path in the store. */
  readonly file: string;
  /** When it was replaced, in milliseconds since 1970. */
  readonly at: number;
  /** Blob id and length of what it held as far as that is merged. */
  readonly oid: string;
  readonly size: number;
  /** Nothing lies beside it. */
  readonly isAlone?: boolean;
}

/** A file that is about to be replaced. */
export interface Replacing {
  /** Path in the store, and the absolute one that the file has now. */
  readonly file: string;
  readonly target: string;
  /** What is known of its content. */
  readonly merged: Buffer;
  /** Whether git has that content. */
  readonly isCommitted: boolean;
  /** Whether it loses its name in the store at once, as what is deleted does. */
  readonly isTaken?: boolean;
}

/** What lies beside a kept name. `%` is followed by digits in what encodeURIComponent makes. */
const PATH = "%.path";
const BASE = "%.base";

let counter = 0;

/** What this process has replaced lately, by the stores' private folders. */
const latest = new Map<string, Replaced[]>();
/** So many are remembered of each. */
const MAX_LATEST = 1_000;

/**
 * Gives a file a second name before it is replaced, or that name instead of its own. `gone`: there is no such file, or
 * another took its place at that very moment. Undefined where the file system has no second names.
 */
export function keepReplaced(
  stateDir: string,
  { file, target, merged, isCommitted, isTaken = false }: Replacing,
  host: Host,
): Replaced | "gone" | undefined {
  const folder = path.join(stateDir, "replaced");
  const at = host.now();
  const encoded = encodeURIComponent(file);
  const isLong = encoded.length > MAX_NAME;
  const oid = hashObject("blob", merged);
  const number = `${host.pid.toString(36)}.${(counter++).toString(36)}`;
  const parts = [at.toString(36), number, merged.length.toString(36), oid, isLong ? "" : encoded];
  const name = path.join(folder, parts.join("_"));
  try {
    if (isLong) beside(folder, name + PATH, Buffer.from(file));
    if (!isCommitted) beside(folder, name + BASE, merged);
    inFolder(folder, () => (isTaken ? renameSync(target, name) : linkSync(target, name)));
  } catch (error) {
    forgetReplaced({ name });
    // Without hard links what is written to it from now on is out of reach.
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "gone" : undefined;
  }
  const kept = { name, file, at, oid, size: merged.length };
  const known = latest.get(stateDir) ?? [];
  latest.set(stateDir, [...known.slice(-MAX_LATEST), kept]);
  return kept;
}

/** What this process has replaced since a time, in milliseconds since 1970, oldest first. */
export function latestOf(stateDir: string, since: number): readonly Replaced[] {
  const left = (latest.get(stateDir) ?? []).filter(({ at }) => at >= since);
  latest.set(stateDir, left);
  return left;
}

/** When what has this kept name was replaced; NaN for what is none. */
export function timeOf(name: string): number {
  return Number.parseInt(name.slice(0, name.indexOf("_")), 36);
}

/** The kept names, oldest first, and what lies beside them. */
export function replacedNames(stateDir: string): string[] {
  return names(path.join(stateDir, "replaced"));
}

/** What was replaced lately, oldest first; `wanted` is asked by the kept name. */
export function replacedFiles(
  stateDir: string,
  wanted: (name: string) => boolean = () => true,
  there: readonly string[] = replacedNames(stateDir),
): Replaced[] {
  const folder = path.join(stateDir, "replaced");
  const besides = new Set(there.filter((name) => name.endsWith(BASE) || name.endsWith(PATH)));
  return there.flatMap((name) => {
    const full = `${folder}/${name}`;
    // A process that goes on has seen most of them, hundreds in a minute.
    if (besides.has(name) || !wanted(full)) return [];
    const [at = "", , size = "", oid = "", ...rest] = name.split("_");
    if (!/^[0-9a-f]{40}$/.test(oid)) return [];
    const encoded = rest.join("_");
    const file = encoded === "" ? readOrNothing(full + PATH)?.toString("utf8") : decode(encoded);
    if (file === undefined) return [];
    const isAlone = !besides.has(name + BASE) && !besides.has(name + PATH);
    return [{ name: full, file, at: Number.parseInt(at, 36), oid, size: Number.parseInt(size, 36), isAlone }];
  });
}

/** What was written to a replaced file since it was merged; undefined where nothing was. */
export function writtenSince({ name, at, oid, size }: Replaced): Buffer | undefined {
  const stat = lstatSync(name, { throwIfNoEntry: false });
  if (stat === undefined || (stat.size === size && stat.mtimeMs < at - COARSE_MS)) return undefined;
  const read = readStoreFile(name);
  if (read === undefined || read instanceof Unread) return undefined;
  const { bytes } = read;
  return bytes.length === size && hashObject("blob", bytes) === oid ? undefined : bytes;
}

/** The content of a replaced file as it was merged, from the file itself where it only grew, or from beside it. */
export function mergedBase({ name, oid, size }: Replaced, now: Buffer): Buffer | undefined {
  const beginning = now.subarray(0, size);
  if (beginning.length === size && hashObject("blob", beginning) === oid) return beginning;
  return readOrNothing(name + BASE);
}

/** Whether nobody has written to a replaced file for so long that nobody will. */
export function isSilent({ name, at }: Replaced, host: Host): boolean {
  const stat = lstatSync(name, { throwIfNoEntry: false });
  const silence = Number(host.env.AYO_REPLACED_MS) || SILENT_MS;
  const quiet = host.now() - Math.max(at, stat?.mtimeMs ?? 0);
  // A clock that was set back must not keep it for ever.
  return stat === undefined || quiet > silence || quiet < -silence;
}

/** Takes the name of a replaced file away. */
export function forgetReplaced({ name, isAlone = false }: Pick<Replaced, "name" | "isAlone">): void {
  for (const suffix of isAlone ? [""] : ["", BASE, PATH]) removeFile(name + suffix);
}

/** The folder is made by the first that needs it. */
function inFolder(folder: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || existsSync(folder)) throw error;
    makeFolders(folder);
    work();
  }
}

function beside(folder: string, file: string, bytes: Buffer): void {
  makeFolders(folder);
  writeOwned(file, bytes);
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function readOrNothing(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
