import type { Store } from "../../store/open/store.ts";

/** What goes on after a change that is made; it answers with what to tell. */
type Follow = (store: Store) => Promise<readonly string[]>;

let loadFollow: (() => Promise<Follow>) | undefined;

/**
 * Says what follows changes. What pipelines do is made of the same actions as what people do, so that no action can import
 * it: each face says it once.
 */
export function followChanges(load: () => Promise<Follow>): void {
  loadFollow = load;
}

/** Has what follows a change go on, where a face said what that is. */
export async function followChange(store: Store): Promise<readonly string[]> {
  return loadFollow === undefined ? [] : (await loadFollow())(store);
}
