import type { TicketEvent } from "../../ticket/events/events.ts";
import type { IdentifiedNote } from "../../ticket/ticket.ts";

/** A note as a channel tells it: in full, whatever its length. */
export interface ChannelNote extends IdentifiedNote {
  /** It is an edited one: the id that it had. */
  readonly was?: string;
  /** It was taken back. */
  readonly gone?: true;
  /** It was taken back before, and is there again. */
  readonly back?: true;
}

/** An event of a ticket that is followed; one that brings, changes or takes notes has them. */
export interface ChannelEvent extends TicketEvent {
  readonly notes?: readonly ChannelNote[];
}
