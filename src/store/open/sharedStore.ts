import type { Host } from "../../host.ts";
import type { Store } from "./store.ts";

/** The stores that are open for whoever has one of these surroundings. */
const shared = new WeakMap<Host, Store>();

/** Has whoever works in `host` get a store that is open, with its lock, its queue and what was read of it. */
export function shareStore(store: Store, host: Host): void {
  shared.set(host, store);
}

/** The store that is shared with a host, as it is for that; undefined where none is. */
export function sharedStore(host: Host): Store | undefined {
  const store = shared.get(host);
  if (store === undefined) return undefined;
  return {
    dir: store.dir,
    named: store.named,
    source: store.source,
    host,
    runtime: store.runtime,
    get journal() {
      return store.journal;
    },
    set journal(journal) {
      store.journal = journal;
    },
    get index() {
      return store.index;
    },
    set index(index) {
      store.index = index;
    },
  };
}
