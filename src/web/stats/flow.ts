import { type Category, isFinished } from "../data/shapes.ts";
import { say } from "../words/say.ts";

/** A ticket as the statistics need it, archived ones included. */
export interface Counted {
  readonly id: string;
  readonly title: string;
  readonly category: Category | null;
  readonly assignee: string | null;
  readonly project: string | null;
  readonly deps: readonly string[];
  readonly created: string | null;
  readonly started: string | null;
  readonly closed: string | null;
}

/** The fields of {@link Counted}, as a request names them. */
export const COUNTED = "id,title,category,assignee,project,deps,created,started,closed";

/** Those of a project; all for "". */
export function ofProject(
  tickets: readonly Counted[],
  slug: string,
  find: (word: string) => { readonly slug: string } | undefined,
): readonly Counted[] {
  if (slug === "") return tickets;
  return tickets.filter(({ project }) => project !== null && (find(project)?.slug ?? project) === slug);
}

/** How things stood at the end of a day. */
export interface Day {
  /** The day's first moment, in milliseconds since 1970, UTC. */
  readonly at: number;
  readonly waiting: number;
  readonly working: number;
  readonly finished: number;
}

/** One finished ticket: when, and how long it took, in days. */
export interface Took {
  readonly id: string;
  readonly title: string;
  readonly at: number;
  readonly lead: number;
  /** Undefined where no start was recorded. */
  readonly cycle: number | undefined;
}

/** Milliseconds. */
export const DAY = 86_400_000;

interface Times {
  readonly created: number;
  readonly started: number;
  readonly closed: number;
  /** When it was finished as far as the days know: of what is finished and does not say when, its beginning. */
  readonly over: number;
}

/** When things happened; never is infinitely late. */
function timesOf({ created, started, closed, category }: Counted): Times {
  const time = (text: string | null): number => {
    const parsed = Date.parse(text ?? "");
    return Number.isNaN(parsed) ? Number.POSITIVE_INFINITY : parsed;
  };
  const end = isFinished({ category }) ? time(closed) : Number.POSITIVE_INFINITY;
  const begin = time(created);
  const over = isFinished({ category }) && !Number.isFinite(end) ? begin : end;
  return { created: begin, started: Math.min(time(started), over), closed: end, over };
}

/** How many are finished and do not say when: no time and no week can count them. */
export function undatedOf(tickets: readonly Counted[]): number {
  return tickets.filter((ticket) => isFinished(ticket) && !Number.isFinite(timesOf(ticket).closed)).length;
}

/** The first day of a range of so many days up to now; 0 for all there is. */
export function firstDay(tickets: readonly Counted[], days: number, now: number): number {
  const today = Math.floor(now / DAY) * DAY;
  if (days > 0) return today - (days - 1) * DAY;
  const first = Math.min(now, ...tickets.map((ticket) => timesOf(ticket).created));
  return Math.floor(first / DAY) * DAY;
}

/** Every day of the range, counted at its end: what waited, was worked on, and was finished. */
export function daysOf(tickets: readonly Counted[], from: number, now: number): Day[] {
  const count = Math.floor((now - from) / DAY) + 1;
  const changes = {
    created: new Float64Array(count),
    started: new Float64Array(count),
    over: new Float64Array(count),
  };
  for (const ticket of tickets) {
    const times = timesOf(ticket);
    for (const name of ["created", "started", "over"] as const) {
      const at = Math.max(0, Math.floor((times[name] - from) / DAY));
      if (at < count) changes[name][at] = (changes[name][at] as number) + 1;
    }
  }
  let [created, started, closed] = [0, 0, 0];
  return Array.from({ length: count }, (_, day) => {
    created += changes.created[day] as number;
    started += changes.started[day] as number;
    closed += changes.over[day] as number;
    return { at: from + day * DAY, waiting: created - started, working: started - closed, finished: closed };
  });
}

/** What was finished as done in the range, the oldest first. */
export function tookOf(tickets: readonly Counted[], from: number): Took[] {
  return tickets
    .filter(({ category }) => category === "done")
    .flatMap((ticket): Took[] => {
      const { created, started, closed } = timesOf(ticket);
      if (!Number.isFinite(closed) || closed < from || !Number.isFinite(created)) return [];
      const cycle = ticket.started === null ? undefined : Math.max(0, (closed - started) / DAY);
      return [{ id: ticket.id, title: ticket.title, at: closed, lead: Math.max(0, (closed - created) / DAY), cycle }];
    })
    .sort((left, right) => left.at - right.at);
}

/** Created and done in each week of the range; weeks begin on Monday, UTC. */
export function weeksOf(tickets: readonly Counted[], from: number, now: number) {
  const monday = (time: number): number => Math.floor((time / DAY + 3) / 7) * 7 * DAY - 3 * DAY;
  const weeks = new Map<number, { at: number; created: number; done: number }>();
  for (let at = monday(from); at <= now; at += 7 * DAY) weeks.set(at, { at, created: 0, done: 0 });
  for (const ticket of tickets) {
    const { created, closed } = timesOf(ticket);
    const born = weeks.get(monday(created));
    if (born !== undefined) born.created++;
    const done = ticket.category === "done" ? weeks.get(monday(closed)) : undefined;
    if (done !== undefined) done.done++;
  }
  return [...weeks.values()];
}

/** How long tickets waited for the last of those that they depend on, in days; what waits still counts up to now. */
export function waitsOf(
  tickets: readonly Counted[],
  from: number,
  now: number,
): { readonly id: string; readonly days: number }[] {
  const ends = new Map(tickets.map((ticket) => [ticket.id, timesOf(ticket)]));
  return tickets.flatMap((ticket) => {
    const { created, over: closed } = timesOf(ticket);
    if (ticket.deps.length === 0 || !Number.isFinite(created)) return [];
    const last = Math.max(...ticket.deps.map((dep) => ends.get(dep)?.over ?? created));
    const end = Math.min(last, closed, now);
    return end <= created || end < from ? [] : [{ id: ticket.id, days: (end - created) / DAY }];
  });
}

/** Who finished how much in the range, and has how much in hand. */
export function workOf(tickets: readonly Counted[], from: number) {
  const people = new Map<string, { name: string; done: number; inHand: number }>();
  for (const ticket of tickets) {
    const { closed } = timesOf(ticket);
    const isDone = ticket.category === "done" && Number.isFinite(closed) && closed >= from;
    const isInHand = ticket.category === "active" || ticket.category === "review";
    if (!isDone && !isInHand) continue;
    for (const name of ticket.assignee?.split(", ") ?? [say.nobody]) {
      const one = people.get(name) ?? { name, done: 0, inHand: 0 };
      if (isDone) one.done++;
      else one.inHand++;
      people.set(name, one);
    }
  }
  return [...people.values()].sort((left, right) => right.done - left.done || right.inHand - left.inHand);
}

/** What has been worked on for the longest. */
export function oldestOf(tickets: readonly Counted[], now: number) {
  return tickets
    .filter(({ category }) => category === "active" || category === "review")
    .map((ticket) => {
      const { started, created } = timesOf(ticket);
      return { ...ticket, days: (now - (Number.isFinite(started) ? started : created)) / DAY };
    })
    .sort((left, right) => right.days - left.days)
    .slice(0, 10);
}

/** The value at a share of numbers, between two of them where it falls between two; undefined of none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === undefined || high === undefined ? undefined : low + (high - low) * (at - Math.floor(at));
}
