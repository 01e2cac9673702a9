import { readFront, type Told } from "../../store/events/front.ts";
import type { Journal } from "../../store/open/store.ts";
import type { Round } from "../../store/watch/watchOptions.ts";
import type { EventName, TicketEvent } from "../../ticket/events/events.ts";
import { noteMoves } from "../../ticket/events/noteMoves.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { parseTime } from "../../ticket/time.ts";
import type { ChannelEvent } from "./channelEvent.ts";
import { type FollowedTicket, followedOf, type Heard } from "./followed.ts";
import { countNotes, notesAt } from "./ticketNotes.ts";
import { withNotes } from "./toldNotes.ts";

/*
 * The channel of a ticket: its notes and events as one stream. What its runs do joins in as notices of their own kind,
 * which no commit has (`progress.ts`).
 */

/** Makes the channel of some tickets out of all that happens in a store. */
export interface Following {
  /** Takes in the events of one commit, or notices. */
  hear(events: readonly TicketEvent[]): void;
  /** Of notices those that are told, at once: they are of no commit, and come between others'. */
  pass(notices: readonly ChannelEvent[]): readonly ChannelEvent[];
  /**
   * What was heard since the last call, as it is told. Of what came over a merge the notes are in the order of their
   * times, whichever line each was on, and all else in the order in which it ends at what the store has; it is resumed before
   * all of it or behind.
   */
  tell(round?: Round): Promise<readonly ChannelEvent[]>;
}

/** Which tickets are followed, from where, and what of them is told. */
export interface FollowingOptions {
  readonly tickets: readonly Ticket[];
  /** The position behind which all is news; "" where nothing is known. */
  readonly from: string;
  /** Only these events. */
  readonly wanted?: ReadonlySet<EventName> | undefined;
}

/** What resumes at the beginning, where there is no commit yet. */
const BEGINNING = "1970-01-01";

/** Follows tickets from some commits on. */
export async function followTickets(journal: Journal, options: FollowingOptions): Promise<Following> {
  const { tickets, from, wanted } = options;
  const known = readFront(from) ?? [];
  // Of these commits some events are still to come.
  const partly: ReadonlySet<string> = new Set(
    known.flatMap(({ commit, seen }) => (seen === undefined ? [] : [commit])),
  );
  const told = await Promise.all(
    tickets.map(async (ticket) => [ticket, await toldAt(journal, ticket, known)] as const),
  );
  const followed = followedOf(told);
  let heard: Heard[] = [];
  const full = async ({ event, followed: of }: Heard): Promise<ChannelEvent[]> => {
    if (wanted?.has(event.event) === false) return [];
    if (partly.has(event.cause.commit ?? "")) forget(of, event);
    return [await withNotes(journal, event, of)].flatMap((one) => one ?? []);
  };
  return {
    hear: (events) => void heard.push(...followed.pick(events)),
    pass: (notices) =>
      followed.pick(notices).flatMap(({ event }) => (wanted?.has(event.event) === false ? [] : [event])),
    tell: async (round) => {
      const all = heard;
      heard = [];
      const events: ChannelEvent[] = [];
      for (const one of all) events.push(...(await full(one)));
      const isMerged = round !== undefined && all.some(({ event }) => event.position !== undefined);
      return isMerged ? placed(inOrder(events), round) : events;
    },
  };
}

/** How often each note of a ticket was told to who knows these commits. */
async function toldAt(journal: Journal, ticket: Ticket, known: readonly Told[]): Promise<Map<string, number>> {
  const told = new Map<string, number>();
  for (const { commit } of known) {
    for (const [id, count] of countNotes(await notesAt(journal, ticket, commit)))
      told.set(id, Math.max(count, told.get(id) ?? 0));
  }
  return told;
}

/** What a commit brings that was told in part is not told yet. */
function forget({ told }: FollowedTicket, event: TicketEvent): void {
  if (event.event !== "ticket.noted" && event.event !== "ticket.created") return;
  for (const { id } of noteMoves(event.changes).said) told.set(id, Math.max(0, (told.get(id) ?? 0) - 1));
}

interface Timed {
  readonly event: ChannelEvent;
  readonly time: number;
  readonly at: number;
}

/** Notes by their times; all else as it came, put between them where its times allow. */
function inOrder(events: readonly ChannelEvent[]): ChannelEvent[] {
  const notes: Timed[] = [];
  const others: Timed[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const [at, event] of events.entries()) {
    const time = parseTime(event.notes?.[0]?.at ?? event.at) ?? 0;
    if (event.event === "ticket.noted") notes.push({ event, time, at });
    else {
      latest = Math.max(latest, parseTime(event.at) ?? 0);
      others.push({ event, time: latest, at });
    }
  }
  notes.sort(isBefore);
  const ordered: ChannelEvent[] = [];
  for (const one of others) {
    while (notes[0] !== undefined && isBefore(notes[0], one) < 0) ordered.push((notes.shift() as Timed).event);
    ordered.push(one.event);
  }
  return [...ordered, ...notes.map(({ event }) => event)];
}

function isBefore(one: Timed, other: Timed): number {
  return one.time - other.time || one.at - other.at;
}

/** Who stops within a round hears it again; who has all of it goes on behind. */
function placed(events: readonly ChannelEvent[], { from, to }: Round): ChannelEvent[] {
  return events.map(({ schema, id, position: _, ...event }, at) => {
    const position = at + 1 < events.length ? from || BEGINNING : to;
    return { schema, id, position, ...event };
  });
}
