import { kept, type Runtime, runtimeKey } from "../open/runtime.ts";
import type { Change, Outcome } from "./changing.ts";
import type { Draft } from "./draft.ts";
import type { Sentence } from "./message.ts";

/** Changes that become one: each sees what those before it did, and all are written and committed together. */
export interface NestedChanges {
  /** The sentences of the parts that changed something, in their order. */
  readonly sentences: readonly Sentence[];
  /** Makes one part. @throws what `change` throws; what it changed is then dropped, what came before is not */
  make<T>(change: (draft: Draft) => Promise<Change<T>> | Change<T>): Promise<Outcome<T>>;
}

/** Kept of the store that the parts of a larger change are made on: their transactions become part of its own. */
export const NESTED = runtimeKey<NestedChanges | undefined>("parts", () => undefined);

/** Whether what is done on a store is a part of a larger change. */
export function isNested(store: { readonly runtime: Runtime }): boolean {
  return kept(store, NESTED) !== undefined;
}
