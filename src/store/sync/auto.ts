import { AyoError } from "../../error.ts";
import { readHead } from "../../git/refs/refs.ts";
import { underLastConfig } from "../disk/configFile.ts";
import type { Store } from "../open/store.ts";
import { configOf } from "./lookHere.ts";

/** How often it is looked whether something is to be done. In milliseconds, like all below. */
const LOOK_MS = 500;
/** A change is sent once nothing else changed for this long: a batch is one push. */
const QUIET_MS = 2_000;
/** Changes that never stop are sent after this long. */
const BURST_MS = 15_000;
/** How often others are asked for news, where config.yml does not say. */
const FETCH_MS = 60_000;
/** Hosts ask for few pushes a minute: this part of the time between two looks passes at least from one to the next. */
const LEAST_PART = 6;
/** After failures, at most. */
const MAX_WAIT_MS = 15 * 60_000;

/** So much of a merge is told; all of it is in the tickets' notes. */
const MAX_TOLD = 10;

/** A store that is kept the same as its remote by a process that goes on. */
export interface AutoSync {
  /** From now on this object is the store: its directory was opened again. */
  follow(store: Store): void;
  /** No new sync begins. */
  stop(): void;
}

/** Who hears of it. */
export interface AutoOptions {
  readonly warn: (message: string) => void;
}

/** By their private folders. */
const kept = new Map<string, AutoSync>();

/** Keeps a store synced from now on; a store that is kept already is this one from now on. */
export function autoSync(store: Store, options: AutoOptions): void {
  if (store.journal?.mode !== "own") return;
  const { stateDir } = store.journal;
  const known = kept.get(stateDir);
  if (known === undefined) kept.set(stateDir, keepSynced(store, options));
  else known.follow(store);
}

/**
 * Syncs a store now and then, and after changes, while `sync: {auto: true}` is in its config.yml and somebody here has
 * said where it is shared. No command waits for it; that nobody answers is told once.
 */
export function keepSynced(first: Store, { warn }: AutoOptions): AutoSync {
  let store = first;
  const hurried = Number(first.host.env.AYO_SYNC_MS) || undefined;
  const quietMs = Math.min(QUIET_MS, hurried ?? QUIET_MS);
  const due = whenDue(quietMs);
  let isAtIt = false;
  let told = "";
  const look = (): void => {
    const head = headOf(store);
    if (isAtIt || !due.isNow(head)) return;
    isAtIt = true;
    void underLastConfig(store, () => syncQuietly(store, warn))
      .then(
        ({ commit, everyMs }) => {
          told = "";
          due.done(commit ?? head, hurried ?? everyMs);
        },
        (error: Error) => {
          if (error.message !== told) warn(`sync: ${error.message}`);
          told = error.message;
          due.failed(hurried ?? FETCH_MS);
        },
      )
      .finally(() => {
        isAtIt = false;
      });
  };
  const timer = setInterval(look, Math.min(LOOK_MS, quietMs)).unref();
  return {
    follow: (again) => {
      store = again;
    },
    stop: () => clearInterval(timer),
  };
}

/** Changes that came since the last sync. */
interface Burst {
  readonly head: string | undefined;
  readonly since: number;
  readonly last: number;
}

/** When the next sync is to be: now and then, and after changes once they pause. */
function whenDue(quietMs: number) {
  let synced: string | undefined;
  let waitUntil = 0;
  let notBefore = 0;
  let failures = 0;
  let changed: Burst | undefined;
  return {
    isNow: (head: string | undefined): boolean => {
      const now = performance.now();
      if (now >= waitUntil) return true;
      // After failures changes wait like everything else.
      if (head === synced || failures > 0 || now < notBefore) return false;
      const burst: Burst =
        changed !== undefined && changed.head === head ? changed : { head, since: changed?.since ?? now, last: now };
      changed = burst;
      return now - burst.last >= quietMs || now - burst.since >= BURST_MS;
    },
    done: (commit: string | undefined, fetchMs: number): void => {
      synced = commit;
      failures = 0;
      changed = undefined;
      waitUntil = performance.now() + fetchMs;
      notBefore = performance.now() + fetchMs / LEAST_PART;
    },
    failed: (fetchMs: number): void => {
      failures++;
      changed = undefined;
      waitUntil = performance.now() + Math.min(MAX_WAIT_MS, fetchMs * 2 ** Math.min(failures, 8));
    },
  };
}

/** What became of a sync: the commit that both sides have then, if there was one, and how long to wait for the next. */
interface Synced {
  readonly commit?: string;
  readonly everyMs: number;
}

/** Syncs a store where it is to be, and was shared by somebody here. */
async function syncQuietly(store: Store, warn: AutoOptions["warn"]): Promise<Synced> {
  const { journal } = store;
  if (journal === undefined) return { everyMs: FETCH_MS };
  const { sync } = await configOf(store);
  const everyMs = sync?.every ?? FETCH_MS;
  if (sync?.auto !== true) return { everyMs };
  const { readContact } = await import("./contact.ts");
  if (readContact(store) === undefined) return { everyMs };
  const [{ meet }, { findRemote }] = await Promise.all([import("./meet.ts"), import("./findRemote.ts")]);
  const { commit, came, told, notices } = await meet(store, journal, findRemote(store), QUIETLY);
  for (const { message } of told.slice(0, MAX_TOLD)) warn(`merged: ${message}`);
  for (const notice of notices) warn(notice);
  if (came > 0) warn(`${came} ${came === 1 ? "commit" : "commits"} came by sync`);
  return { commit, everyMs };
}

/** Nobody is there to ask. */
const QUIETLY = {
  mayAsk: false,
  confirm: (): never => {
    throw new AyoError("needs_person", "the tickets are not shared with this remote yet: 'ayo sync' asks for a yes");
  },
};

/** The store's commit; undefined while its directory is away. */
function headOf({ journal }: Store): string | undefined {
  try {
    return journal === undefined ? undefined : readHead(journal.repository).oid;
  } catch {
    return undefined;
  }
}
