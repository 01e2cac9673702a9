import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Store } from "../store/open/store.ts";
import { watchStore } from "../store/watch/watch.ts";
import { EVENTS, type EventName, type TicketEvent } from "../ticket/events/events.ts";
import { flag, optionalList, optionalText } from "./input/action.ts";

/** What `ayo watch` takes besides its stores. */
export const watchInput = v.object({
  since: optionalText(
    "first replay what happened after this commit, event id, time (2026-11-21T22:00) or duration (8h)",
  ),
  event: optionalList("only these events: ticket.closed, ready …"),
  untilNow: flag("end when everything up to now is printed"),
  poll: flag("look every second: for network file systems"),
});

/** Where the events go. */
export interface WatchHandlers {
  /** The events of one commit of one store, or notices. */
  readonly onEvents: (events: readonly TicketEvent[]) => void | Promise<void>;
  readonly onWarning: (text: string) => void;
  /** Every store was read once and is being watched. */
  readonly onReady?: () => void;
  /** When to end. */
  readonly until: Promise<unknown>;
}

/**
 * Watches several stores until `until` is done; the events of each come in commit order.
 * @throws bad_usage for an unknown event name, before anything is watched; what the first store that cannot be
 * watched throws
 */
export async function watchStores(
  openers: readonly (() => Store)[],
  input: v.InferOutput<typeof watchInput>,
  handlers: WatchHandlers,
): Promise<void> {
  const wanted = input.event === undefined ? undefined : new Set(input.event.map(eventName));
  const options = {
    ...(input.since === undefined ? {} : { since: input.since }),
    ...(input.poll === true ? { poll: true } : {}),
    onWarning: handlers.onWarning,
    onEvents: (events: readonly TicketEvent[]) => {
      const kept = wanted === undefined ? events : events.filter(({ event }) => wanted.has(event));
      return kept.length === 0 ? undefined : handlers.onEvents(kept);
    },
  };
  const watches = openers.map((open) => watchStore(open, options));
  const failed = Promise.race(watches.map(({ done }) => done));
  try {
    await Promise.race([Promise.all(watches.map(({ ready }) => ready)), failed]);
    handlers.onReady?.();
    if (input.untilNow !== true) await Promise.race([handlers.until, failed]);
  } finally {
    await Promise.all(watches.map((watch) => watch.stop()));
  }
}

/**
 * The event that a name means, with or without `ticket.`.
 * @throws bad_usage with the names that there are
 */
export function eventName(name: string): EventName {
  const full = name.startsWith("ticket.") ? name : `ticket.${name}`;
  const found = EVENTS.find((event) => event === full);
  if (found !== undefined) return found;
  throw new AyoError("bad_usage", `there is no event '${name}'; events: ${EVENTS.join(", ")}`, {
    data: { event: name, allowed: EVENTS },
  });
}
