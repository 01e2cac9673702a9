import type { Dated } from "./dated.ts";
import { type Durations, durationsOf } from "./durations.ts";
import { overAt } from "./flow.ts";

/** How long tickets took or take, and which took longest. */
export interface Slowest extends Durations {
  readonly longest: readonly { readonly id: string; readonly seconds: number }[];
}

const LONGEST = 50;

/** Times of tickets, with the longest of them. */
export function slowestOf(times: readonly { readonly id: string; readonly seconds: number }[]): Slowest {
  const sorted = times.toSorted((left, right) => right.seconds - left.seconds);
  return { ...durationsOf(sorted.map(({ seconds }) => seconds)), longest: sorted.slice(0, LONGEST) };
}

/** How long tickets waited for the last of those that they depend on, which are found among `all`; what waits still counts up to now. */
export function waitsOf(tickets: readonly Dated[], all: readonly Dated[], from: number, now: number): Slowest {
  const overs = new Map(all.map((ticket) => [ticket.id, overAt(ticket)]));
  const times = tickets.flatMap((ticket) => {
    const { id, deps, created } = ticket;
    if (deps.length === 0 || created === undefined) return [];
    // What is not there is waited for by nobody.
    const last = Math.max(...deps.map((dep) => overs.get(dep) ?? created));
    const end = Math.min(last, overAt(ticket), now);
    return end <= created || end < from ? [] : [{ id, seconds: Math.round((end - created) / 1000) }];
  });
  return slowestOf(times);
}
