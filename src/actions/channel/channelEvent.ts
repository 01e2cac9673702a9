import type { TicketEvent } from "../../ticket/events/events.ts";
import type { JsonFault } from "../../ticket/output/readJson.ts";
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
  /** Of `run_progress`: what the agent of a run on this machine did within a second. */
  readonly progress?: { readonly run: string; readonly lines: readonly string[] };
  /** Of `output_rejected`: what does not fit in the answer of a run on this machine. */
  readonly rejected?: { readonly run: string; readonly errors: readonly JsonFault[] };
}
