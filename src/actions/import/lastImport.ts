import { readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { writeOwned } from "../../folderOwner.ts";
import type { Store } from "../../store/open/store.ts";

/** In the store's private state: id to the blob that an import wrote last. Without it nothing is updated, only skipped. */
const FILE = "imported.json";

/** What imports wrote into this store; a ticket that still is that blob was not changed here since. */
export function readLastImport(store: Store): Map<string, string> {
  if (store.journal === undefined) return new Map();
  try {
    const blobs: unknown = JSON.parse(readFileSync(path.join(store.journal.stateDir, FILE), "utf8"));
    return new Map(Object.entries(blobs as Record<string, string>));
  } catch {
    return new Map();
  }
}

/** Adds to the record; failing to is no error, since it is a cache. */
export function recordImport(store: Store, blobs: ReadonlyMap<string, string>): void {
  const { journal } = store;
  if (journal === undefined || blobs.size === 0) return;
  const file = path.join(journal.stateDir, FILE);
  const temporary = `${file}.${store.host.pid}`;
  try {
    const all = new Map([...readLastImport(store), ...blobs]);
    writeOwned(temporary, JSON.stringify(Object.fromEntries(all)));
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}
