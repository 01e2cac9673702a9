import { sharedStore, shareStore } from "../../../store/open/sharedStore.ts";
import type { Store } from "../../../store/open/store.ts";
import { pipelineActor } from "../../../ticket/pipeline/pipeline.ts";

/** The store as a pipeline works on it: in its own name, whoever made the change before it. */
export function actingStore(store: Store, name: string): Store {
  const host = { ...store.host, acting: pipelineActor(name) };
  shareStore(store, host);
  return sharedStore(host) as Store;
}
