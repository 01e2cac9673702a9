import { lstatSync } from "node:fs";

/** So long may whoever saves a file be kept from it in the midst of that. In milliseconds. */
export const SAVING_MS = 250;

/**
 * Whether a file looks like the half of a save: cut off, just now, within what stood there before. Who takes the end of
 * a text away does the same, and is heard a moment later.
 */
export function isCutOff(full: string, bytes: Buffer, before: Buffer | undefined): boolean {
  if (before === undefined || bytes.length >= before.length) return false;
  if (!before.subarray(0, bytes.length).equals(bytes)) return false;
  const stat = lstatSync(full, { throwIfNoEntry: false });
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) < SAVING_MS;
}
