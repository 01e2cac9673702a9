import path from "node:path";
import { AyoError } from "../../../error.ts";
import { readStoreFile, type StoreFile, Unread } from "../../files/storeFile.ts";
import { assertInside } from "../../files/storePaths.ts";
import type { Store } from "../store.ts";

/** A longer prompt is a mistake. */
const MAX_BYTES = 1024 * 1024;

/** The file of a store that an agent's prompt is made from: one of the store itself, and by no link. */
export function readPrompt({ dir }: Pick<Store, "dir">, file: string): StoreFile | Unread | undefined {
  try {
    assertInside(dir, file);
  } catch (error) {
    if (error instanceof AyoError) return new Unread("link", error.message);
    throw error;
  }
  return readStoreFile(path.join(dir, file), { limit: MAX_BYTES });
}
