import { readFileSync } from "node:fs";
import type { ProcessIdentity } from "../../../processes.ts";

/** Beside the lock: who holds it. */
export const CARD = "lock.json";

/** Who holds the store's lock: the process, and which of its holds. */
export interface Holder extends ProcessIdentity {
  readonly heldLock?: string;
  /** The code for whose commands it does the work of those who wait; see cli/ask. */
  readonly serves?: string | undefined;
}

/** The process that took the lock last, whether or not it still holds it. */
export function readHolder(stateDir: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(`${stateDir}/${CARD}`, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}
