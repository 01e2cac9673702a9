import { columnFor } from "../rules/columns.ts";
import { passGate } from "../rules/gate.ts";
import { withParts } from "../rules/landed.ts";
import { countIn } from "../rules/room.ts";
import { isSaidVerified } from "../rules/verify.ts";
import { parseCriteria } from "../text/criteria.ts";
import { type Ticket, ticketWith } from "../ticket.ts";
import { changesOf, type Snapshot } from "./changes.ts";
import { namesOf } from "./eventNames.ts";
import type { EventCause, EventCommit, EventName, TicketChange, TicketEvent } from "./events.ts";
import { mentionsOf } from "./mentioned.ts";
import { briefOf } from "./ticketBrief.ts";
import { isArchived, openChildren, type World } from "./world.ts";

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
  const isDeep = (board.landsOn ?? world.board.landsOn) !== undefined;
  const near = new Set(tickets.flatMap((change) => around(world, change, isDeep)));
  const before = new Map([...near].map((id) => [id, world.isReady(id)]));
  const skips = tickets.map((change) => skipsGate(world, commit, change));
  for (const { before: old } of changed) if (old !== undefined) world.remove(old.ticket.id, old.ticket.path);
  for (const { after: now } of changed) if (now !== undefined) world.set(marked(now.ticket, commit));
  world.board = board;
  for (const change of tickets) for (const id of around(world, change, isDeep)) near.add(id);
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

/**
 * The tickets whose readiness a change can turn: its own, those that wait for it, and its parents; where work has to
 * land, those that wait for what it is a part of, too.
 */
function around(world: World, { before, after }: TicketChange, isDeep: boolean): string[] {
  return [before?.ticket, after?.ticket].flatMap((ticket) => {
    if (ticket === undefined) return [];
    const { parent } = ticket.fields;
    const above = isDeep ? parentsOf(world, parent).flatMap((id) => [...world.dependents(id)]) : [];
    return [ticket.id, ...world.dependents(ticket.id), ...(parent === undefined ? [] : [parent]), ...above];
  });
}

/** A parent, that one's parent, and so on. */
function parentsOf(world: World, parent: string | undefined): string[] {
  const all = new Set<string>();
  for (let id = parent; id !== undefined && !all.has(id); id = world.tickets.get(id)?.fields.parent) all.add(id);
  return [...all];
}

const NOT_VERIFIED = { name: "verified", why: "is not there" };

/** A hand edit, or what a tracker brings, cannot be refused; whether it did what the gate refuses commands is told. */
function skipsGate(world: World, { byHand, bySync }: EventCommit, { before, after }: TicketChange): boolean {
  if (!(byHand || bySync) || before === undefined || after === undefined || isArchived(after.ticket.path)) return false;
  const to = columnFor(world.board, after.ticket.status);
  if (to === undefined || before.ticket.status === after.ticket.status) return false;
  const open = openChildren(world, before.ticket.id);
  try {
    const criteria = () => parseCriteria(after.text);
    const unproven = () => (isSaidVerified(world.board, before.ticket) ? [] : [NOT_VERIFIED]);
    const held = () => countIn(world.board, to, world.tickets.values(), before.ticket.id);
    const context = { board: world.board, lookup: world, openChildren: open, criteria, unproven, held };
    passGate(before.ticket, to, context, false);
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
      cause:
        name === "run_ended" && commit.run !== undefined ? { ...causeOf(commit), run: commit.run } : causeOf(commit),
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
  const { deps = [] } = ticket.fields;
  const below = world.board.landsOn === undefined ? deps : deps.flatMap((dep) => [...withParts(dep, world)]);
  const waited = new Set([...below, ...world.children(ticket.id)]);
  const tickets = changed.filter((id) => id !== ticket.id && waited.has(id));
  return tickets.length === 0 ? causeOf(commit) : { ...causeOf(commit), tickets };
}
