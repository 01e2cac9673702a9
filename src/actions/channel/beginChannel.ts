import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import { storeTip } from "../../store/disk/stamp.ts";
import { readStore } from "../../store/disk/view.ts";
import { positionOf, readFront } from "../../store/events/front.ts";
import { startingPoint } from "../../store/events/since.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import { commitAll } from "../../store/watch/watchLoop.ts";
import type { EventName } from "../../ticket/events/events.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { id, invoke } from "../input/action.ts";
import { LAST_MESSAGES } from "./channel.ts";
import type { ChannelEvent } from "./channelEvent.ts";
import { type Following, followTickets } from "./following.ts";
import { lastMessages } from "./lastMessages.ts";

/** What is followed, and from where. */
export interface ChannelOptions {
  readonly ids: readonly string[];
  readonly since?: string | undefined;
  readonly tail?: number | undefined;
  readonly wanted?: ReadonlySet<EventName> | undefined;
  readonly onWarning: (text: string) => void;
}

/** The tickets of one store that are followed. */
export interface BegunChannel {
  readonly open: () => Store;
  /** From where on the store is to be watched. */
  readonly since: string;
  /** What comes before that. */
  readonly events: readonly ChannelEvent[];
  readonly following: Following;
}

/**
 * Begins to follow tickets, each in the stores that have it; nothing lies between what comes first and what is watched.
 * @throws not_found, ambiguous_id, no_store, bad_usage
 */
export async function beginChannels(
  openers: readonly (() => Store)[],
  options: ChannelOptions,
): Promise<BegunChannel[]> {
  if (options.since !== undefined && options.tail !== undefined) {
    throw new AyoError("bad_usage", "--since and --tail both say where to begin: give one of them");
  }
  const stores = openers.map((open) => ({ open, store: open() }));
  const found = new Map<Store, Map<string, Ticket>>(stores.map(({ store }) => [store, new Map()]));
  for (const wanted of options.ids) {
    const tickets = await Promise.all(stores.map(({ store }) => ticketIn(store, wanted)));
    if (tickets.every((one) => one instanceof AyoError)) throw tickets[0];
    for (const [at, one] of tickets.entries())
      if (!(one instanceof AyoError)) found.get(stores[at]?.store as Store)?.set(one.id, one);
  }
  const begun: BegunChannel[] = [];
  for (const { open, store } of stores) {
    const tickets = [...(found.get(store)?.values() ?? [])];
    if (tickets.length > 0) begun.push({ open: goOn(store, open), ...(await begin(store, tickets, options)) });
  }
  return begun;
}

/** The store that is open already, and where that is gone another. */
function goOn(store: Store, open: () => Store): () => Store {
  let first: Store | undefined = store;
  return () => {
    const now = first ?? open();
    first = undefined;
    return now;
  };
}

/** The ticket, or that this store has none. @throws ambiguous_id, bad_ticket */
async function ticketIn(store: Store, wanted: string): Promise<Ticket | AyoError> {
  try {
    return await findFollowed(store, wanted);
  } catch (error) {
    if (error instanceof AyoError && error.code === "not_found") return error;
    throw error;
  }
}

async function begin(store: Store, tickets: readonly Ticket[], options: ChannelOptions) {
  // A folder without git gets its journal first, as when it is watched.
  if (store.journal === undefined) await commitAll(store, options);
  const journal = store.journal as unknown as Journal;
  const { since, wanted, tail = LAST_MESSAGES } = options;
  if (since !== undefined) {
    const point = await startingPoint(journal, since, store.host.now());
    const from = positionOf(point) ?? "";
    const following = await followTickets(journal, { tickets, from, wanted });
    return { since: from || since, events: [], following };
  }
  const at = storeTip(store) as string;
  return { since: at, ...(await beginChannel(store, tickets, { at, tail, wanted })) };
}

/**
 * The last messages of some tickets at a position of their store, and what is told from there on.
 */
export async function beginChannel(
  store: Store,
  tickets: readonly Ticket[],
  { at, tail, wanted }: { readonly at: string; readonly tail: number; readonly wanted?: ChannelOptions["wanted"] },
): Promise<Pick<BegunChannel, "events" | "following">> {
  const journal = store.journal as Journal;
  const following = await followTickets(journal, { tickets, from: at, wanted });
  const { commit } = readFront(at)?.at(-1) ?? {};
  const events: ChannelEvent[] = [];
  for (const ticket of tickets)
    if (commit !== undefined) events.push(...(await lastMessages(store, journal, ticket, { at: commit, count: tail })));
  const told = events.filter(({ event }) => wanted?.has(event) ?? true);
  return { events: tickets.length === 1 ? told : told.toSorted(byTime), following };
}

/**
 * The ticket that somebody wants to follow.
 * @throws not_found, ambiguous_id, bad_ticket
 */
export async function findFollowed(store: Store, wanted: string): Promise<Ticket> {
  const find = {
    input: v.object({ id }),
    run: async (_: Store, { id: name }: { readonly id: string }) =>
      findTicket(store, await readStore(store), name, true),
  };
  return invoke(find, store, { id: wanted });
}

function byTime(one: ChannelEvent, other: ChannelEvent): number {
  const [left = "", right = ""] = [one.notes?.[0]?.at, other.notes?.[0]?.at];
  return left < right ? -1 : Number(left > right);
}
