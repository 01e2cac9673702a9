import { currentHost, type Host } from "../../host.ts";
import type { NewStore } from "./createJournal.ts";
import { locateStore, type StoreChoice } from "./locate/locate.ts";
import { type Store, storeAt } from "./store.ts";

/**
 * Opens the store that `choice` names, making it where there is none; an existing one keeps every byte.
 * @throws no_store where a branch of the project tracks the directory, store_not_writable, git_unsupported
 */
export async function makeStore(
  choice: StoreChoice = {},
  wanted: NewStore = {},
  host: Host = currentHost(),
): Promise<Store> {
  const store = storeAt(locateStore(choice, host), host);
  if (store.journal === undefined) {
    const { createJournal } = await import("./createJournal.ts");
    store.journal = await createJournal(store, wanted);
  }
  return store;
}
