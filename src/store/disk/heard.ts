import { readFileSync, statfsSync } from "node:fs";
import type { Index } from "../open/entry.ts";
import { runtimeKey } from "../open/runtime.ts";

/** Everything is looked at again after so long, for what no notification tells: a file mapped into memory. */
export const DOUBT_MS = 10_000;

/** File systems that tell of every change made on this machine, by Linux' numbers (linux/magic.h). */
const TELLING = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x01021994, // tmpfs
  0xf2f52010, // f2fs
  0x794c7630, // overlayfs
]);

/** How many notifications the kernel keeps for us: more are lost, and Node does not say so. */
const QUEUE_LENGTH = 16_384;

/**
 * What the system has told of the files in a store's folder since they were last looked at: so that a process which
 * lives looks at those alone. What was written before somebody asked has been told by then, once the event loop has
 * gone round (`settle`): the kernel queues a notification before the write returns.
 */
export interface Heard {
  /** Done when all that had happened before the call has been heard. */
  settle(): Promise<void>;
  /**
   * The names that may have changed since this index was last looked at, which the caller does now; undefined where
   * everything is to be looked at.
   */
  take(index: Index): ReadonlySet<string> | undefined;
  /** What was taken was not looked at after all. */
  lose(): void;
  /** Whether every change is heard of now. */
  isSure(): boolean;
}

/** What is heard of a store in this process; undefined where nobody listens. */
export const HEARD = runtimeKey<Heard | undefined>("heard", () => undefined);

/** Collects what is heard: names of changed files, or that everything may have changed. */
export interface HeardNames extends Heard {
  /** Something happened to `name`; "" where that is not known. */
  add(name: string): void;
}

/** Ears for a folder. `isListening`: whether somebody tells them of changes now. */
export function heardNames(dir: string, isListening: () => boolean): HeardNames {
  const isTelling = tells(dir);
  const most = queueLength() / 2;
  let names: Set<string> | undefined;
  let of: WeakRef<Index> | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let inTurn = 0;
  const add = (name: string): void => {
    if (inTurn === 0)
      setImmediate(() => {
        inTurn = 0;
      });
    // So many at once, and others may have been lost.
    if (++inTurn > most || name === "") names = undefined;
    else names?.add(name);
  };
  return {
    add,
    settle: async () => {
      // Whoever asks may be in the midst of the notifications of a turn: the next one has all.
      for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    },
    take: (index) => {
      const now = performance.now();
      const isKnown = isTelling && isListening() && of?.deref() === index && now - lookedAt < DOUBT_MS;
      const taken = isKnown ? names : undefined;
      names = isTelling && isListening() ? new Set() : undefined;
      of = new WeakRef(index);
      if (taken === undefined) lookedAt = now;
      return taken;
    },
    lose: () => {
      names = undefined;
    },
    isSure: () => isTelling && isListening(),
  };
}

/** Whether the system tells of every change in a folder, by its own clock: on network file systems others change files unheard. */
export function tells(dir: string): boolean {
  try {
    return TELLING.has(statfsSync(dir).type);
  } catch {
    return false;
  }
}

function queueLength(): number {
  try {
    return Number(readFileSync("/proc/sys/fs/inotify/max_queued_events", "utf8")) || QUEUE_LENGTH;
  } catch {
    // Nowhere but on Linux is there one.
    return QUEUE_LENGTH;
  }
}
