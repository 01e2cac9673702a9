import path from "node:path";
import { AyoError } from "../../error.ts";
import { readStoreFile, Unread } from "./storeFile.ts";
import { assertInside } from "./storePaths.ts";

/** The bytes of a file of the store, by no link; undefined where there is none. */
export function bytesIn(dir: string, file: string, limit: number): Buffer | Unread | undefined {
  try {
    assertInside(dir, file);
  } catch (error) {
    if (error instanceof AyoError) return new Unread("link", error.message);
    throw error;
  }
  const read = readStoreFile(path.join(dir, file), { limit });
  return read === undefined || read instanceof Unread ? read : read.bytes;
}
