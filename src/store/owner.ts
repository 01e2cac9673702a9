import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { protectedValues } from "../git/gitConfig.ts";
import type { Host } from "../host.ts";

/**
 * Why a directory may not be used as a store, or as a store's repository; undefined where it may: it is the user's,
 * the user is root, or has told git that `place` (by default the directory itself) is safe. Another's config, hooks and
 * git settings would decide what happens in this user's name.
 */
export function whyNotMine(dir: string, host: Host, place = dir): AyoError | undefined {
  if (host.uid === undefined || host.uid === 0) return undefined;
  const owner = statSync(dir, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || owner === host.uid || isCalledSafe(place, host)) return undefined;
  const message = `detected dubious ownership in the store at ${place}: ${dir === place ? "it" : dir} is owned by ${named(owner)}, you are ${named(host.uid)}; if you trust it, tell git so`;
  return new AyoError("store_not_owned", message, {
    try: ["git", "config", "--global", "--add", "safe.directory", place],
    data: { dir, owner, you: host.uid },
  });
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
