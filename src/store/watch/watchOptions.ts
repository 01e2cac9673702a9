import type { TicketEvent } from "../../ticket/events/events.ts";

/** From where to where the branch was followed: what resumes there. */
export interface Round {
  readonly from: string;
  readonly to: string;
}

/** How a store is watched, and who is told. */
export interface WatchOptions {
  /** Replays first what happened after this commit, event or time (see startingPoint in since.ts). */
  readonly since?: string;
  /** Looks every second instead of asking the system for notifications: for network file systems. */
  readonly poll?: boolean;
  /** The events of one commit, or notices; the next are read when this is done. */
  readonly onEvents: (events: readonly TicketEvent[]) => void | Promise<void>;
  /** Everything that the branch had gained was handed to `onEvents`; who waits for all of a merge has it now. */
  readonly onRound?: (round: Round) => void | Promise<void>;
  /** config.yml is another than before, whether or not it can be read. */
  readonly onConfig?: () => void;
  /** What a person should know: a store that is gone, a disk that is full. */
  readonly onWarning: (text: string) => void;
}
