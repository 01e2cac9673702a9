import { DAY, type Dated, isOver } from "./dated.ts";

/** How things stood at the end of a day. */
export interface FlowDay {
  /** The day's first moment, UTC. */
  readonly at: number;
  readonly waiting: number;
  readonly working: number;
  readonly finished: number;
}

/** What was created and done in a week. */
export interface FlowWeek {
  /** Its Monday's first moment, UTC. */
  readonly at: number;
  readonly created: number;
  readonly done: number;
}

/** No chart has more days than that: ten years. */
const MOST_DAYS = 3660;

/** The first day of so many up to now; 0 for all there is. */
export function firstDay(tickets: readonly Dated[], days: number, now: number): number {
  const today = Math.floor(now / DAY) * DAY;
  if (days > 0) return today - (Math.min(days, MOST_DAYS) - 1) * DAY;
  let first = now;
  for (const { created, closed } of tickets) first = Math.min(first, created ?? now, closed ?? now);
  return Math.max(Math.floor(first / DAY) * DAY, today - (MOST_DAYS - 1) * DAY);
}

/** When a ticket was over: never is infinitely late, and what does not say when it was finished always was. */
export function overAt(ticket: Dated): number {
  if (!isOver(ticket)) return Number.POSITIVE_INFINITY;
  return ticket.closed ?? Number.NEGATIVE_INFINITY;
}

/** Every day from one on, counted at its end: what waited, was worked on, and was finished. */
export function daysOf(tickets: readonly Dated[], from: number, now: number): FlowDay[] {
  const count = Math.floor((now - from) / DAY) + 1;
  const steps = { waiting: new Int32Array(count), working: new Int32Array(count), finished: new Int32Array(count) };
  const add = (name: keyof typeof steps, begin: number, end: number): void => {
    if (!(begin < end)) return;
    const [first, after] = [dayAt(begin), dayAt(end)];
    if (first < count) steps[name][first] = (steps[name][first] as number) + 1;
    if (after < count) steps[name][after] = (steps[name][after] as number) - 1;
  };
  const dayAt = (moment: number): number => Math.max(0, Math.floor((moment - from) / DAY));
  for (const ticket of tickets) {
    const over = overAt(ticket);
    const { created = Number.POSITIVE_INFINITY, started = Number.POSITIVE_INFINITY } = ticket;
    add("finished", over, Number.POSITIVE_INFINITY);
    add("working", started, over);
    add("waiting", created, Math.min(started, over));
  }
  let [waiting, working, finished] = [0, 0, 0];
  return Array.from({ length: count }, (_, day) => {
    waiting += steps.waiting[day] as number;
    working += steps.working[day] as number;
    finished += steps.finished[day] as number;
    return { at: from + day * DAY, waiting, working, finished };
  });
}

/** The Monday of a moment's week, UTC. */
export function mondayOf(moment: number): number {
  return Math.floor((moment / DAY + 3) / 7) * 7 * DAY - 3 * DAY;
}

/** Created and done in each week up to now, from that of a moment on. */
export function weeksOf(tickets: readonly Dated[], from: number, now: number): FlowWeek[] {
  const first = mondayOf(from);
  const count = Math.floor((now - first) / (7 * DAY)) + 1;
  const [created, done] = [new Int32Array(count), new Int32Array(count)];
  const add = (into: Int32Array, moment: number | undefined): void => {
    const week = Math.floor(((moment ?? Number.NaN) - first) / (7 * DAY));
    if (week >= 0 && week < count) into[week] = (into[week] as number) + 1;
  };
  for (const ticket of tickets) {
    add(created, ticket.created);
    if (ticket.category === "done") add(done, ticket.closed);
  }
  return Array.from({ length: count }, (_, week) => ({
    at: first + week * 7 * DAY,
    created: created[week] as number,
    done: done[week] as number,
  }));
}

/** How many are finished and do not say when: no week and no time can count them. */
export function undatedOf(tickets: readonly Dated[]): number {
  return tickets.filter((ticket) => isOver(ticket) && ticket.closed === undefined).length;
}
