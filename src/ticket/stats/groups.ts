import { type Dated, isDoneSince, isInHand, isOver } from "./dated.ts";
import { cycleOf, type Durations, durationsOf, leadOf } from "./durations.ts";
import { both, doneIn, type Figure, IN_HAND, listOf, OPEN } from "./lists.ts";

/** The tickets of one project or one assignee. */
export interface Group {
  /** Null for those without one. */
  readonly name: string | null;
  readonly total: number;
  readonly open: number;
  readonly inHand: number;
  /** In the time that is looked at, as what follows. */
  readonly done: number;
  readonly leadTime: Durations;
  readonly cycleTime: Durations;
  /** Filters: `ayo ticket list --all` with one lists the tickets that were counted; null where no filter can name them. */
  readonly lists: Readonly<Record<"total" | "open" | "inHand" | "done", string | null>>;
}

/** How tickets are put together. */
export interface Grouping {
  /** What a ticket is counted under, each with what it is called; a ticket of several names counts for each. */
  readonly keysOf: (ticket: Dated) => readonly (readonly [key: string, name: string])[];
  /** The filter of a group, by its name; null for the rest. */
  readonly figure: (name: string | null, all: readonly (string | null)[]) => Figure | undefined;
  readonly from: number;
  readonly scope: string;
}

/** The groups of tickets: who has most open first, then who did most. */
export function groupsOf(tickets: readonly Dated[], grouping: Grouping): Group[] {
  const members = new Map<string | null, { name: string | null; tickets: Dated[] }>();
  for (const ticket of tickets) {
    const keys = new Map(grouping.keysOf(ticket));
    for (const [key, name] of keys.size === 0 ? [[null, null] as const] : keys) {
      const known = members.get(key) ?? { name, tickets: [] };
      members.set(key, known);
      known.tickets.push(ticket);
    }
  }
  const names = [...members.values()].map(({ name }) => name);
  return [...members.values()]
    .map((one) => groupOf(one.name, one.tickets, grouping, names))
    .sort((left, right) => right.open - left.open || right.done - left.done || right.total - left.total);
}

function groupOf(
  name: string | null,
  tickets: readonly Dated[],
  { figure, from, scope }: Grouping,
  names: readonly (string | null)[],
): Group {
  const done = tickets.filter((ticket) => isDoneSince(ticket, from));
  const mine = figure(name, names);
  const list = (of: Figure): string | null => listOf(scope, mine && both(of, mine));
  return {
    name,
    total: tickets.length,
    open: tickets.filter((ticket) => !isOver(ticket)).length,
    inHand: tickets.filter(isInHand).length,
    done: done.length,
    leadTime: durationsOf(done.map(leadOf)),
    cycleTime: durationsOf(done.map(cycleOf)),
    lists: { total: list([""]), open: list(OPEN), inHand: list(IN_HAND), done: list(doneIn(from)) },
  };
}
