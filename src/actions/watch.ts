import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Store } from "../store/open/store.ts";
import { type Watch, watchStore } from "../store/watch/watch.ts";
import type { Round } from "../store/watch/watchOptions.ts";
import { EVENTS, type EventName, type TicketEvent } from "../ticket/events/events.ts";
import { beginChannels } from "./channel/beginChannel.ts";
import { tail } from "./channel/channel.ts";
import type { ChannelEvent } from "./channel/channelEvent.ts";
import { flag, optionalList, optionalText } from "./input/action.ts";

/** What `ayo watch` takes besides its stores. */
export const watchInput = v.object({
  since: optionalText(
    "first replay what happened after this commit, event id, time (2026-11-21T22:00) or duration (8h)",
  ),
  event: optionalList("only these events: ticket.closed, ready …"),
  untilNow: flag("end when everything up to now is printed"),
  tail,
  poll: flag("look every second: for network file systems"),
});

/** Where the events go. */
export interface WatchHandlers {
  /** The events of one commit of one store, or notices. */
  readonly onEvents: (events: readonly ChannelEvent[]) => void | Promise<void>;
  readonly onWarning: (text: string) => void;
  /** Every store was read once and is being watched. */
  readonly onReady?: () => void;
  /** When to end. */
  readonly until: Promise<unknown>;
}

/** What is watched: the stores, or with ids the channels of these tickets. */
type WatchInput = v.InferOutput<typeof watchInput> & { readonly ids?: readonly string[] | undefined };

/**
 * Watches several stores until `until` is done; the events of each come in commit order. With ids only those of these
 * tickets, their last messages first.
 * @throws bad_usage for an unknown event name, before anything is watched; not_found for a ticket that no store has; what
 * the first store that cannot be watched throws
 */
export async function watchStores(
  openers: readonly (() => Store)[],
  input: WatchInput,
  handlers: WatchHandlers,
): Promise<void> {
  const wanted = input.event === undefined ? undefined : new Set(input.event.map(eventName));
  const watches = await beginWatches(openers, input, { wanted, handlers });
  const failed = Promise.race(watches.map(({ done }) => done));
  try {
    await Promise.race([Promise.all(watches.map(({ ready }) => ready)), failed]);
    handlers.onReady?.();
    if (input.untilNow !== true) await Promise.race([handlers.until, failed]);
  } finally {
    await Promise.all(watches.map((watch) => watch.stop()));
  }
}

interface Told {
  readonly wanted: ReadonlySet<EventName> | undefined;
  readonly handlers: WatchHandlers;
}

async function beginWatches(
  openers: readonly (() => Store)[],
  { ids = [], since, tail: last, poll }: WatchInput,
  { wanted, handlers }: Told,
): Promise<Watch[]> {
  const { onWarning } = handlers;
  const options = { ...(poll === true ? { poll: true } : {}), onWarning };
  const tell = (events: readonly ChannelEvent[]) => (events.length === 0 ? undefined : handlers.onEvents(events));
  if (ids.length === 0) {
    if (last !== undefined) throw new AyoError("bad_usage", "--tail is for a ticket: name one, or use --since");
    const onEvents = (events: readonly TicketEvent[]) => tell(events.filter(({ event }) => wanted?.has(event) ?? true));
    return openers.map((open) => watchStore(open, { ...options, ...(since === undefined ? {} : { since }), onEvents }));
  }
  const channels = await beginChannels(openers, { ids, since, tail: last, wanted, onWarning });
  const watches: Watch[] = [];
  for (const { open, since: start, events: first, following } of channels) {
    await tell(first);
    const onEvents = async (events: readonly TicketEvent[]): Promise<void> => {
      following.hear(events);
      // Notices are in no commit: nothing more comes with them.
      if (events.every(({ cause }) => cause.commit === null)) await tell(await following.tell());
    };
    const onRound = async (round: Round): Promise<void> => tell(await following.tell(round));
    watches.push(watchStore(open, { ...options, since: start, onEvents, onRound }));
  }
  return watches;
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
