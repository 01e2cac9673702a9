import { configStamp, storeTip } from "../../store/disk/stamp.ts";
import { eventsSince } from "../../store/events/replay.ts";
import type { Store } from "../../store/open/store.ts";
import { watchStore } from "../../store/watch/watch.ts";
import type { Round } from "../../store/watch/watchOptions.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";

/** Told of the events of one commit, or of notices. */
export type Listener = (events: readonly TicketEvent[]) => void;

/** Everything that happens in one store. */
export interface Feed {
  /** Done when no change from now on is missed. */
  readonly ready: Promise<void>;
  /** Where the stream stands: the last event that was published, or a commit; resuming there misses nothing. */
  position(): string | undefined;
  /**
   * The function that it answers with ends the listening. `onRound` hears when all that the branch had gained was told.
   */
  subscribe(listener: Listener, onRound?: (round: Round) => void): () => void;
  /** Another text for another config.yml. */
  config(): string;
  /** Calls `listener` when config.yml is another than before; the function that it answers with ends that. */
  onConfig(listener: () => void): () => void;
  /**
   * What happened after an event that a listener has seen.
   * @throws not_found where the newest part of the store's history has no such event
   */
  since(id: string): Promise<readonly TicketEvent[]>;
  /** Says what a person should know. */
  warn(text: string): void;
  /** Ends the watching. */
  close(): Promise<void>;
}

/** So many events are kept to resume from. */
const KEPT = 2000;
/** Those of so many commits are read from git, and nothing older: to read everything anew is quicker then. */
const REPLAYED = 1000;

/** Watches a store: hand edits are committed, and every commit comes out as events. */
export function feedOf(open: () => Store, onWarning: (text: string) => void): Feed {
  const listeners = new Map<Listener, (round: Round) => void>();
  const configListeners = new Set<() => void>();
  let kept: TicketEvent[] = [];
  let position: string | undefined;
  const onEvents = (events: readonly TicketEvent[]): void => {
    const committed = events.filter(({ cause }) => cause.commit !== null);
    kept.push(...committed);
    if (kept.length > 2 * KEPT) kept = kept.slice(-KEPT);
    const last = committed.at(-1);
    position = last?.position ?? last?.id ?? position;
    for (const listener of listeners.keys()) listener(events);
  };
  const onRound = (round: Round): void => {
    for (const hear of listeners.values()) hear(round);
  };
  const onConfig = (): void => {
    for (const hear of configListeners) hear();
  };
  const watch = watchStore(open, { onEvents, onRound, onConfig, onWarning });
  watch.done.catch((error: Error) => onWarning(error.message));
  const noted = (): void => {
    position ??= tipOf(open);
  };
  // A store that cannot be watched is told above, and served all the same.
  const ready = watch.ready.then(noted, noted);
  return {
    ready,
    position: () => position,
    config: () => configOf(open),
    subscribe: (listener, hearRound = () => {}) => {
      listeners.set(listener, hearRound);
      return () => void listeners.delete(listener);
    },
    onConfig: (listener) => {
      configListeners.add(listener);
      return () => void configListeners.delete(listener);
    },
    since: async (id) => {
      const at = kept.findIndex((event) => event.position === id || event.id === id);
      return at >= 0 ? kept.slice(at + 1) : eventsSince(open(), id, REPLAYED);
    },
    warn: onWarning,
    close: () => watch.stop(),
  };
}

function configOf(open: () => Store): string {
  try {
    return configStamp(open());
  } catch {
    // The store is gone; it is waited for.
    return "";
  }
}

function tipOf(open: () => Store): string | undefined {
  try {
    return storeTip(open());
  } catch {
    // The store is gone; it is waited for.
    return undefined;
  }
}
