import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { writeDurable } from "../../../git/disk/durable.ts";

/** Files that stand on the disk as somebody left them, and the blob that each was made from. */
export type LeftAlone = ReadonlyMap<string, string>;

/** Beside the lock. */
const FILE = "left-alone.json";
const BLOB = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * The files that a change could not be merged into, because nobody can read them: the branch has that change, and they
 * have not. What they were made from is kept, so that they are merged once somebody has mended them. Undefined where
 * nobody can read what was kept.
 */
export function keptAlone(stateDir: string): LeftAlone | undefined {
  if (!isAnyLeftAlone(stateDir)) return new Map();
  try {
    const raw: unknown = JSON.parse(readFileSync(path.join(stateDir, FILE), "utf8"));
    const known = Object.entries(raw ?? {});
    return known.every(([, blob]) => typeof blob === "string" && BLOB.test(blob)) ? new Map(known) : undefined;
  } catch {
    return undefined;
  }
}

/** The same, none where that is not known: who merges them tells. */
export function leftAlone(stateDir: string): LeftAlone {
  return keptAlone(stateDir) ?? new Map();
}

/** Whether there are any. */
export function isAnyLeftAlone(stateDir: string): boolean {
  return existsSync(path.join(stateDir, FILE));
}

/** Notes files that are left alone; of one that is already, what it was made from stays. */
export function noteLeftAlone(stateDir: string, files: LeftAlone): void {
  if (files.size > 0) write(stateDir, new Map([...files, ...leftAlone(stateDir)]));
}

/** Forgets files that have all of the branch, or are to stay without it. */
export function forgetLeftAlone(stateDir: string, files: Iterable<string>): void {
  const rest = new Map(leftAlone(stateDir));
  for (const file of files) rest.delete(file);
  write(stateDir, rest);
}

function write(stateDir: string, files: LeftAlone): void {
  const file = path.join(stateDir, FILE);
  const text = `${JSON.stringify(Object.fromEntries(files))}\n`;
  if (files.size === 0) rmSync(file, { force: true });
  else writeDurable(file, Buffer.from(text), { tmpDir: path.join(stateDir, "tmp") });
}
