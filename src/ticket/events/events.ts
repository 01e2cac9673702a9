import type { Mention } from "../mentions.ts";
import { columnFor } from "../rules/columns.ts";
import { passGate } from "../rules/gate.ts";
import { parseCriteria } from "../text/criteria.ts";
import { type Ticket, ticketWith } from "../ticket.ts";
import { type Changes, changesOf, type Snapshot } from "./changes.ts";
import { namesOf } from "./eventNames.ts";
import { mentionsOf } from "./mentioned.ts";
import { briefOf, type TicketBrief } from "./ticketBrief.ts";
import { isArchived, openChildren, type World } from "./world.ts";

/** Everything that can happen to a ticket, one name on hooks, streams and every face. */
export const EVENTS = [
  "ticket.created",
  "ticket.updated",
  "ticket.assigned",
  "ticket.claimed",
  "ticket.released",
  "ticket.renewed",
  "ticket.lease_expired",
  "ticket.claim_kept",
  "ticket.started",
  "ticket.moved",
  "ticket.noted",
  "ticket.mentioned",
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
export const NOTICES: readonly EventName[] = ["ticket.commit_linked", "ticket.due", "ticket.invalid"];

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
  /** For `ready`: the tickets whose change made it ready. */
  readonly tickets?: readonly string[];
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
  /** The `Event:` trailer, or undefined; it tells what the difference alone does not (approved or closed?). */
  readonly event: string | undefined;
  /** The `Unconfirmed:` trailers: ids of what waits for a person from this commit on, with the fields. */
  readonly unconfirmed?: ReadonlyMap<string, readonly string[]>;
}

/** One ticket's file before and after a commit. */
export interface TicketChange {
  readonly before: Snapshot | undefined;
  readonly after: Snapshot | undefined;
}

/**
 * The events of one commit, in the order of its tickets and then those that became ready: a pure function of the commit
 * and its parent, so that whoever looks later sees the same events. `world` is the store at the parent, and afterwards
 * at the commit.
 */
export function advance(
  world: World,
  commit: EventCommit,
  changed: readonly TicketChange[],
  board = world.board,
): TicketEvent[] {
  const tickets = joinMoves(changed);
  const near = new Set(tickets.flatMap((change) => around(world, change)));
  const before = new Map([...near].map((id) => [id, world.isReady(id)]));
  const skips = tickets.map((change) => skipsGate(world, commit, change));
  for (const { before: old } of changed) if (old !== undefined) world.remove(old.ticket.id, old.ticket.path);
  for (const { after: now } of changed) if (now !== undefined) world.set(marked(now.ticket, commit));
  world.board = board;
  for (const change of tickets) for (const id of around(world, change)) near.add(id);
  const events: Omit<TicketEvent, "id">[] = [];
  tickets.forEach((change, at) => {
    const names =
      skips[at] === true ? [...namesOf(world, commit, change), "gate_skipped"] : namesOf(world, commit, change);
    events.push(...eventsNamed(world, commit, change, names));
  });
  const own = tickets.map(({ before: old, after: now }) => (now ?? (old as Snapshot)).ticket.id);
  // By id: which order the world has them in depends on where it was followed from, an event's number must not.
  for (const id of [...near].sort()) {
    if (before.get(id) === true || !world.isReady(id)) continue;
    const ticket = world.tickets.get(id) as Ticket;
    events.push({
      ...common(world, commit, ticket),
      event: "ticket.ready",
      changes: {},
      cause: readyCause(world, commit, ticket, own),
    });
  }
  // Last, so that the others have the numbers that they had before there were mentions.
  for (const { after, mention, changes } of mentionsOf(commit, tickets)) {
    const event = "ticket.mentioned" as const;
    events.push({ ...common(world, commit, after.ticket), event, changes, cause: causeOf(commit), mention });
  }
  return events.map(({ event, at, actor, store, ticket, changes, cause, mention }, n) => {
    const id = `${commit.oid}:${n}`;
    const told = mention === undefined ? {} : { mention };
    return { schema: 1, id, event, at, actor, store, ticket, changes, cause, ...told };
  });
}

/** A hand edit that waits for a person frees nothing, also before the store has written that into the ticket. */
function marked(ticket: Ticket, { unconfirmed }: EventCommit): Ticket {
  const keys = unconfirmed?.get(ticket.id);
  return keys === undefined ? ticket : ticketWith(ticket, { fields: { ...ticket.fields, unconfirmed: keys } });
}

/** A file that went and one that came with the same id are one ticket that moved. */
function joinMoves(changed: readonly TicketChange[]): TicketChange[] {
  const gone = new Map<string, Snapshot>();
  for (const { before, after } of changed) {
    if (before !== undefined && before.ticket.id !== after?.ticket.id) gone.set(before.ticket.id, before);
  }
  const joined: TicketChange[] = [];
  for (const { before, after } of changed) {
    if (after === undefined) continue;
    const id = after.ticket.id;
    joined.push({ before: before?.ticket.id === id ? before : gone.get(id), after });
    gone.delete(id);
  }
  return [...joined, ...[...gone.values()].map((before) => ({ before, after: undefined }))];
}

/** The tickets whose readiness a change can turn: its own, those that wait for it, and its parents. */
function around(world: World, { before, after }: TicketChange): string[] {
  return [before?.ticket, after?.ticket].flatMap((ticket) => {
    if (ticket === undefined) return [];
    const { parent } = ticket.fields;
    return [ticket.id, ...world.dependents(ticket.id), ...(parent === undefined ? [] : [parent])];
  });
}

/** A hand edit cannot be refused; whether it did what the gate refuses commands is told. */
function skipsGate(world: World, { byHand }: EventCommit, { before, after }: TicketChange): boolean {
  if (!byHand || before === undefined || after === undefined || isArchived(after.ticket.path)) return false;
  const to = columnFor(world.board, after.ticket.status);
  if (to === undefined || before.ticket.status === after.ticket.status) return false;
  const open = openChildren(world, before.ticket.id);
  try {
    const criteria = () => parseCriteria(after.text);
    passGate(before.ticket, to, { board: world.board, lookup: world, openChildren: open, criteria }, false);
    return false;
  } catch {
    return true;
  }
}

/** The fields that some events are about; the others carry everything that changed. */
const OWN_FIELDS: Readonly<Record<string, string>> = {
  noted: "notes",
  assigned: "assignee",
  asked: "question",
  answered: "question",
};

function eventsNamed(
  world: World,
  commit: EventCommit,
  { before, after }: TicketChange,
  names: readonly string[],
): Omit<TicketEvent, "id">[] {
  const changes = changesOf(before, after);
  const { ticket } = after ?? (before as Snapshot);
  return [...new Set(names)].map((name) => {
    const own = OWN_FIELDS[name];
    const told = own !== undefined && changes[own] !== undefined ? { [own]: changes[own] } : changes;
    return {
      ...common(world, commit, ticket),
      event: `ticket.${name}` as EventName,
      changes: told,
      cause: causeOf(commit),
    };
  });
}

function common(world: World, { at, actor, store }: EventCommit, ticket: Ticket) {
  return { schema: 1 as const, at, actor, store, ticket: briefOf(world, ticket) };
}

function causeOf({ oid, subject, byHand, byDefault }: EventCommit): EventCause {
  const how = { ...(byHand ? { byHand: true as const } : {}), ...(byDefault ? { byDefault } : {}) };
  return { commit: oid, subject, ...how };
}

/** Which of the changed tickets it waited for, as a dependency or as a child. */
function readyCause(world: World, commit: EventCommit, ticket: Ticket, changed: readonly string[]): EventCause {
  const waited = new Set([...(ticket.fields.deps ?? []), ...world.children(ticket.id)]);
  const tickets = changed.filter((id) => id !== ticket.id && waited.has(id));
  return tickets.length === 0 ? causeOf(commit) : { ...causeOf(commit), tickets };
}
