import * as v from "valibot";
import { findTicket } from "../../store/disk/findTicket.ts";
import { storeTip } from "../../store/disk/stamp.ts";
import { readStore } from "../../store/disk/view.ts";
import { followStore } from "../../store/events/follow.ts";
import { startingPoint } from "../../store/events/since.ts";
import { knownTicketsOf } from "../../store/events/worldAt.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { action, id, optionalText } from "../input/action.ts";
import type { ChannelEvent } from "./channelEvent.ts";
import { followTickets } from "./following.ts";
import { lastMessages } from "./lastMessages.ts";

/** What is said and done on a ticket, up to now. */
export interface Channel {
  readonly id: string;
  readonly title: string;
  /** In the order in which they are told. */
  readonly events: readonly ChannelEvent[];
  /** What `since` takes to go on from here; null where the store has no commit yet. */
  readonly position: string | null;
}

/** So many of the last messages are told to who comes new. */
export const LAST_MESSAGES = 10;

/** How many of the last messages come first. */
export const tail = v.optional(
  v.pipe(v.number(), v.integer(), v.minValue(0), v.description("so many of the last messages first (10); 0 for none")),
);

/** The channel of a ticket, read up to now: `ayo watch ID --until-now` for programs. */
export const channel = action({
  name: "channel",
  summary: "Tell what was said and done on a ticket lately, or since you last looked",
  writes: false,
  input: v.object({
    id,
    since: optionalText("what came after this position, commit, event id, time or duration (8h)"),
    tail,
  }),
  run: async (store, input): Promise<Channel> => {
    const view = await readStore(store);
    const ticket = await findTicket(store, view, input.id, true);
    const { id, title } = ticket;
    const { journal } = store;
    const at = journal === undefined ? undefined : storeTip(store);
    if (journal === undefined || at === undefined) return { id, title, events: [], position: null };
    if (input.since !== undefined) return { id, title, ...(await sinceThen(store, journal, ticket, input.since)) };
    const events = await lastMessages(store, journal, ticket, { at, count: input.tail ?? LAST_MESSAGES });
    return { id, title, events, position: at };
  },
});

async function sinceThen(
  store: Store,
  journal: Journal,
  ticket: Ticket,
  since: string,
): Promise<Pick<Channel, "events" | "position">> {
  const start = await startingPoint(journal, since, store.host.now());
  const near = store.index === undefined ? undefined : knownTicketsOf(store.index);
  const follower = await followStore(store, journal, start, near);
  const from = follower.position;
  const following = await followTickets(journal, { tickets: [ticket], from });
  for await (const events of follower.next()) following.hear(events);
  const to = follower.position;
  return { events: await following.tell({ from, to }), position: to };
}
