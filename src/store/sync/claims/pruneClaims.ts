import { AyoError } from "../../../error.ts";
import { Unreachable } from "../../../git/transport/transport.ts";
import type { View } from "../../disk/view.ts";
import type { Store } from "../../open/store.ts";
import { readContact } from "../contact.ts";
import { endedClaims, KEPT_MS, takeAway } from "./collect.ts";
import { openClaims } from "./openClaims.ts";

/** The tickets whose claims' refs went, or would go; and why none could. */
export interface PrunedClaims {
  readonly ids: readonly string[];
  readonly notice?: string;
}

/**
 * Takes away refs of claims that are over for so long as this machine has seen it, and never before a day: who lacks the
 * commit that they name may not claim. Each goes only as it was seen; where nobody answers that is told, and is no failure.
 */
export async function pruneClaims(
  store: Store,
  { config }: Pick<View, "config">,
  ms: number,
  isDryRun: boolean,
): Promise<PrunedClaims> {
  if (store.journal === undefined || readContact(store) === undefined) return { ids: [] };
  try {
    const claims = openClaims(store, config);
    const there = await claims.transport.lookAll([claims.all]);
    const ended = endedClaims(claims, there, () => Math.max(KEPT_MS, ms));
    if (!isDryRun) await takeAway(claims, ended);
    return { ids: ended.map(([id]) => id) };
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof AyoError)) throw error;
    return { ids: [], notice: `claims that are over stay at the remote for now: ${error.message}` };
  }
}
