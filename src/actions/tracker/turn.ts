import { AyoError } from "../../error.ts";
import { sideLock } from "../../store/change/lock/sideLock.ts";
import type { Config } from "../../store/open/config/config.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import { asksOthers } from "../../store/open/syncFolder.ts";
import { TrackerError } from "../../trackers/provider.ts";

/** How long others on other machines wait for one that says nothing; in milliseconds. */
const LEASE_MS = 45_000;

/** The one sync with a tracker that goes on now. */
export interface Turn {
  /**
   * To be asked before each thing that another sync must not do as well: who stood still, or could not be heard, may have
   * lost the turn meanwhile. Looks at the disk and at a clock, and asks nobody.
   * @throws TrackerError `turn` (store_busy)
   */
  readonly assertOurs: () => void;
}

/** Whose turn it is to be. */
interface Wanted {
  readonly journal: Journal;
  readonly config: Config;
  readonly tracker: string;
  /** Another length of the claim than what is usual; in milliseconds. */
  readonly lease?: number | undefined;
}

/** The one sync with a tracker at a time: of this machine by a lock, of all by a claim where the store is shared. */
export async function inTurn<T>(
  store: Store,
  { journal, config, tracker, lease = LEASE_MS }: Wanted,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const lock = await sideLock(store, journal, `tracker-${tracker}`);
  try {
    const claim = await claimThere(store, config, tracker, lease);
    const assertOurs = (): void => {
      const why = lock.isOurs() ? claim?.whyLost() : "took over: another process of this machine";
      if (why !== undefined) throw lost(tracker, why);
    };
    try {
      return await work({ assertOurs });
    } finally {
      await claim?.end();
    }
  } finally {
    await lock.release();
  }
}

function lost(tracker: string, why: string): TrackerError {
  return new TrackerError("turn", `another sync with ${tracker} ${why}; what was done is kept`);
}

/** Others are asked where the store is shared; where they cannot be, ids that are the same everywhere keep it sound. */
async function claimThere(store: Store, config: Config, tracker: string, lease: number) {
  if (!asksOthers(store, config)) return undefined;
  const { holdClaim } = await import("./holdClaim.ts");
  const held = await holdClaim(store, config, { id: `sync-${tracker}`, lease });
  if (!("who" in held)) return held;
  throw new AyoError("store_busy", `${held.who} syncs with ${tracker} just now: try again when it is done`, {
    data: { tracker },
  });
}
