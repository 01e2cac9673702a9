import { setTimeout as sleep } from "node:timers/promises";
import { TrackerError } from "./provider.ts";

/** How often a tracker is asked again. */
export interface Tries {
  /** Milliseconds before the second, third … try of what changes nothing. */
  readonly waits: readonly number[];
  /** The longest that limits are waited for, in all, before one answer. */
  readonly patience: number;
  readonly now: () => number;
  /** Asked before each try of what writes, after whatever was waited for; what it throws is thrown. */
  readonly mayWrite?: (() => void) | undefined;
}

/** Asks, and asks again where that can do no harm: what writes only where it certainly was not done. */
export async function tried<T>(once: () => Promise<T>, isWrite: boolean, tries: Tries): Promise<T> {
  const left = { patience: tries.patience };
  for (let attempt = 0; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      const wait = waitAfter(error, isWrite, tries.waits[attempt], left, tries.now());
      if (wait === undefined) throw error;
      await sleep(wait);
    }
  }
}

function waitAfter(
  error: unknown,
  isWrite: boolean,
  wait: number | undefined,
  left: { patience: number },
  now: number,
): number | undefined {
  if (!(error instanceof TrackerError) || wait === undefined) return undefined;
  if (error.fault === "limit") {
    const rest = Math.max((error.until ?? Number.POSITIVE_INFINITY) - now, 0);
    if (rest > left.patience) return undefined;
    left.patience -= rest;
    return rest;
  }
  return error.fault === "unreachable" || (error.fault === "ambiguous" && !isWrite) ? wait : undefined;
}
