import { isDoneSince } from "../../ticket/stats/dated.ts";
import { cycleOf, type Durations, durationsOf, leadOf } from "../../ticket/stats/durations.ts";
import { daysOf, type FlowWeek, undatedOf, weeksOf } from "../../ticket/stats/flow.ts";
import { doneIn, listOf, UNDATED } from "../../ticket/stats/lists.ts";
import { type Slowest, waitsOf } from "../../ticket/stats/waits.ts";
import { formatTime } from "../../ticket/time.ts";
import type { Scope } from "./scope.ts";

/** How work flowed, for charts. */
export interface Flow {
  /** For each day from `since` on what waited, was worked on and was finished at its end (UTC). */
  readonly days: readonly (readonly [waiting: number, working: number, finished: number])[];
  /** Weeks begin on Monday (UTC); `week` is that day. */
  readonly weeks: readonly { readonly week: string; readonly created: number; readonly done: number }[];
  readonly done: number;
  readonly leadTime: Durations;
  readonly cycleTime: Durations;
  /** How long tickets waited for others. */
  readonly waits: Slowest;
  /** Finished tickets that do not say when. */
  readonly undated: number;
  /** What was done last: the ticket, when, and its cycle time in seconds; a thousand at most. */
  readonly took: readonly (readonly [id: string, at: string, seconds: number])[];
  /** Filters that list what was counted. */
  readonly lists: Readonly<Record<"done" | "undated", string | null>>;
}

const MOST_TOOK = 1000;

/** How the work of a scope flowed since a moment. */
export function flowOf({ tickets, everything, view, filter }: Scope, from: number): Flow {
  const done = tickets.filter((ticket) => isDoneSince(ticket, from));
  const took = done
    .flatMap((ticket) => {
      const seconds = cycleOf(ticket);
      return seconds === undefined ? [] : [{ id: ticket.id, at: ticket.closed as number, seconds }];
    })
    .sort((left, right) => left.at - right.at);
  return {
    days: daysOf(tickets, from, view.now).map(({ waiting, working, finished }) => [waiting, working, finished]),
    weeks: weeksOf(tickets, from, view.now).map(({ at, ...week }: FlowWeek) => ({ week: day(at), ...week })),
    done: done.length,
    leadTime: durationsOf(done.map(leadOf)),
    cycleTime: durationsOf(done.map(cycleOf)),
    waits: waitsOf(tickets, everything, from, view.now),
    undated: undatedOf(tickets),
    took: took.slice(-MOST_TOOK).map(({ id, at, seconds }) => [id, formatTime(at), Math.round(seconds)]),
    lists: { done: listOf(filter, doneIn(from)), undated: listOf(filter, UNDATED) },
  };
}

function day(moment: number): string {
  return formatTime(moment).slice(0, 10);
}
