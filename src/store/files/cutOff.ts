import { lstatSync } from "node:fs";

/** So long may whoever saves a file be kept from it in the midst of that. In milliseconds. */
export const SAVING_MS = 250;

/** Who reads while a long text is written sees the pages that are there by then. */
const PAGE = 4096;

/**
 * Whether a file looks like the half of a save: changed just now, and cut off within what stood there before, or at the
 * end of a page. Who takes the end of a text away does the same, and is heard a moment later.
 */
export function isCutOff(full: string, bytes: Buffer, before: Buffer | undefined): boolean {
  if (before === undefined || bytes.equals(before)) return false;
  const isWithin = bytes.length < before.length && before.subarray(0, bytes.length).equals(bytes);
  if (!isWithin && (bytes.length === 0 || bytes.length % PAGE !== 0)) return false;
  const stat = lstatSync(full, { throwIfNoEntry: false });
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) < SAVING_MS;
}
