import path from "node:path";
import { type Moment, momentNow, msSince } from "../../../processes.ts";
import { DEFAULT_LEASE_MS } from "../../../ticket/rules/claim.ts";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import type { Store } from "../../open/store.ts";
import { syncFolder } from "../../open/syncFolder.ts";
import { writePrivate } from "../../open/writePrivate.ts";
import type { ClaimFacts } from "./claimCommit.ts";

/** A claim of others as it was seen here, and since when it has not changed. */
export interface Seen {
  /** The ref's commit; `file:…` for what a ticket says where there is no ref. */
  readonly key: string;
  readonly first: Moment;
  readonly facts: ClaimFacts;
}

/** By ticket. */
export type SeenClaims = Map<string, Seen>;

const MAX_BYTES = 8 * 1024 * 1024;

/** What was seen of claims; what cannot be read was not seen, which takes nothing from anybody. */
export function readSeen(store: Store): SeenClaims {
  const read = readStoreFile(fileOf(store), { limit: MAX_BYTES });
  if (read === undefined || read instanceof Unread) return new Map();
  try {
    const entries = Object.entries(JSON.parse(read.bytes.toString("utf8")) as Record<string, Seen>);
    return new Map(entries.filter(([, { key, first, facts }]) => key && first?.boot && facts?.actor));
  } catch {
    // Somebody else's: whoever is asked next is seen anew.
    return new Map();
  }
}

/** Keeps what was seen. @throws disk_full, store_not_writable */
export function writeSeen(store: Store, seen: SeenClaims): void {
  writePrivate(fileOf(store), `${JSON.stringify(Object.fromEntries(seen))}\n`);
}

/** Whether it is another than was seen, or was seen before this machine was started: for how long nobody can tell then. */
export function isNews(seen: SeenClaims, id: string, key: string): boolean {
  const known = seen.get(id);
  return known?.key !== key || msSince(known.first) === undefined;
}

/** Notes what is there now; what is as it was keeps the moment at which it was first seen. Says whether it is news. */
export function note(seen: SeenClaims, id: string, key: string, facts: ClaimFacts): boolean {
  if (!isNews(seen, id, key)) return false;
  seen.set(id, { key, first: momentNow(), facts });
  return true;
}

/** Whether a claim stood still for so long that its holder has shown no sign of life for a whole lease. */
export function stoodStill({ first, facts: { lease, ended } }: Seen): boolean {
  const length = ended === undefined ? lease : lease || DEFAULT_LEASE_MS;
  const ms = msSince(first);
  return length > 0 && ms !== undefined && ms >= length;
}

function fileOf(store: Store): string {
  return path.join(syncFolder(store), "seen.json");
}
