import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { mapAside } from "../../git/disk/durable.ts";
import { arePlainFolders } from "./plainFolder.ts";

/** What was set aside is kept for so long, and the newest of it whatever its age. */
const KEEP_MS = 90 * 24 * 60 * 60_000;
const KEEP_NEWEST = 20;

/** What was set aside before a moment, as folders; changes that nobody could finish are not among them. */
export function oldAside(top: string, before: number): string[] {
  const names = arePlainFolders(top) ? readdirSync(top).filter((name) => /^\d{13}$/.test(name)) : [];
  const folders = names.sort().filter((name) => Number(name) < before);
  return folders.map((name) => path.join(top, name)).filter((folder) => !existsSync(path.join(folder, "redo")));
}

/**
 * Removes what was set aside long ago from `set-aside/`, where each folder is named after the moment, so that it does
 * not grow for ever. Changes that nobody could finish stay until a person has seen to them.
 */
export function dropOldAside(top: string, now: number): void {
  const names = arePlainFolders(top) ? readdirSync(top).filter((name) => /^\d{13}$/.test(name)) : [];
  for (const name of names.sort().slice(0, -KEEP_NEWEST)) {
    const folder = path.join(top, name);
    if (now - Number(name) <= KEEP_MS || existsSync(path.join(folder, "redo"))) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Whoever sets something aside next tries again; what is being kept now must not fail for it.
    }
  }
}

/** Removes what is old, and says where that cannot be. @throws store_not_writable */
export function removeOld(file: string): void {
  try {
    rmSync(file, { recursive: true, force: true });
  } catch (error) {
    throw mapAside(error, file);
  }
}
