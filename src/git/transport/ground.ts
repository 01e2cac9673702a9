import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mapAside } from "../disk/durable.ts";
import { removeFile } from "../disk/removeFile.ts";

/** What lies in a directory that is ours from beginning to end. */
const CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
const HEAD = "ref: refs/heads/none\n";
/** A file that is being written for so long belongs to nobody any more; in milliseconds. */
const OLD_MS = 60_000;

/**
 * Makes a git directory for transport, as it is to be whatever was there: `shallow` is the store's own list of commits
 * whose parents it has not.
 * @throws disk_full, store_not_writable
 */
export function makeGround(dir: string, shallow: string): void {
  try {
    mkdirSync(path.join(dir, "refs", "ayo"), { recursive: true, mode: 0o700 });
    mkdirSync(path.join(dir, "objects"), { recursive: true });
    sweep(dir);
    put(dir, "config", CONFIG);
    put(dir, "HEAD", HEAD);
    if (shallow === "") removeFile(path.join(dir, "shallow"));
    else put(dir, "shallow", shallow);
  } catch (error) {
    throw mapAside(error, (error as NodeJS.ErrnoException).path ?? dir);
  }
}

/** Takes away what somebody who was killed did not end; others may be at it now. */
function sweep(dir: string): void {
  for (const name of readdirSync(dir).filter((one) => one.startsWith("being-written."))) {
    const file = path.join(dir, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > OLD_MS) removeFile(file);
  }
}

/** Whether git still lacks parents of commits there. */
export function isShallow(dir: string): boolean {
  return readdirSync(dir).includes("shallow");
}

/** Names a commit that need not be brought. @throws disk_full, store_not_writable */
export function putRef(dir: string, ref: string, oid: string): void {
  put(dir, ref, `${oid}\n`);
}

/** What is written lies at the top until it is whole: below `refs/` git would take it for a ref. */
function put(dir: string, name: string, text: string): void {
  const file = path.join(dir, name);
  if (textOf(file) === text) return;
  const temporary = path.join(dir, `being-written.${Math.random().toString(36).slice(2)}`);
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    removeFile(temporary);
    throw mapAside(error, file);
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
