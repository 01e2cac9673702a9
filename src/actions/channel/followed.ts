import type { TicketEvent } from "../../ticket/events/events.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** One ticket that is followed, under whatever id it has by now. */
export interface FollowedTicket {
  /** When it was made, which tells it from another of its name. */
  readonly created: string | undefined;
  /** How often each of its notes was told, by the note's id. */
  readonly told: Map<string, number>;
}

/** An event of a ticket that is followed. */
export interface Heard {
  readonly event: TicketEvent;
  readonly followed: FollowedTicket;
}

/** The tickets that somebody follows. */
export interface Followed {
  /** Those of one commit's events that are of followed tickets: one that gets another id in it is followed under that. */
  pick(events: readonly TicketEvent[]): readonly Heard[];
}

/** Follows these tickets, of which these notes were told. */
export function followedOf(tickets: readonly (readonly [Ticket, FollowedTicket["told"]])[]): Followed {
  const byId = new Map<string, FollowedTicket>();
  for (const [{ id, fields }, told] of tickets) byId.set(id, { created: fields.created, told });
  return {
    pick: (events) => {
      const before = new Map(byId);
      for (const event of events) {
        const old = formerId(event, events);
        const followed = old === undefined || byId.has(event.ticket.id) ? undefined : byId.get(old);
        if (old === undefined || followed === undefined || followed.created !== newValue(event, "created")) continue;
        byId.delete(old);
        byId.set(event.ticket.id, followed);
      }
      return events.flatMap((event) => {
        const followed = byId.get(event.ticket.id) ?? before.get(event.ticket.id);
        return followed === undefined ? [] : [{ event, followed }];
      });
    },
  };
}

/** What a ticket that comes was called before: as it says itself, or the one of its title that goes in the same commit. */
function formerId(event: TicketEvent, events: readonly TicketEvent[]): string | undefined {
  if (event.event !== "ticket.created") return undefined;
  const was = newValue(event, "was");
  if (typeof was === "string") return was;
  const gone = events.filter((one) => one.event === "ticket.deleted" && one.ticket.title === event.ticket.title);
  return gone.find(({ changes }) => changes.created?.from === newValue(event, "created"))?.ticket.id;
}

function newValue({ changes }: TicketEvent, field: string): unknown {
  return changes[field]?.to ?? undefined;
}
