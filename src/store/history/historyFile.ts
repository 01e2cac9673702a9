import { readFileSync } from "node:fs";
import path from "node:path";

/** The file in the state directory, and its first line. */
export const FILE = "history.table";
export const VERSION = "ayo history 5\n";
const NEWLINE = 10;

/** The table as it was left; empty where there is none, or one that was torn. */
export function load(stateDir: string): Buffer {
  try {
    const bytes = readFileSync(path.join(stateDir, FILE));
    const isWhole = bytes.toString("latin1", 0, VERSION.length) === VERSION && bytes.at(-1) === NEWLINE;
    return isWhole ? bytes.subarray(VERSION.length) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

/** The commit of the last line: everything else is among its ancestors. */
export function lastOf(bytes: Buffer): string {
  const start = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
  return bytes.toString("latin1", start, start + 40);
}
