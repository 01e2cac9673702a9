import type { TicketEvent } from "../../ticket/events/events.ts";

/** How a store is watched, and who is told. */
export interface WatchOptions {
  /** Replays first what happened after this commit, event or time (see startingPoint in since.ts). */
  readonly since?: string;
  /** Looks every second instead of asking the system for notifications: for network file systems. */
  readonly poll?: boolean;
  /** The events of one commit, or notices; the next are read when this is done. */
  readonly onEvents: (events: readonly TicketEvent[]) => void | Promise<void>;
  /** What a person should know: a store that is gone, a disk that is full. */
  readonly onWarning: (text: string) => void;
}
