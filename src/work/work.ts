import type { Actor } from "../store/open/identity/identity.ts";
import type { Store } from "../store/open/store.ts";
import type { LiveRun } from "./run/liveRun.ts";

/** What a dispatcher tells whoever looks at it. */
export interface WorkNews {
  /** ISO time. */
  readonly at: string;
  readonly what: "started" | "adopted" | "ended" | "stopped" | "again" | "not_started" | "removed" | "kept" | "trouble";
  readonly ticket?: string;
  readonly n?: number;
  readonly agent?: string;
  readonly text: string;
}

/** A dispatcher at work. */
export interface Work {
  readonly store: Store;
  /** Who started it: committer of what agents do. */
  readonly person: Actor;
  /** The words that start ayo. */
  readonly ayo: readonly string[];
  /** The runs that it looks after. */
  readonly runs: Set<LiveRun>;
  /** Fires when the dispatcher is to end: what it runs itself ends with it. */
  readonly stopping?: AbortSignal;
  tell(news: Omit<WorkNews, "at">): void;
  /** Has the loop look again at once. */
  wake(): void;
}
