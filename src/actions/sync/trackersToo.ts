import { AyoError } from "../../error.ts";
import { readStore } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import type { TrackerSynced } from "../tracker/runTracker.ts";
import type { Synced } from "./sync.ts";

interface Options {
  readonly as?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

/** What came of the trackers of a store, and what else there is to tell. */
export interface TrackersSynced {
  readonly trackers: readonly TrackerSynced[];
  readonly notices: readonly string[];
}

/**
 * Syncs the trackers of a store as a part of a sync with others. What keeps a tracker from it is told, and stops nothing
 * that was done before; a yes to sending tickets there for the first time is given to `ayo sync linear` or `github` alone.
 */
export async function trackersToo(store: Store, options: Options): Promise<TrackersSynced> {
  const none = { trackers: [], notices: [] };
  if (store.journal === undefined) return none;
  const { config } = await readStore(store);
  if (config.settings.trackers === undefined) return none;
  const [{ trackersIn }, { FACTS }] = await Promise.all([
    import("../tracker/rules.ts"),
    import("../tracker/kinds/facts.ts"),
  ]);
  const all = told(() => trackersIn(config));
  if (all instanceof AyoError) return { trackers: [failed("", "", all)], notices: [] };
  const trackers: TrackerSynced[] = [];
  const notices: string[] = [];
  for (const { name, place } of all) {
    const { hasKey } = await import("../tracker/connect.ts");
    if (!hasKey(store, name)) notices.push(`${name} was not asked: ${FACTS[name].keyName} is not set here`);
    else {
      const { runTracker } = await import("../tracker/runTracker.ts");
      try {
        trackers.push(await runTracker(store, { ...options, tracker: name, isMet: true }));
      } catch (error) {
        if (!(error instanceof AyoError)) throw error;
        trackers.push(failed(name, place, error));
      }
    }
  }
  return { trackers, notices };
}

function told<T>(read: () => T): T | AyoError {
  try {
    return read();
  } catch (error) {
    if (error instanceof AyoError) return error;
    throw error;
  }
}

function failed(tracker: string, place: string, { code, message, data }: AyoError): TrackerSynced {
  const why = code === "needs_confirmation" ? `${data?.what ?? message} 'ayo sync ${tracker}' asks for a yes` : message;
  // What came before a yes was missing is told all the same.
  const told = code === "needs_confirmation" ? ((data?.told ?? []) as TrackerSynced["told"]) : [];
  const nothing = { came: 0, sent: 0, commits: 0, until: null, notices: [] };
  return { tracker, place, ...nothing, told, left: [{ id: "", why }] };
}

/** A sync of a store that is shared with nobody, but has a tracker; undefined where there is none. */
export async function trackersAlone(store: Store, options: Options): Promise<Synced | undefined> {
  const { trackers, notices } = await trackersToo(store, options);
  if (trackers.length + notices.length === 0) return undefined;
  const { ticketsIn } = await import("../../store/sync/lookHere.ts");
  const tickets = await ticketsIn(store);
  const nothing = { came: 0, went: 0, told: [], setAside: [], outbox: [], first: null };
  const nowhere = { remote: null, url: null, ref: null, commit: null };
  return { ...nowhere, ...nothing, tickets, notices, trackers, ...(options.dryRun ? { dryRun: true } : {}) };
}
