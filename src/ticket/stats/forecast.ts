import { DAY, type Dated, isDoneSince, isOver } from "./dated.ts";

/** When open tickets are likely to be done. */
export interface Forecast {
  readonly open: number;
  /** How many were done in each of the last spans of seven days, the oldest first. */
  readonly weeks: readonly number[];
  /** How many were created in that time. */
  readonly created: number;
  /** Why there is no forecast; null where there is one. */
  readonly why: "nothing_open" | "short_history" | "little_done" | null;
  /** So many of a hundred futures have them done by then; null where that is more than ten years ahead. */
  readonly by: readonly { readonly percent: number; readonly days: number | null; readonly date: string | null }[];
}

const WEEK = 7 * DAY;
/** How far back it looks, and how much there has to be, in weeks. */
const MOST_WEEKS = 12;
const LEAST_WEEKS = 4;
/** Fewer say nothing of those to come. */
const LEAST_DONE = 5;
const TRIALS = 2000;
/** A future that takes longer is not gone through. */
const MOST_DAYS = 3653;
const PERCENTS = [50, 85, 95] as const;

/**
 * Plays the future many times: each week gets done what a week of the last twelve got done, drawn at random, until what
 * is open now is done. What is added later is not in it. The same tickets at the same moment give the same answer.
 */
export function forecastOf(tickets: readonly Dated[], now: number): Forecast {
  const open = tickets.filter((ticket) => !isOver(ticket)).length;
  const weeks = weeksBack(tickets, now);
  const since = now - weeks.length * WEEK;
  const created = tickets.filter((one) => one.created !== undefined && one.created >= since && one.created <= now);
  const why = whyNot(open, weeks);
  const told = { open, weeks, created: created.length, why };
  if (why !== null) return { ...told, by: [] };
  const days = futures(open, weeks);
  return {
    ...told,
    by: PERCENTS.map((percent) => {
      const needed = days[Math.ceil((percent / 100) * days.length) - 1] as number;
      if (needed > MOST_DAYS) return { percent, days: null, date: null };
      const whole = Math.ceil(needed);
      return { percent, days: whole, date: new Date(now + whole * DAY).toISOString().slice(0, 10) };
    }),
  };
}

function whyNot(open: number, weeks: readonly number[]): Forecast["why"] {
  if (open === 0) return "nothing_open";
  if (weeks.length < LEAST_WEEKS) return "short_history";
  return weeks.reduce((sum, done) => sum + done, 0) < LEAST_DONE ? "little_done" : null;
}

/** As many whole spans of seven days up to now as there has been a ticket, up to twelve. */
function weeksBack(tickets: readonly Dated[], now: number): number[] {
  let first = now;
  for (const { created, closed } of tickets) first = Math.min(first, created ?? now, closed ?? now);
  const weeks = new Array<number>(Math.min(MOST_WEEKS, Math.floor((now - first) / WEEK))).fill(0);
  for (const ticket of tickets) {
    if (!isDoneSince(ticket, now - weeks.length * WEEK) || (ticket.closed as number) >= now) continue;
    const at = weeks.length - 1 - Math.floor((now - 1 - (ticket.closed as number)) / WEEK);
    weeks[at] = (weeks[at] as number) + 1;
  }
  return weeks;
}

/** How many days each future takes, the shortest first. */
function futures(open: number, weeks: readonly number[]): Float64Array {
  const random = randomFrom(open);
  const days = new Float64Array(TRIALS);
  for (let trial = 0; trial < TRIALS; trial++) {
    let left = open;
    let passed = 0;
    while (left > 0 && passed <= MOST_DAYS) {
      const done = weeks[Math.floor(random() * weeks.length)] as number;
      // What is left is done in a part of the week.
      passed += done >= left ? (7 * left) / done : 7;
      left -= done;
    }
    days[trial] = passed;
  }
  return days.sort();
}

/** Numbers from 0 up to 1 that look drawn at random and are the same each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
