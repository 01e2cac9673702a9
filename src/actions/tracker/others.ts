import { AyoError } from "../../error.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import { isShared } from "../../store/open/syncFolder.ts";

/** A way to bring what others of a shared store did, and to send what was done here. */
export interface Others {
  /** Notices of what was brought; where they cannot be reached, that. */
  readonly meet: () => Promise<readonly string[]>;
  /** The same, before anything new is made at a tracker: who does not know of it would take it for a new one. */
  readonly tell: () => Promise<void>;
}

/** The others of a store; of one that is shared with nobody there is nothing to do. */
export function othersOf(store: Store, journal: Journal): Others {
  if (journal.mode !== "own" || !isShared(store)) return { meet: async () => [], tell: async () => undefined };
  const meetNow = async (): Promise<readonly string[]> => {
    const [{ meet }, { findRemote }] = await Promise.all([
      import("../../store/sync/meet.ts"),
      import("../../store/sync/findRemote.ts"),
    ]);
    const { told, notices } = await meet(store, journal, findRemote(store), { mayAsk: false, confirm: refuse });
    return [...told.map(({ message }) => `merged: ${message}`), ...notices];
  };
  return {
    meet: async () => {
      try {
        return await meetNow();
      } catch (error) {
        if (!(error instanceof AyoError)) throw error;
        return [`the others were not met: ${error.message}`];
      }
    },
    tell: async () => {
      try {
        await meetNow();
      } catch (error) {
        if (!(error instanceof AyoError)) throw error;
        const message = `nothing new is made at the tracker before the others know of it: ${error.message}`;
        throw new AyoError("unreachable", message, { cause: error });
      }
    },
  };
}

function refuse(): never {
  throw new AyoError("needs_person", "the tickets are not shared with this remote yet: 'ayo sync' asks for a yes");
}
