import { runtimeKey } from "../../open/runtime.ts";
import type { Store } from "../../open/store.ts";
import type { Options, Outcome, Run } from "../changing.ts";

/** Somebody of this process who wants a change made. */
export interface Caller<T = unknown> {
  /** The store as it is for the caller: with an environment of its own, perhaps. */
  readonly store: Store;
  readonly options: Options<T>;
  readonly change: Run<T>;
}

/** A caller in the queue, and who waits for the answer. */
export interface Queued extends Caller {
  readonly answer: (settled: Settled) => void;
  /** Milliseconds of performance.now(). */
  readonly since: number;
}

/** How a change went: made, or refused. */
export type Settled = { readonly outcome: Outcome<unknown> } | { readonly error: unknown };

/** Those who wait for their change, in the order they came, and whether somebody is at it. */
export interface CallerQueue {
  readonly callers: Queued[];
  isRunning: boolean;
  /** So many of the next go one by one: together they could not be done. */
  alone: number;
  /** What was done for a round that could not be done together: the next tells it. */
  told: string[];
  /** Wakes whoever waits for somebody to come. */
  wake: () => void;
}

/** This process's changes of a store. */
export const QUEUE = runtimeKey<CallerQueue>("queue", () => ({
  callers: [],
  isRunning: false,
  alone: 0,
  told: [],
  wake: () => {},
}));
