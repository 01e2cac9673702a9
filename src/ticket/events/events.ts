import type { Mention } from "../mentions.ts";
import type { Changes, Snapshot } from "./changes.ts";
import type { TicketBrief } from "./ticketBrief.ts";

/** Everything that can happen to a ticket, one name on hooks, streams and every face. */
export const EVENTS = [
  "ticket.created",
  "ticket.updated",
  "ticket.assigned",
  "ticket.delegated",
  "ticket.claimed",
  "ticket.released",
  "ticket.renewed",
  "ticket.lease_expired",
  "ticket.claim_kept",
  "ticket.started",
  "ticket.moved",
  "ticket.noted",
  "ticket.mentioned",
  "ticket.run_started",
  "ticket.run_progress",
  "ticket.output_rejected",
  "ticket.run_ended",
  "ticket.verified",
  "ticket.asked",
  "ticket.answered",
  "ticket.blocked",
  "ticket.submitted",
  "ticket.approved",
  "ticket.rejected",
  "ticket.closed",
  "ticket.cancelled",
  "ticket.failed",
  "ticket.reopened",
  "ticket.deleted",
  "ticket.archived",
  "ticket.landed",
  "ticket.unlanded",
  "ticket.gate_skipped",
  "ticket.unconfirmed",
  "ticket.confirmed",
  "ticket.ready",
  "ticket.commit_linked",
  "ticket.due",
  "ticket.invalid",
] as const;

/** The name of an event. */
export type EventName = (typeof EVENTS)[number];

/** The events that no commit of the store tells: they are published when they are noticed and never replayed. */
export const NOTICES: readonly EventName[] = [
  "ticket.run_progress",
  "ticket.output_rejected",
  "ticket.commit_linked",
  "ticket.due",
  "ticket.invalid",
];

/** One thing that happened to one ticket, as hooks, streams and tools see it. */
export interface TicketEvent {
  readonly schema: 1;
  /** `<commit>:<n>`, n from 0 within the commit; a notice has an id without a commit. */
  readonly id: string;
  /** Where to resume behind it, where its id does not say so: between the lines that a merge joins. */
  readonly position?: string;
  readonly event: EventName;
  /** When the commit was made: `2026-11-21T03:40:00Z`. */
  readonly at: string;
  readonly actor: string;
  /** The store's directory. */
  readonly store: string;
  readonly ticket: TicketBrief;
  /** What changed in the ticket; empty for `ready`, whose cause is elsewhere. */
  readonly changes: Changes;
  readonly cause: EventCause;
  /** Only of `mentioned`. */
  readonly mention?: Mention;
}

/** Where an event comes from. */
export interface EventCause {
  readonly commit: string | null;
  /** The commit's subject, or a notice's reason. */
  readonly subject: string;
  readonly byHand?: true;
  /** An answer that nobody gave: the time was over. */
  readonly byDefault?: true;
  /** For `run_ended`. */
  readonly run?: EndedRun;
  /** For `ready`: the tickets whose change made it ready. */
  readonly tickets?: readonly string[];
}

/** A run of an agent that is over. */
export interface EndedRun {
  /** Its number among the runs of its ticket on that machine. */
  readonly n: number;
  /** `ok`, `failed`, `stopped`, `lost`, `waiting`. */
  readonly outcome: string;
}

/** What events need to know of a commit of the store. */
export interface EventCommit {
  readonly oid: string;
  readonly at: string;
  readonly actor: string;
  readonly store: string;
  readonly subject: string;
  readonly byHand: boolean;
  readonly byDefault?: true;
  /** A tracker brought it. */
  readonly bySync?: true;
  /** The `Event:` trailer, or undefined; it tells what the difference alone does not (approved or closed?). */
  readonly event: string | undefined;
  /** The `Run:` trailer: which run of an agent this commit ends, and how. */
  readonly run?: EndedRun;
  /** The `Unconfirmed:` trailers: ids of what waits for a person from this commit on, with the fields. */
  readonly unconfirmed?: ReadonlyMap<string, readonly string[]>;
}

/** One ticket's file before and after a commit. */
export interface TicketChange {
  readonly before: Snapshot | undefined;
  readonly after: Snapshot | undefined;
}
