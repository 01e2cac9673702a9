import type { Ticket } from "../ticket.ts";
import { findKnots, findWay } from "./graph.ts";

/** What must be finished before a ticket can be: the tickets that it depends on, and its own parts. */
export interface Waits {
  /** Ids that it depends on, finished ones left out. */
  deps(id: string): readonly string[];
  /** Ids of its unfinished children. */
  parts(id: string): readonly string[];
}

/**
 * Who waits for whom among the unfinished tickets: a dependency is done first, and so is every child of a parent. What
 * is finished waits for nothing and keeps nobody waiting.
 */
export function waitsOf(tickets: Iterable<Ticket>, isFinished: (ticket: Ticket) => boolean): Waits {
  const open = new Map<string, Ticket>();
  const parts = new Map<string, string[]>();
  for (const ticket of tickets) if (!isFinished(ticket)) open.set(ticket.id, ticket);
  for (const { id, fields } of open.values()) {
    if (fields.parent === undefined) continue;
    const known = parts.get(fields.parent);
    if (known === undefined) parts.set(fields.parent, [id]);
    else known.push(id);
  }
  return {
    deps: (id) => open.get(id)?.fields.deps?.filter((dep) => open.has(dep)) ?? [],
    parts: (id) => (open.has(id) ? (parts.get(id) ?? []) : []),
  };
}

/**
 * The way by which `from`, which is to wait for `to`, would wait for itself, through dependencies and parts alike, both
 * ends included: `[from, to, …, from]`; undefined where there is none.
 */
export function findDeadlock(waits: Waits, from: string, to: string): string[] | undefined {
  if (from === to) return [from, from];
  const way = findWay((id) => [...waits.deps(id), ...waits.parts(id)], to, from);
  return way === undefined ? undefined : [from, ...way];
}

/**
 * One for every knot of tickets none of which can ever be finished although their dependencies alone, and their parts
 * alone, make no circle: `[a, b, …, a]` from its smallest id. A child that waits for its parent is one.
 */
export function findDeadlocks(tickets: Iterable<Ticket>, isFinished: (ticket: Ticket) => boolean): string[][] {
  const all = [...tickets];
  const waits = waitsOf(all, isFinished);
  const next = new Map<string, readonly string[]>();
  for (const { id } of all) next.set(id, [...waits.deps(id), ...waits.parts(id)]);
  const found: string[][] = [];
  for (const knot of findKnots(next)) {
    if (knot.length < 2) continue;
    const cycle = mixedCycle(waits, next, knot.toSorted());
    if (cycle !== undefined) found.push(fromSmallest(cycle));
  }
  return found.sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
}

/** After so many circles of parts alone, which are named as that, the knot is left until these are mended. */
const MAX_TRIES = 100;

/** A circle of a knot that goes through a part and a dependency; where only parts go round there is none. */
function mixedCycle(
  waits: Waits,
  next: ReadonlyMap<string, readonly string[]>,
  knot: readonly string[],
): string[] | undefined {
  const members = new Set(knot);
  const inside = (id: string): string[] => (next.get(id) ?? []).filter((one) => members.has(one));
  let tries = 0;
  for (const id of knot) {
    for (const part of waits.parts(id)) {
      if (!members.has(part) || waits.deps(id).includes(part)) continue;
      if (tries++ === MAX_TRIES) return undefined;
      const way = [id, ...(findWay(inside, part, id) ?? [])];
      if (way.slice(1, -1).some((one, at) => waits.deps(one).includes(way[at + 2] as string))) return way;
    }
  }
  return undefined;
}

/** `t-c waits for t-p, and t-p for its part t-c`. */
export function describeDeadlock(waits: Waits, cycle: readonly string[]): string {
  const steps = cycle.slice(0, -1).map((id, at) => {
    const to = cycle[at + 1] as string;
    const isDep = waits.deps(id).includes(to);
    return `${id} ${at === 0 ? "waits " : ""}for ${isDep || !waits.parts(id).includes(to) ? "" : "its part "}${to}`;
  });
  const [first = "", ...rest] = steps;
  return [first, ...rest.map((step, at) => (at === rest.length - 1 ? `and ${step}` : step))].join(", ");
}

/** The same circle, begun at its smallest id. */
function fromSmallest(cycle: readonly string[]): string[] {
  const open = cycle.slice(0, -1);
  const at = open.indexOf([...open].sort()[0] as string);
  const turned = [...open.slice(at), ...open.slice(0, at)];
  return [...turned, turned[0] as string];
}
