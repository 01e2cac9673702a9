import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { protectedValues } from "../../git/repository/gitConfig.ts";
import type { Host } from "../../host.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { ApprovalFolder } from "./approvals.ts";
import { type Judged, judge } from "./effect.ts";

/**
 * Why a directory may not be used as a store, or as a store's repository; undefined where it may: it is the user's,
 * the user is root, or has allowed `place` (by default the directory itself) here or told git that it is safe. Another's
 * config, hooks and git settings would decide what happens in this user's name.
 */
export function whyNotMine(dir: string, host: Host, place = dir): AyoError | undefined {
  if (host.uid === undefined || host.uid === 0) return undefined;
  const owner = statSync(dir, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || owner === host.uid) return undefined;
  const foreign = foreignPlace(place, host);
  if (foreign?.state !== "denied" && isCalledSafe(place, host)) return undefined;
  if (foreign?.state === "allowed" && foreign.owners.includes(owner)) return undefined;
  const message = `detected dubious ownership in the store at ${place}: ${dir === place ? "it" : dir} is owned by ${named(owner)}, you are ${named(host.uid)}${whyUndecided(foreign)}; if you trust it, say so`;
  return new AyoError("store_not_owned", message, {
    try: ["ayo", "allow", place],
    data: { dir, place, owner, you: host.uid },
  });
}

function whyUndecided(foreign: ForeignPlace | undefined): string {
  if (foreign?.trouble !== undefined) return ` (what was decided cannot be read: ${foreign.trouble})`;
  if (foreign?.state === "denied") return ` and have denied it`;
  return foreign?.state === "changed" ? " and allowed it when its owner was another" : "";
}

/** A directory of other users, and what was decided about them there. */
export interface ForeignPlace extends Judged {
  readonly approvalFolder: ApprovalFolder;
  readonly owners: readonly number[];
  /** They by name. */
  readonly people: string;
  /** Whether git was told that it is safe. */
  readonly isCalledSafe: boolean;
}

/** What an approval of a place is recorded under. */
export const PLACE = ".";

/** Whose a directory and its git directory are, where not the user's alone; undefined where they are, and for root. */
export function foreignPlace(place: string, host: Host): ForeignPlace | undefined {
  if (host.uid === undefined || host.uid === 0) return undefined;
  const found = [place, gitDirOf(place)].map((dir) => statSync(dir, { throwIfNoEntry: false })?.uid);
  const owners = [...new Set(found.filter((uid) => uid !== undefined && uid !== host.uid))] as number[];
  if (owners.length === 0) return undefined;
  const approvalFolder: ApprovalFolder = { host, dir: place, folder: "allow/stores" };
  const content = Buffer.from([place, ...owners.map((uid) => `owner ${uid}`), ""].join("\n"));
  const people = owners.map(named).join(" and ");
  return {
    ...judge(approvalFolder, PLACE, content),
    approvalFolder,
    owners,
    people,
    isCalledSafe: isCalledSafe(place, host),
  };
}

/** Where a directory's repository is, were it one of its own: nothing in there is read but where a file `.git` points to. */
function gitDirOf(place: string): string {
  const git = path.join(place, ".git");
  const read = readStoreFile(git, { limit: 64 * 1024 });
  const target =
    read === undefined || read instanceof Unread ? undefined : /^gitdir: (.*)/.exec(String(read.bytes))?.[1];
  return target === undefined ? git : path.resolve(place, target);
}

/** Git's `safe.directory`, from files that no repository brings: a path, `PATH/*`, `*`; an empty value takes back. */
function isCalledSafe(dir: string, host: Host): boolean {
  let isSafe = false;
  for (const value of protectedValues("safe.directory", { ...host.env, HOME: host.home })) {
    if (value === "") isSafe = false;
    else isSafe ||= covers(value.replace(/^~(?=\/)/, host.home), dir);
  }
  return isSafe;
}

function covers(value: string, dir: string): boolean {
  if (value === "*") return true;
  if (value.endsWith("/*")) return dir.startsWith(value.slice(0, -1));
  return path.isAbsolute(value) && path.resolve(value) === dir;
}

/** `alice (1001)`, or the number alone. */
function named(uid: number | undefined): string {
  try {
    const line = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .find((row) => row.split(":")[2] === String(uid));
    return line === undefined ? `uid ${uid}` : `${line.split(":")[0]} (${uid})`;
  } catch {
    return `uid ${uid}`;
  }
}
