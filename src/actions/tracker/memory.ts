import path from "node:path";
import { readStoreFile, Unread } from "../../store/files/storeFile.ts";
import { homeFolder } from "../../store/open/locate/homeFolder.ts";
import type { Store } from "../../store/open/store.ts";
import { writePrivate } from "../../store/open/writePrivate.ts";
import { TrackerError } from "../../trackers/provider.ts";

/** What this machine keeps of a tracker, in AYO_HOME. */
export interface TrackerMemory {
  /** The address and team to which somebody here has said yes to sending tickets. */
  readonly agreed?: string;
  /** gh is asked for its token where the environment has none: somebody here wanted that. */
  readonly gh?: boolean | undefined;
  /** When all of it was read last, in milliseconds. */
  readonly wholeAt?: number;
  /** When it was synced last, and what is left to do since. */
  readonly syncedAt?: string;
  readonly left?: readonly { readonly id: string; readonly why: string }[];
  /** Why something was refused that stands refused in a pair, with what stands there. */
  readonly refused?: readonly {
    readonly id: string;
    readonly part: string;
    readonly hash: string;
    readonly why: string;
  }[];
  /** When it may be asked again, where it said so. */
  readonly until?: string | undefined;
}

const fileOf = (store: Store, tracker: string): string => path.join(homeFolder(store, "trackers"), `${tracker}.json`);

/** What is remembered; nothing where that cannot be read: then it is asked, or read, once more. */
export function readMemory(store: Store, tracker: string): TrackerMemory {
  const read = readStoreFile(fileOf(store, tracker), { limit: 1024 * 1024 });
  if (read === undefined || read instanceof Unread) return {};
  try {
    const raw: unknown = JSON.parse(read.bytes.toString("utf8"));
    return typeof raw === "object" && raw !== null ? (raw as TrackerMemory) : {};
  } catch {
    return {};
  }
}

/** Remembers more of a tracker. @throws store_not_writable, disk_full */
export function remember(store: Store, tracker: string, more: Partial<TrackerMemory>): void {
  const now = { ...readMemory(store, tracker), ...more };
  writePrivate(fileOf(store, tracker), `${JSON.stringify(now)}\n`);
}

const LONGEST_LIMIT = 24 * 60 * 60_000;

/** A tracker that said when it may be asked again is not asked before. @throws TrackerError */
export function assertMayAsk({ host }: Store, name: string, { until }: TrackerMemory): void {
  const time = until === undefined ? 0 : Date.parse(until);
  // No limit lasts longer: a clock was set.
  if (!(time > host.now()) || time > host.now() + LONGEST_LIMIT) return;
  throw new TrackerError("limit", `${name} takes no requests before ${until}`, { until: time });
}
