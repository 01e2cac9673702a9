import type { Board } from "../rules/board.ts";
import { isOpenChild, isReady, type Lookup } from "../rules/readiness.ts";
import type { Ticket } from "../ticket.ts";

/** The tickets of a store at one commit, kept up to date change by change. */
export interface World extends Lookup {
  board: Board;
  /** Active tickets by id. */
  readonly tickets: ReadonlyMap<string, Ticket>;
  /** Puts a ticket in the place of what had its id. */
  set(ticket: Ticket): void;
  /** Takes the ticket with this id away, where it is the one in this file. */
  remove(id: string, path: string): void;
  /** Ids of the tickets that wait for this one. */
  dependents(id: string): Iterable<string>;
  /** Ids of the tickets that have this one as parent. */
  children(id: string): Iterable<string>;
  /**
   * Whether a ticket can be worked on by the rules of readiness.ts, with every lease taken as live: what a
   * commit means must not depend on when one looks at it, and an expired lease has a commit of its own.
   */
  isReady(id: string): boolean;
}

/** The world of `tickets`; `archived` finds those that are in the archive. */
export function worldOf(tickets: Iterable<Ticket>, board: Board, archived: Pick<Lookup, "get">): World {
  const active = new Map<string, Ticket>();
  // Those that went to the archive while we looked; `archived` may be older or newer than that.
  const shelved = new Map<string, Ticket>();
  const dependents = new Map<string, Set<string>>();
  const children = new Map<string, Set<string>>();

  const link = (ticket: Ticket, change: typeof add): void => {
    for (const dep of ticket.fields.deps ?? []) change(dependents, dep, ticket.id);
    if (ticket.fields.parent !== undefined) change(children, ticket.fields.parent, ticket.id);
  };
  const forget = (id: string): void => {
    const old = active.get(id);
    if (old !== undefined) link(old, drop);
    active.delete(id);
    shelved.delete(id);
  };
  const world: World = {
    board,
    tickets: active,
    get: (id) => active.get(id) ?? shelved.get(id) ?? archived.get(id),
    set: (ticket) => {
      forget(ticket.id);
      if (isArchived(ticket.path)) {
        shelved.set(ticket.id, ticket);
        return;
      }
      active.set(ticket.id, ticket);
      link(ticket, add);
    },
    remove: (id, path) => {
      if ((active.get(id) ?? shelved.get(id))?.path === path) forget(id);
    },
    dependents: (id) => dependents.get(id) ?? [],
    children: (id) => children.get(id) ?? [],
    partsOf: (id) => children.get(id) ?? [],
    isReady: (id) => {
      const ticket = active.get(id);
      if (ticket === undefined) return false;
      return isReady(ticket, world.board, world, () => openChildren(world, id).length > 0, Number.NEGATIVE_INFINITY);
    },
  };
  for (const ticket of tickets) world.set(ticket);
  return world;
}

/** Ids of a ticket's children that are not finished. */
export function openChildren(world: World, id: string): string[] {
  return [...world.children(id)].filter((child) => {
    const ticket = world.tickets.get(child);
    return ticket === undefined || isOpenChild(world.board, ticket);
  });
}

/** Whether a path in the store is one of the archive. */
export function isArchived(path: string): boolean {
  return path.startsWith("archive/");
}

function add(map: Map<string, Set<string>>, key: string, id: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([id]));
  else set.add(id);
}

function drop(map: Map<string, Set<string>>, key: string, id: string): void {
  const set = map.get(key);
  set?.delete(id);
  if (set?.size === 0) map.delete(key);
}
