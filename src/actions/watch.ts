import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Store } from "../store/open/store.ts";
import { type Watch, watchStore } from "../store/watch/watch.ts";
import type { Round } from "../store/watch/watchOptions.ts";
import { EVENTS, type EventName, type TicketEvent } from "../ticket/events/events.ts";
import { beginChannels } from "./channel/beginChannel.ts";
import { tail } from "./channel/channel.ts";
import type { ChannelEvent } from "./channel/channelEvent.ts";
import { followProgress } from "./channel/progress.ts";
import { flag, optionalList, optionalText } from "./input/action.ts";
import { pipelinesFollow } from "./input/aroundChange.ts";

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

/** Has pipelines act on what was edited by hand, or brought by a sync: no command does. What they do comes as events. */
function pipelinesAfter(
  opened: () => Store | undefined,
  onWarning: WatchHandlers["onWarning"],
): (events: readonly TicketEvent[]) => void {
  let last: Promise<void> = Promise.resolve();
  let isWaiting = false;
  const act = async (): Promise<void> => {
    isWaiting = false;
    const store = opened();
    if (store === undefined) return;
    for (const line of await pipelinesFollow(store)) if (line.startsWith("pipelines did not")) onWarning(line);
  };
  return (events) => {
    if (isWaiting || events.every(({ cause }) => cause.commit === null)) return;
    isWaiting = true;
    last = last.then(act).catch((error: Error) => onWarning(`pipelines did not go on: ${error.message}`));
  };
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
    return openers.map((open) => {
      // The one that is watched: each that is opened says that it answers for the store from now on.
      let store: Store | undefined;
      const opening = (): Store => {
        store = open();
        return store;
      };
      const goOn = pipelinesAfter(() => store, onWarning);
      const onEvents = async (events: readonly TicketEvent[]): Promise<void> => {
        await tell(events.filter(({ event }) => wanted?.has(event) ?? true));
        goOn(events);
      };
      return watchStore(opening, { ...options, ...(since === undefined ? {} : { since }), onEvents });
    });
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
    watches.push(progressWatch(open, async (notices) => tell(following.pass(notices)), onWarning));
  }
  return watches;
}

/** What agents do meanwhile, as a watch beside that of the store. */
function progressWatch(
  open: () => Store,
  onNotices: (notices: readonly ChannelEvent[]) => Promise<void>,
  onWarning: (text: string) => void,
): Watch {
  let turn = Promise.resolve();
  let stop = (): void => {};
  const done = new Promise<never>((_, reject) => {
    const tell = (events: readonly ChannelEvent[]): void => {
      turn = turn.then(() => onNotices(events)).catch(reject);
    };
    stop = followProgress(open, tell, ({ message }) => onWarning(message));
  });
  return {
    ready: Promise.resolve(),
    done,
    stop: () => {
      stop();
      return turn;
    },
  };
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
