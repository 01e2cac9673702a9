import { keep, runtimeKey } from "../../open/runtime.ts";
import type { Store } from "../../open/store.ts";

/** Other processes that wait for a change, as the command line that has the lock serves them. */
export interface Others {
  /** Names the code whose commands are served. */
  readonly build: string;
  /** For how long others are served while the lock is held once, in milliseconds, where it is not as for a command. */
  readonly longest?: number;
  /** Begins to serve those that wait; returns how many are being served. */
  begin(): number;
  /** How many are being served. */
  readonly serving: number;
  /** Done when one of them has been served. */
  next(): Promise<unknown>;
}

/** Who serves others while this process has the lock; undefined where nobody does. */
export const OTHERS = runtimeKey<Others | undefined>("others", () => undefined);

/** Has others served while this process has the store's lock. */
export function serveOthersOf(store: Store, others: Others): void {
  keep(store, OTHERS, others);
}
