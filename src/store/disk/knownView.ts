import type { Store } from "../open/store.ts";
import { loadIndex } from "./cache.ts";
import { TableEntries } from "./table/entries.ts";
import { type View, viewOf } from "./view.ts";

/**
 * The store as it was known when it was last read, without a look at its files: for who shows something at once and
 * reads it properly right after. Undefined where nothing is known.
 */
export async function lastKnown(store: Store): Promise<View | undefined> {
  const stateDir = store.journal?.stateDir;
  if (stateDir === undefined || store.index !== undefined) return undefined;
  const index = loadIndex(stateDir);
  if (index === undefined || !(index.entries instanceof TableEntries)) return undefined;
  // The next read brings it up to date.
  store.index = index;
  return viewOf(store, index);
}
